from __future__ import annotations

import numpy as np
import pytest
import torch

from mien.au.catalog import RIG_NAMES
from mien.training.faces.augmentation import Augmentation
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.batches import Batch, make_batch
from mien.training.ulme_gan.recipe import PUBLISHED


def extremes() -> FaceSet:
    """Ten single faces; in half of them every AU is at 5, in the others at 0."""
    images = np.random.default_rng(0).integers(0, 255, (10, 1, 16, 16, 3), np.uint8)
    aus = np.zeros((10, 1, len(RIG_NAMES)), np.float32)
    aus[::2] = 5
    return FaceSet(images, aus, RIG_NAMES, tuple("abcdefghij"), {"kind": "still"})


def drawn(**options: object) -> Batch:
    return make_batch(extremes(), ("AU4", "AU26"), batch_size=10, seed=0, step=0, **options)


def test_published_pictures_come_once_in_a_pass():
    # Ten pictures, told apart by their pixels, in two batches of five; and again in the next two.
    pictures = [
        make_batch(
            extremes(), ("AU4",), batch_size=5, seed=0, step=step, order=PUBLISHED.order
        ).images
        for step in range(4)
    ]
    for half in (pictures[:2], pictures[2:]):
        assert len(torch.cat(half).flatten(1).unique(dim=0)) == 10
    assert not torch.equal(pictures[0], pictures[2])


def test_published_noise_leaves_the_range_of_aus():
    wanted = drawn(jitter=PUBLISHED.jitter, jitter_clip=PUBLISHED.jitter_clip).wanted
    assert -0.1 <= wanted.min() < -0.02 and 1.02 < wanted.max() <= 1.1
    clipped = drawn(jitter=0.1, jitter_clip=True).wanted
    torch.testing.assert_close(clipped, wanted.clip(0, 1))
    assert set(drawn().wanted.unique().tolist()) == {0.0, 1.0}


def test_published_faces_are_mirrored_and_nothing_else():
    plain, varied = drawn(), drawn(augmentation=PUBLISHED.augmentation)
    same, mirrored = (
        (varied.images == pictures).flatten(1).all(1)
        for pictures in (plain.images, plain.images.flip(-1))
    )
    assert (same ^ mirrored).all() and same.any() and mirrored.any()


@pytest.mark.parametrize(("share", "all_or_none"), [(0.0, False), (1.0, True)])
def test_the_share_of_mirrored_faces(share, all_or_none):
    plain, varied = drawn(), drawn(augmentation=Augmentation(mirror=share))
    wanted = plain.images.flip(-1) if all_or_none else plain.images
    assert torch.equal(varied.images, wanted)
