from __future__ import annotations

import pytest

from mien.errors import UsageError
from mien.training.options import FaceSetOptions, TrainOptions


@pytest.mark.parametrize("wrong", [{"views": 1}, {"workers": 0}])
def test_face_sets_that_cannot_be(wrong: dict[str, int]):
    with pytest.raises(UsageError, match="--views from 2 on and --workers from 1 on"):
        FaceSetOptions(**wrong)


@pytest.mark.parametrize("more", [{"recipe": "ours"}, {"set": ("a=1",)}, {"steps": 3}])
def test_a_resumed_run_keeps_its_recipe(more: dict[str, object]):
    with pytest.raises(UsageError, match="a run keeps its own recipe"):
        TrainOptions(resume=True, **more)
