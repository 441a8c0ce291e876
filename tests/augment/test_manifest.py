from __future__ import annotations

from mien.au.envelope import Envelope
from mien.augment.manifest import facs_codes
from mien.datasets.codes import parse_facs


def at(au: str, peak: float) -> Envelope:
    return Envelope(au, 0.0, 0.1, 0.1, 0.2, peak)


def test_aus_are_coded_with_side_and_nearest_level() -> None:
    written = facs_codes([at("AU12L", 2.1), at("AU4", 1.0), at("AU20R", 4.5)])
    assert written == "L12B+4A+R20E"
    read = [(unit.number, unit.side, unit.level) for unit in parse_facs(written).units]
    assert read == [(12, "left", 2.0), (4, "both", 1.0), (20, "right", 5.0)]


def test_an_au_below_level_a_is_not_coded() -> None:
    assert facs_codes([at("AU12L", 0.49), at("AU4", 0.5)]) == "4A"
    assert facs_codes([at("AU12L", 0.3)]) == ""
