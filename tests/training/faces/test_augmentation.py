from __future__ import annotations

import pytest

from mien.errors import UsageError
from mien.training.faces.augmentation import OUR_LIGHT, Augmentation


def test_published_faces_are_only_mirrored():
    assert Augmentation().mirror == 0.5 and not Augmentation().has_light
    assert Augmentation(tint=0.06).has_light and Augmentation(**OUR_LIGHT).has_light


@pytest.mark.parametrize("name", ["mirror", "gain", "shift"])
def test_shares_and_sizes_are_from_0_to_1(name):
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(UsageError, match=f"augmentation.{name} in \\[0, 1\\], got"):
            Augmentation(**{name: value})
