"""The motion networks that come with Mien, at their real size."""

from __future__ import annotations

import numpy as np
import pytest

from mien.engines.fomm import FommEngine
from mien.engines.mraa import MraaEngine
from mien.engines.prior_driven import PriorDrivenEngine
from mien.face.portrait import Portrait

SHIPPED = {
    "fomm_ewp": FommEngine(prior="ewp"),
    "fomm_awp": FommEngine(prior="awp"),
    "fomm_points": FommEngine(prior="awp", points=128),
    "mraa_awp": MraaEngine(prior="awp"),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_no_motion_gives_the_portrait(name: str, portrait: Portrait):
    engine: PriorDrivenEngine = SHIPPED[name]
    seen, made = engine.at_rest(portrait)
    error = np.mean((seen.astype(np.float64) - made) ** 2) / 4  # a range of 2 counts as 1
    assert -10 * np.log10(error) >= 35
