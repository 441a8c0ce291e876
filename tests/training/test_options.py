from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.training.options import ClipOptions, FaceSetOptions, TrainOptions


@pytest.mark.parametrize("wrong", [{"views": 1}, {"workers": 0}])
def test_face_sets_that_cannot_be(wrong: dict[str, int]):
    with pytest.raises(UsageError, match="--views from 2 on and --workers from 1 on"):
        FaceSetOptions(**wrong)


@pytest.mark.parametrize("more", [{"recipe": "ours"}, {"set": ("a=1",)}, {"steps": 3}])
def test_a_resumed_run_keeps_its_recipe(more: dict[str, object]):
    with pytest.raises(UsageError, match="a run keeps its own recipe"):
        TrainOptions(resume=True, **more)


def test_the_frame_rate_of_clips():
    assert ClipOptions().rate is None
    assert ClipOptions(fps="30000/1001").rate == Fraction(30000, 1001)
    with pytest.raises(UsageError, match="frame rate"):
        ClipOptions(fps="0")


def test_tables_are_for_openface():
    assert ClipOptions(labels="openface", tables=Path("tables")).tables == Path("tables")
    with pytest.raises(UsageError, match="--tables with --labels openface, got --labels measured"):
        ClipOptions(tables=Path("tables"))
