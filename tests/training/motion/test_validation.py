from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from mien.models.fomm import Fomm, FommConfig
from mien.training.motion.batches import MotionBatch
from mien.training.motion.validation import validate
from tests.models.test_fomm import TINY, faces, follow


def carried_along() -> Fomm:
    """All pixels go where its one point goes, and nothing is painted but the source's pixels."""
    torch.manual_seed(0)
    config = {"prior": "awp", "points": 1, "jacobians": False, "skips": True}
    net = Fomm(FommConfig(**(TINY | config)))  # type: ignore[arg-type]
    follow(net, 1)
    torch.nn.init.constant_(net.dense_motion.occlusion_head.bias, 50.0)
    return net


def batch(made: tuple[float, float], true: tuple[float, float]) -> MotionBatch:
    """One pair: the backward motion that the network makes of its point, and the true one."""
    point = torch.tensor([[made]])
    displacement = torch.tensor(true)[None, :, None, None].expand(1, 2, 8, 8)
    return MotionBatch(faces(1), faces(1).flip(-1), point, torch.zeros(1, 1, 2), displacement)


def test_the_motion_by_hand():
    figures = validate(carried_along(), [batch((0.3, 0.0), (0.4, 0.3))])
    assert figures["motion_cosine"] == pytest.approx(0.12 / (0.3 * 0.5), abs=1e-5)
    assert figures["motion_amplitude"] == pytest.approx(0.3 / 0.5, abs=1e-5)
    assert figures["motion_left"] == pytest.approx(math.hypot(0.1, 0.3) / 0.5, abs=1e-5)


def test_large_motions_count_more_than_small_ones():
    both = [batch((0.3, 0.0), (0.4, 0.3)), batch((0.0, 0.4), (0.0, -0.2))]
    figures = validate(carried_along(), both)
    made, true, left = 0.3**2 + 0.4**2, 0.5**2 + 0.2**2, 0.1**2 + 0.3**2 + 0.6**2
    assert figures["motion_cosine"] == pytest.approx(0.04 / math.sqrt(made * true), abs=1e-5)
    assert figures["motion_amplitude"] == pytest.approx(math.sqrt(made / true), abs=1e-5)
    assert figures["motion_left"] == pytest.approx(math.sqrt(left / true), abs=1e-5)


def test_where_nothing_is_done_all_is_left():
    figures = validate(carried_along(), [batch((0.0, 0.0), (0.4, 0.3))])
    assert figures["motion_cosine"] == figures["motion_amplitude"] == 0
    assert figures["motion_left"] == pytest.approx(1)
    assert figures["pixels_left"] == pytest.approx(1)
    assert figures["kept_psnr_db"] > 60


def test_the_pictures_by_hand():
    grey = torch.zeros(1, 3, 32, 32)
    net = carried_along()
    torch.nn.init.constant_(net.dense_motion.occlusion_head.bias, -50.0)  # all is painted
    torch.nn.init.zeros_(net.generator.last.weight)
    torch.nn.init.constant_(net.generator.last.bias, math.atanh(0.2))
    pair = replace(batch((0.1, 0.0), (0.1, 0.0)), source=grey, driving=grey + 0.5)
    figures = validate(net, [pair])
    assert figures["pixels_left"] == pytest.approx(0.3 / 0.5, abs=1e-5)
    # The source comes out 0.2 too bright: a tenth of the range from -1 to 1.
    assert figures["kept_psnr_db"] == pytest.approx(20, abs=1e-3)
