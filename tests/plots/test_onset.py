"""The onset of a made clip is where an AU starts to move; the measured one comes later, as docs/measure.md says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.motion.apex import spot
from mien.plots.contact_frames import find_phases

LATER = {"linear": 0.20, "smooth": 0.29, "minimum_jerk": 0.33}
"""How much later the measured onset comes, as a share of the rise: the table of docs/measure.md."""


@pytest.mark.parametrize("shape", sorted(LATER))
def test_how_much_later_the_measured_onset_comes(shape: str) -> None:
    envelope = Envelope.parse(f"AU12=3@0.5-1.5-1.6-3.6:{shape}")
    track = Expression((envelope,)).track(200, 0.0, 0.5)
    onset, apex, offset = find_phases(track)
    assert track.times_seconds[onset] == pytest.approx(0.5, abs=0.006)
    assert track.times_seconds[offset] == pytest.approx(3.6, abs=0.006)
    found = spot(track)
    assert found is not None
    rise, fall = 1.0, 2.0
    assert found.onset_seconds - 0.5 == pytest.approx(LATER[shape] * rise, abs=0.015)
    assert 3.6 - found.offset_seconds == pytest.approx(LATER[shape] * fall, abs=0.03)
    assert onset < found.onset_index < apex
    assert np.abs(found.apex_seconds - 1.55) < 0.06


def test_the_docs_have_the_same_shares() -> None:
    text = (Path(__file__).parents[2] / "docs" / "measure.md").read_text()
    for shape, share in LATER.items():
        assert f"| `{shape}` | {100 * share:.0f} % |" in text
