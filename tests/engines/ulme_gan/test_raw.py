from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mien.engines.base import Driver, frame_shape
from mien.engines.checks import shows_portrait
from mien.engines.driven import DrivenEngine
from mien.engines.lift import Lift
from mien.errors import UsageError
from mien.face.portrait import Portrait
from tests.engines.motion_net.test_engine import motion_of
from tests.engines.ulme_gan.test_engine import engine_of, track, weights


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


def test_raw_is_the_generator_s_picture_of_its_square(portrait: Portrait, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w", square_cm=13.5)
    engine = engine_of(folder, show="raw", au_mode="absolute", precision="float32")
    session = engine.prepare(portrait)
    assert frame_shape(session) == (32, 32, 3)
    rest, made = session.render(track(AU26=[0, 5]))
    seen = Lift(portrait, 32, side_cm=13.5).seen
    image = torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())
    aus = torch.tensor([[float(name == "AU26") for name in engine.aus]])
    with torch.inference_mode():
        for frame, row in ((rest, 0 * aus), (made, aus)):
            painted = engine.generator(image, row).images[0].numpy().transpose(1, 2, 0)
            expected = np.rint((painted + 1) * 127.5).clip(0, 255)
            assert frame.shape == (32, 32, 3) and np.abs(frame - expected).max() <= 1
    # At rest too it is the network's picture, not the portrait's square.
    assert np.abs(rest / 127.5 - 1 - seen).max() > 0.05


def test_a_driven_clip_can_be_raw_and_a_data_set_cannot(portrait: Portrait, tmp_path: Path) -> None:
    driven = DrivenEngine(engine_of(weights(tmp_path / "w"), show="raw")).prepare(portrait)
    made = list(driven.transfer(Driver.of(motion_of(portrait, 0.4))))
    assert {frame.shape for frame in made} == {(32, 32, 3)}
    with pytest.raises(UsageError, match="frames of the portrait for a data set, got --show raw"):
        shows_portrait(driven, "a data set")
    plain = engine_of(tmp_path / "w").prepare(portrait)
    assert shows_portrait(plain, "a data set") is plain
