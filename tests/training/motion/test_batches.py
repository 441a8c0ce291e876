from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from mien.errors import UsageError
from mien.models.warping import warp
from mien.training.faces.face_motion import FaceMotion
from mien.training.motion.augmentation import (
    FPB_FOMM_AUGMENTATION,
    MRAA_AUGMENTATION,
    OUR_AUGMENTATION,
    MotionAugmentation,
)
from mien.training.motion.batches import _views, make_motion_batch, motion_of
from tests.training.motion.conftest import moved_faces


@pytest.mark.parametrize("points", [None, 40])
@pytest.mark.parametrize("augmentation", [None, OUR_AUGMENTATION, FPB_FOMM_AUGMENTATION])
def test_the_true_motion_leads_back_to_the_source(points, augmentation):
    batch = make_motion_batch(
        moved_faces(),
        points=points,
        with_points=True,
        batch_size=8,
        seed=1,
        step=0,
        augmentation=augmentation,
    )
    inner = slice(6, -6)
    back = warp(batch.source, batch.displacement)[..., inner, inner]
    real, source = (x[..., inner, inner] for x in (batch.driving, batch.source))
    before, after = (source - real).abs().mean(), (back - real).abs().mean()
    assert after < 0.25 * before
    # The points went where the motion says, mirrored pictures included; the last six of the
    # published 18 are a share of the eyes' distance beside landmarks, so they go their own way.
    landmarks = slice(12 if points is None else None)
    at_points = torch.nn.functional.grid_sample(
        batch.displacement, batch.driving_points[:, landmarks, None], align_corners=False
    )
    found = at_points[..., 0].movedim(1, -1)
    wanted = (batch.source_points - batch.driving_points)[:, landmarks]
    within = batch.driving_points[:, landmarks].abs().amax(-1) < 0.7
    assert (found - wanted)[within].abs().mean() < 1e-3


def test_frames_of_clips_have_the_motion_of_their_own_clip():
    faces = moved_faces(views=3)
    assert faces.motion is not None
    flat = {name: getattr(faces.motion, name) for name in ("moved", "field")}
    clips = replace(
        faces,
        way_back=None,
        images=faces.images.reshape(36, 1, *faces.images.shape[2:]),
        aus=faces.aus.reshape(36, 1, -1),
        motion=FaceMotion(
            faces.motion.points, *(part.reshape(36, 1, *part.shape[2:]) for part in flat.values())
        ),
        starts=3 * np.arange(13),
    )
    ask = {"points": None, "with_points": True, "batch_size": 6, "seed": 2, "step": 0}
    one, other = make_motion_batch(faces, **ask), make_motion_batch(clips, **ask)
    for name in ("source", "driving", "source_points", "driving_points", "displacement", "maps"):
        assert torch.equal(getattr(one, name), getattr(other, name)), name


def test_a_batch_is_a_function_of_seed_and_step():
    faces = moved_faces()
    ask = {"points": None, "with_points": True, "batch_size": 4, "seed": 5}
    one, same, other = (make_motion_batch(faces, step=step, **ask) for step in (7, 7, 8))
    assert torch.equal(one.source, same.source) and torch.equal(one.displacement, same.displacement)
    assert not torch.equal(one.source, other.source)


def drawn(**changes):
    still = MotionAugmentation(mirror=0.0, time_flip=0.0)
    return make_motion_batch(
        moved_faces(),
        points=None,
        with_points=True,
        batch_size=6,
        seed=2,
        step=0,
        augmentation=replace(still, **changes),
    )


def test_time_flip_swaps_source_and_driving():
    plain, flipped = drawn(), drawn(time_flip=1.0)
    # The same faces are drawn first; the first pair's views do not depend on other draws.
    assert torch.equal(plain.source[0], flipped.driving[0])
    assert torch.equal(plain.driving[0], flipped.source[0])
    assert torch.equal(plain.source_points[0], flipped.driving_points[0])
    # A pair that is flipped in time is not mirrored as well, as in the published code.
    both = drawn(time_flip=1.0, mirror=1.0)
    assert torch.equal(both.source[0], flipped.source[0])
    mirrored = drawn(mirror=1.0)
    assert torch.equal(mirrored.source[0], plain.source[0].flip(-1))


def test_any_two_views_come_in_order_and_may_be_the_same():
    rng = np.random.default_rng(0)
    drawn = Counter(_views("any_two", 3, rng) for _ in range(9000))
    # Of 9 equally likely draws two give each pair in order, one gives each view twice.
    wanted = {(0, 0): 1, (1, 1): 1, (2, 2): 1, (0, 1): 2, (0, 2): 2, (1, 2): 2}
    assert drawn.keys() == wanted.keys()
    for views, share in wanted.items():
        assert drawn[views] == pytest.approx(share * 1000, rel=0.12)


def test_hue_leaves_the_brightest_channel_s_value():
    plain, varied = drawn(), drawn(hue=0.5)
    assert (plain.source - varied.source).abs().max() > 0.05
    # Hue keeps the largest channel of each pixel (its value).
    torch.testing.assert_close(plain.source.amax(1), varied.source.amax(1), atol=1e-4, rtol=0)


def test_what_each_published_system_varies():
    fomm, mraa = FPB_FOMM_AUGMENTATION, MRAA_AUGMENTATION
    assert (fomm.mirror, fomm.time_flip, fomm.hue) == (0.5, 0.5, 0.1)
    assert (fomm.brightness, fomm.contrast, fomm.saturation) == (0, 0, 0)
    assert (mraa.brightness, mraa.contrast, mraa.saturation, mraa.hue) == (0.1, 0.1, 0.1, 0.1)
    assert not (fomm.placement or mraa.placement or fomm.has_light or mraa.has_light)


def test_points_found_once_are_those_of_the_original_picture():
    faces = moved_faces()
    ask = {"points": None, "with_points": True, "batch_size": 6, "seed": 2, "step": 0}
    tracked, once = (make_motion_batch(faces, **ask, tracked=t) for t in (True, False))
    assert torch.equal(once.source_points, once.driving_points)
    assert torch.equal(once.displacement, tracked.displacement)
    # Where a pair starts from the original picture, its points are the tracked source's.
    same = [
        torch.equal(a, b) for a, b in zip(once.source_points, tracked.source_points, strict=True)
    ]
    assert any(same) and not torch.equal(once.driving_points, tracked.driving_points)


def test_a_set_without_motion_is_refused():
    with pytest.raises(UsageError, match="motion of its views"):
        motion_of(replace(moved_faces(), motion=None))


def test_a_batch_goes_to_a_device_as_a_whole():
    batch = make_motion_batch(
        moved_faces(), points=None, with_points=True, batch_size=2, seed=0, step=0
    )
    there = batch.to(torch.device("meta"))
    parts = {name: part for name, part in vars(there).items() if part is not None}
    assert parts.keys() == vars(batch).keys() - {"drawn"}
    assert {part.device.type for part in parts.values()} == {"meta"}
    alone = replace(batch, source_points=None, driving_points=None).to(torch.device("meta"))
    assert alone.source_points is None and alone.driving_points is None
