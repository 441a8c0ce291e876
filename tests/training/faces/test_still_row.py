from __future__ import annotations

import pytest

from mien.au.catalog import RIG_NAMES
from mien.face.portrait import Portrait
from mien.motion.still import still_aus, still_units
from mien.training.faces.still_row import still_row, still_row_names


def test_a_row_has_what_the_reader_reads(portrait: Portrait):
    row, read = still_row(portrait.face), still_aus(portrait.face)
    for name, intensity in read.intensities.items():
        assert row[RIG_NAMES.index(name)] == pytest.approx(intensity)
    assert row[RIG_NAMES.index("AU45L")] == row[RIG_NAMES.index("AU43L")]
    named = {name for name, value in zip(RIG_NAMES, row, strict=True) if value}
    assert named <= set(still_row_names())


def test_the_names_of_a_row():
    names = still_row_names()
    assert {"AU12L", "AU12R", "AU45L", "AU45R"} <= set(names)
    assert not {"AU4L", "AU7L"} & set(names)  # a picture does not show them well enough
    assert list(names) == [name for name in RIG_NAMES if name in names]
    assert "AU12" in still_units() and "AU4" not in still_units()
