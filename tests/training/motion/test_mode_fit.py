from __future__ import annotations

import copy

import pytest
import torch

from mien.errors import UsageError
from mien.models.fomm import Fomm, FommConfig
from mien.training.motion.mode_fit import fit, gather, modes_of, motion_left
from tests.models.test_fomm import TINY
from tests.training.motion.conftest import moved_faces

CONFIG = {**TINY, "prior": "awp", "measured_maps": True, "anchor": 0.3, "jacobians": False}


def net_of(**changes: object) -> Fomm:
    torch.manual_seed(0)
    return Fomm(FommConfig(**(CONFIG | {"modes": 6} | changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("wide", [False, True])
def test_modes_learn_what_the_mixture_leaves_and_nothing_else_changes(wide: bool) -> None:
    net = net_of(wide_maps=wide, mode_features=4)
    before = copy.deepcopy(net.state_dict())
    cells = gather(net, moved_faces(), 12, 20, seed=1)
    assert cells.true.shape == (16, 2, 1, 20) and cells.features.dtype == torch.float16
    modes = modes_of(net)
    # A new network's modes draw nothing.
    assert torch.equal(cells.moved(modes), cells.mixed)
    left = motion_left(modes, cells)
    fit(modes, cells, steps=250, batch_size=8, learning_rate=1e-2)
    assert motion_left(modes, cells) < 0.92 * left
    changed = {k for k, value in net.state_dict().items() if not torch.equal(value, before[k])}
    assert changed and all(name.startswith("dense_motion.modes.") for name in changed)


def test_the_cells_are_those_of_the_pairs() -> None:
    net = net_of()
    every, some = (gather(net, moved_faces(), 8, count, seed=3) for count in (64, 8))
    found = every.true[0, :, 0].T[:, None] == some.true[0, :, 0].T[None]
    assert every.true.shape[-1] == 64 and found.all(-1).any(0).all()


def test_weights_without_modes_are_refused() -> None:
    with pytest.raises(UsageError, match="expected weights with motion modes"):
        gather(net_of(modes=0), moved_faces(), 8, 4, seed=1)
