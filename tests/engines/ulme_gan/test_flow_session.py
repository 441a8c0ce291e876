from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.au.track import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.flow_session import FlowSession
from mien.engines.ulme_gan.generator import ARCHITECTURE
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.face.portrait import Portrait
from mien.metrics.face_flow import vertex_motion
from mien.metrics.motion import cosine
from mien.models.ulme_gan import GeneratorConfig
from mien.models.ulme_gan_flow import FlowGenerator, build_generator

AUS = ("AU12L", "AU12R", "AU26")
CONFIG = GeneratorConfig(
    image_px=32, width=4, blocks=1, aus=AUS, conditioning="relative", skips=True, flow=True,
    square_cm=16.5,
    square_down_cm=1.15,
)  # fmt: skip


@pytest.fixture(scope="module")
def face() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


@pytest.fixture
def engine(tmp_path: Path) -> UlmeGanEngine:
    """An engine with a tiny network and random weights, as a run would export it."""
    torch.manual_seed(1)
    net = build_generator(CONFIG)
    card = WeightsCard(
        architecture=ARCHITECTURE, config=asdict(CONFIG), aus=AUS, crop="tight",
        training_data="none", recipe={}, metrics={},
    )  # fmt: skip
    save_weights(tmp_path, net.state_dict(), card)
    return UlmeGanEngine(UlmeGanSettings(weights=tmp_path, precision="float32"))


def jaw(*values: float) -> AUTrack:
    return AUTrack(("AU26",), np.array(values, np.float32)[:, None], np.arange(len(values)) / 10)


class OnePixelDown(FlowGenerator):
    """A network whose flow takes each pixel from one pixel further up, in its own square."""

    paint = 0.0

    def _mix(self, features, trunk, images, aus):  # type: ignore[no-untyped-def]
        made = super()._mix(features, trunk, images, aus)
        away = torch.zeros_like(made.flow)
        away[:, 1] = -aus[:, 2, None, None]
        colour = made.warped + self.paint * aus[:, 2, None, None, None]
        return made._replace(flow=away, colour=colour, attention=torch.zeros_like(made.attention))


def test_rest_is_the_portrait_bit_for_bit(engine: UlmeGanEngine, face: Portrait) -> None:
    session = engine.prepare(face)
    assert isinstance(session, FlowSession)
    still, moved = session.render(jaw(0, 5))
    assert np.array_equal(still, face.image)
    assert not np.array_equal(moved, face.image)


def test_the_flow_moves_the_portrait_s_own_pixels(engine: UlmeGanEngine, face: Portrait) -> None:
    engine.generator = OnePixelDown(CONFIG).eval()
    (moved,) = engine.prepare(face).render(jaw(5))
    # The square's 32 pixels span 16.5 cm of a nearly upright face.
    down = 16.5 / 32 * face.face.pose.scale_px_per_cm
    x, y = face.face.landmarks[4, :2].astype(int)  # the tip of the nose
    patch = moved[y - 8 : y + 8, x - 8 : x + 8].astype(float).mean(-1)
    shifts = range(0, 20)
    errors = [
        np.abs(
            patch - face.image[y - 8 - s : y + 8 - s, x - 8 : x + 8, :3].astype(float).mean(-1)
        ).mean()
        for s in shifts
    ]
    assert abs(int(np.argmin(errors)) - down) < 1.5


def test_paint_is_added_where_the_attention_lets_it(engine: UlmeGanEngine, face: Portrait) -> None:
    net = OnePixelDown(CONFIG).eval()
    net.paint = 0.2
    engine.generator = net
    ((flow, paint),) = engine.prepare(face).motions(jaw(5))  # type: ignore[attr-defined]
    assert flow[..., 1] == pytest.approx(np.full((32, 32), -2 / 32))
    assert paint.change == pytest.approx(np.full((32, 32, 3), 0.2), abs=1e-5)
    assert not paint.share.any()  # it paints as much at rest


def motion_cosine(engine: UlmeGanEngine, face: Portrait, track: AUTrack) -> float:
    """Agreement of the motion that optical flow sees in an engine's frame and in the rig's."""
    made, wanted = (
        vertex_motion(face, next(iter(each.prepare(face).render(track))), "dis")
        for each in (engine, RigEngine())
    )
    return cosine(made, wanted)


def test_the_shipped_network_moves_a_new_face_as_the_rig_does(portrait: Portrait) -> None:
    shipped, chance = UlmeGanEngine(), UlmeGanEngine()
    torch.manual_seed(0)
    chance.generator = build_generator(shipped.generator.config).eval().requires_grad_(False)
    for unit in ("AU4", "AU12"):
        track = AUTrack((unit,), np.full((1, 1), 3, np.float32), np.zeros(1))
        assert motion_cosine(shipped, portrait, track) > 0.8, unit
        assert motion_cosine(chance, portrait, track) < 0.4, unit
