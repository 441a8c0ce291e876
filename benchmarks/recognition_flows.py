"""The composite's flow maps, which are not part of the project."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.report import PORTRAITS
from mien.io.flow_sets import FlowSet

FLOWS = PORTRAITS.parent / "megc2019" / "flows.npz"


def composite() -> tuple[FlowSet, np.ndarray]:
    """Return the maps and the number of each map's subject; end the program if there are no maps."""
    if not FLOWS.is_file():
        print(f"no flow maps at {FLOWS}: recognition not run", file=sys.stderr)
        raise SystemExit(0)
    real = FlowSet.from_npz(FLOWS)
    return real, np.unique(real.subject, return_inverse=True)[1]
