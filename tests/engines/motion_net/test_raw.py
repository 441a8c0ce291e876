"""The network's own square picture, and networks with the published conventions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mien.engines.base import frame_shape
from mien.engines.lift import Lift
from mien.engines.motion_net.driver_view import moved_points
from mien.face.portrait import Portrait
from mien.face.square import SquareSize
from mien.models.fomm import Keypoints
from tests.engines.motion_net.nets import motion_weights
from tests.engines.motion_net.test_engine import carried, engine, frames_of, motion_of

PUBLISHED = {"conventions": "published", "square_cm": 15.0}


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


def test_raw_is_what_the_network_paints_of_its_square(portrait: Portrait, tmp_path: Path) -> None:
    config = {"prior": "awp", "jacobians": False, **PUBLISHED}
    folder = motion_weights(tmp_path / "w", **config)
    raw = engine(folder, "fomm", show="raw", batch_size=2)
    session = raw.prepare(portrait)
    assert frame_shape(session) == session.own_shape == (32, 32, 3)
    motion = motion_of(portrait, 0.5)
    made = list(carried(raw, portrait, motion))
    assert {frame.shape for frame in made} == {(32, 32, 3)} and made[0].dtype == np.uint8

    # The same by hand: the square, its points, and the points of the middle frame.
    net = raw.net
    seen = Lift(portrait, 32, side_cm=15.0).seen.transpose(2, 0, 1)[None].copy()
    field = np.concatenate([np.zeros((1, 468, 2), np.float32), motion.displacement_cm[2:3]])
    points = torch.from_numpy(moved_points(portrait.face, field, None, SquareSize(15.0)))
    with torch.inference_mode():
        source = net.encode_source(torch.from_numpy(seen), points[:1])
        eye = torch.eye(2).expand(1, 18, 2, 2)
        # As published, pixel x is at 2 x / 32 - 1: half a pixel to the left of Mien's place.
        image = net.animate(source, Keypoints(points[1:] - 1 / 32, eye)).images[0]
    expected = np.rint((image.numpy().transpose(1, 2, 0) + 1) * 127.5).clip(0, 255)
    assert np.abs(made[2].astype(int) - expected).max() <= 1
    assert (made[2] != made[0]).any()


def test_raw_at_rest_is_the_network_s_picture(portrait: Portrait, tmp_path: Path) -> None:
    raw = engine(
        motion_weights(tmp_path / "w", "mraa", prior="awp", **PUBLISHED), "mraa", show="raw"
    )
    motion = motion_of(portrait)
    rest = raw.prepare(portrait).at_rest()[1]
    frames = carried(raw, portrait, motion, strength=0.0)
    for frame in frames:
        assert np.abs(frame - np.rint((rest + 1) * 127.5).clip(0, 255)).max() == 0
    assert frames.facts == {"gain": None}


@pytest.mark.parametrize(
    ("architecture", "config"),
    [
        ("fomm", {"prior": "none"}),
        ("fomm", {"prior": "ewp"}),
        ("mraa", {"prior": "none", "root": "svd"}),
        ("mraa", {"prior": "awp", "root": "svd"}),
    ],
)
def test_published_conventions_keep_the_portrait_at_rest(
    portrait: Portrait, tmp_path: Path, architecture: str, config: dict[str, object]
) -> None:
    net = engine(motion_weights(tmp_path / "w", architecture, **config, **PUBLISHED), architecture)
    made = list(carried(net, portrait, motion_of(portrait, 0.5), frames_of(portrait)))
    assert np.array_equal(made[0], portrait.image)
    assert np.isfinite(made[2]).all() and (made[2] != portrait.image).any()
