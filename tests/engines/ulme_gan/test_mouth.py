"""Mouths that a flow parts: each lip moves as the skin beside it, and the rig draws what is between them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mien.engines.lift import Paint
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.lip_flows import LipLine, lip_flows
from mien.engines.ulme_gan.mouth import shading_below
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Image
from tests.engines.ulme_gan.test_engine import engine_of, track, weights

SIZE, ROW = 64, 30
CELL_CM = 16.5 / SIZE
LINE = LipLine(18.0, 46.0, np.full(SIZE, float(ROW)), CELL_CM)


def ramp(cells: float, rows: int) -> np.ndarray:
    """A flow that is 0 above the lips and moves all below by some cells, with a ramp over some rows in between."""
    flow = np.zeros((SIZE, SIZE, 2), np.float32)
    share = np.clip((np.arange(SIZE) - ROW) / rows, 0, 1)
    flow[..., 1] = -cells * 2 / SIZE * share[:, None]
    return flow


def test_each_lip_moves_as_the_skin_on_its_side_of_the_ramp() -> None:
    flows = lip_flows(ramp(4, 6), LINE)
    assert flows is not None
    upper, lower = (flow[:, 32, 1] * SIZE / 2 for flow in (flows.upper, flows.lower))
    assert np.abs(upper).max() < 0.7 and lower[:ROW] == pytest.approx(-4, abs=0.7)
    # Beyond the ramp both lips have the network's flow, and the network's picture is kept.
    assert np.array_equal(flows.lower[ROW + 12 :], ramp(4, 6)[ROW + 12 :])
    assert np.array_equal(flows.upper[: ROW - 8], ramp(4, 6)[: ROW - 8])
    assert flows.share[ROW + 3, 32] > 0.9
    assert flows.share[ROW + 14 :].max() < 1e-3 and flows.share[: ROW - 12].max() < 1e-3


def test_nothing_parts_beside_the_mouth() -> None:
    flows = lip_flows(ramp(4, 6), LINE)
    assert flows is not None
    for part in (slice(None, 10), slice(54, None)):
        assert flows.share[:, part].max() < 1e-3
    outside = [*range(18), *range(47, SIZE)]
    gap = np.abs(flows.upper - flows.lower)[ROW, :, 1] * SIZE / 2
    assert gap[outside].max() < 0.75 < 3 < gap[32]  # a ramp of 6 rows changes by 0.67 in one row


def test_a_flow_that_stretches_little_is_left_alone() -> None:
    assert lip_flows(ramp(2, 16), LINE) is None
    assert lip_flows(-ramp(8, 6), LINE) is None  # lips that press together


def test_lips_part_without_a_jump() -> None:
    """The gap between the lips grows from 0 with the flow, and no step of it is large."""
    gaps = []
    for cells in np.arange(0.5, 5.0, 0.05):
        smooth = ramp(float(cells), 6)
        smooth[1:-1] = (smooth[:-2] + 2 * smooth[1:-1] + smooth[2:]) / 4
        flows = lip_flows(smooth, LINE)
        gap = 0.0
        if flows is not None:
            parted = np.abs(flows.upper - flows.lower)[ROW + 3, 32, 1] * SIZE / 2
            gap = float(flows.share[ROW + 3, 32] * parted)
        gaps.append(gap)
    assert gaps[0] == 0 and gaps[-1] > 3
    assert np.diff(gaps).max() < 0.3


def test_a_second_mouth_on_the_chin_is_left_out_and_shading_stays() -> None:
    flows = lip_flows(ramp(4, 6), LINE)
    assert flows is not None
    change, picture = np.zeros((2, SIZE, SIZE, 3), np.float32)
    change[46:52, 28:36] = -0.9  # black on the chin
    change[40:44, 4:10] = -0.15  # a shadow on the cheek
    change[8:12, 28:36] = -0.9  # above the lips: not the mouth's
    share = (np.abs(change).max(2) > 0.5).astype(np.float32)
    kept = shading_below(Paint(change, picture, share), flows, LINE)
    assert np.abs(kept.change[46:52, 28:36]).max() < 0.05 and kept.share[46:52, 28:36].max() < 0.05
    assert np.array_equal(kept.change[40:44, 4:10], change[40:44, 4:10])
    assert np.array_equal(kept.change[:20], change[:20])
    assert np.array_equal(kept.share[:20], share[:20])


@cache
def shipped(**settings: Any) -> UlmeGanEngine:
    return UlmeGanEngine(UlmeGanSettings(**settings))


def jaw_dropped(face: Portrait, level: float, **settings: Any) -> Image:
    return next(shipped(**settings).prepare(face).render(track(AU26=[level])))


def test_the_mouth_is_nearly_the_rig_s_where_the_jaw_drops(portrait: Portrait) -> None:
    wanted = next(RigEngine().prepare(portrait).render(track(AU26=[4])))
    basis = personalise(load_basis(), portrait.face)
    (move,) = basis.displace(track(AU26=[4]))
    opened = PortraitWarper(portrait).way_back(move).drawn > 0.9
    assert opened.sum() > 100

    def error(**settings: Any) -> float:
        made = jaw_dropped(portrait, 4, **settings)
        return float(np.abs(made[opened].astype(float) - wanted[opened]).mean())

    assert error() < 0.5 * error(mouth="network")


def test_only_the_mouth_is_drawn(portrait: Portrait) -> None:
    by_rig, by_network = (jaw_dropped(portrait, 4, mouth=who) for who in ("rig", "network"))
    changed = np.argwhere((by_rig != by_network).any(-1))[:, ::-1]
    scale = portrait.face.pose.scale_px_per_cm
    middle = portrait.face.landmarks[[13, 14], :2].mean(0)
    away_cm = np.abs(changed - middle).max(0) / scale
    assert 0.5 < away_cm[0] < 4 and 0.5 < away_cm[1] < 4.5


def test_a_frown_leaves_the_mouth_to_the_network(portrait: Portrait) -> None:
    frowns = [
        next(shipped(mouth=who).prepare(portrait).render(track(AU4=[4])))
        for who in ("rig", "network")
    ]
    assert np.array_equal(*frowns)


def test_alpha_stays_the_portrait_s(portrait: Portrait) -> None:
    alpha = np.full((*portrait.image.shape[:2], 1), 77, np.uint8)
    seen_through = Portrait(np.concatenate([portrait.image[..., :3], alpha], -1), portrait.face)
    made = jaw_dropped(seen_through, 4)
    assert (made[..., 3] == 77).all()
    assert np.array_equal(made[..., :3], jaw_dropped(portrait, 4)[..., :3])


def test_the_record_says_who_draws_the_mouth(tmp_path: Any) -> None:
    found = [
        UlmeGanEngine(UlmeGanSettings(**asked)).record()["mouth"]  # type: ignore[arg-type]
        for asked in ({}, {"mouth": "network"}, {"show": "raw"})
    ]
    assert found == ["rig", "network", "network"]
    # Weights without a flow repaint the mouth.
    assert engine_of(weights(tmp_path / "w")).record()["mouth"] == "network"
