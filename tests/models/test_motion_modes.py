from __future__ import annotations

import pytest
import torch

from mien.errors import UsageError
from mien.models.dense_motion import MotionModes
from mien.models.fomm import Fomm, FommConfig, Keypoints, turned
from mien.models.mraa import Mraa, MraaConfig
from mien.models.regions import turned_regions
from tests.models.test_fomm import TINY, faces

CONFIG = {**TINY, "prior": "awp", "measured_maps": True, "guided": True, "modes": 5, "anchor": 0.3}


def test_modes_by_hand() -> None:
    modes = MotionModes(FommConfig(prior="awp", jacobians=False, points=1, modes=1), 2)
    with torch.no_grad():
        modes.mix.weight.copy_(torch.tensor([[3.0, 0.0]]))
        modes.draw.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 2.0]])[:, :, None, None])
    features = torch.ones(1, 2, 4, 4)
    masks = torch.ones(1, 2, 4, 4)
    moved = modes(features, masks, torch.tensor([[[0.04, 0.5]]]), torch.eye(2)[None, None])
    # 0.04 is twice the usual shift, times 3 is a mode's strength of 6; drawn 1 to the right and 2 down.
    assert torch.allclose(moved[0, :, 0, 0], 0.02 * torch.tensor([6.0, 12.0]))


def test_wide_motions_and_the_mixture_by_hand() -> None:
    config = {"measured_maps": True, "wide_maps": True, "mode_features": 1, "modes": 1}
    modes = MotionModes(FommConfig(prior="awp", jacobians=False, points=1, **config), 2)  # type: ignore[arg-type]
    with torch.no_grad():
        modes.mix.weight.zero_()
        modes.mix.weight[0, 7] = (
            3.0  # 2 of the point, 4 of its map, then the wide motion: x, its slopes, y
        )
        modes.further.weight.copy_(torch.tensor([0.0, 0.0, 0.0, 2.0])[None, :, None, None])
        modes.further.bias.zero_()
        modes.draw.weight.copy_(torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 0.5]])[:, :, None, None])
    features, masks = torch.ones(1, 2, 4, 4), torch.zeros(1, 2, 4, 4)
    masks[:, 1, 0, 0] = 1.0
    wide = torch.tensor([[[[0.0, 0.1, 0.0], [0.0, 0.0, 0.0]]]])
    still = torch.zeros(1, 1, 2), torch.eye(2)[None, None]
    moved = modes(features, masks, *still, wide)
    # 0.1 is twice the usual slope, times 3 is a strength of 6; the mixture's 1, doubled, is drawn once and half.
    assert torch.allclose(moved[0, :, 0, 0], 0.02 * torch.tensor([12.0, 6.0]))
    assert not moved[0, :, 1:].any() and not modes(features, masks, *still, 0 * wide).any()
    with pytest.raises(ValueError, match="expected wide motions to be given"):
        modes(features, masks, *still)


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_points_that_rest_move_nothing_whatever_was_learned(architecture: str) -> None:
    torch.manual_seed(0)
    net: Fomm | Mraa
    if architecture == "fomm":
        net = Fomm(FommConfig(**CONFIG, jacobians=False)).eval()  # type: ignore[arg-type]
    else:
        net = Mraa(MraaConfig(**CONFIG, background=False, root="symmetric")).eval()  # type: ignore[arg-type]
    assert net.dense_motion.modes is not None
    torch.nn.init.normal_(net.dense_motion.modes.draw.weight)
    points = torch.rand(1, 18, 2) - 0.5
    source = net.encode_source(faces(1), points)
    own = net.own_points(points)

    def moved(by: float, maps: torch.Tensor) -> torch.Tensor:
        if isinstance(net, Fomm):
            driving = turned(source.keypoints, own + by, maps)
        else:
            driving = turned_regions(source.regions, own + by, maps)
        return net.motion(source, driving).displacement

    still = torch.eye(2).expand(1, 18, 2, 2)
    with torch.no_grad():
        assert moved(0.0, still).abs().max() < 1e-6
        assert moved(0.05, still).abs().max() > 0.01
        # The maps around the points alone change the motion too.
        assert moved(0.0, 1.1 * still).abs().max() > 0.01


def test_turned_keypoints_keep_their_own_jacobians() -> None:
    own = Keypoints(torch.zeros(1, 1, 2), torch.tensor([[[[2.0, 0.0], [0.0, 1.0]]]]))
    quarter = torch.tensor([[[[0.0, -1.0], [1.0, 0.0]]]])
    made = turned(own, torch.ones(1, 1, 2), quarter)
    assert made.points.tolist() == [[[1.0, 1.0]]]
    assert made.jacobians.tolist() == [[[[0.0, -1.0], [2.0, 0.0]]]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measured_maps": True}, "expected a prior with guided or measured_maps"),
        ({"guided": True}, "expected a prior with guided or measured_maps"),
        ({"prior": "awp", "measured_maps": True}, "jacobians or measured_maps, got both"),
        ({"prior": "awp", "wide_maps": True}, "expected measured_maps and modes with wide_maps"),
        ({"mode_features": 3}, "only with modes, got 3"),
        ({"scale": 3}, "scale 1 or an even number, got 3"),
        ({"modes": -1}, "modes of at least 0, got -1"),
        ({"square_down_cm": float("nan")}, "finite square_down_cm"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        FommConfig(**changes)  # type: ignore[arg-type]
