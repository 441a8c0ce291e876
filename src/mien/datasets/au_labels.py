"""AU labels of coded clips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.datasets.coded_unit import CodedUnit, FacsCode
from mien.io.au_labels import ABSENT, PRESENT, UNKNOWN, AULabels


def labels_of_codes(codes: Sequence[FacsCode]) -> AULabels:
    """Return which AUs were coded in each clip.

    - A code without units means that nobody coded the clip: every AU is unknown.
    - An AU that a code does not name is absent. An AU without a side is present on both sides.
    - An uncertain AU is unknown. An AU of an "or" group is unknown too, unless all alternatives of the group have
      it: ``A12 or L12`` has the left side in any case.
    - A unilateral AU whose side is not named (``U12``) is unknown on both sides.
    - AUs that Mien's catalogue lacks are left out.

    Args:
        codes: The code of each clip.
    """
    labels = AULabels.unknown(len(codes))
    present, intensity = labels.present.copy(), labels.intensity.copy()
    for row, level, code in zip(present, intensity, codes, strict=True):
        if code.units:
            row[:], level[:] = ABSENT, 0
            _fill(row, level, code)
    return AULabels(present, intensity)


def _fill(row: np.ndarray, level: np.ndarray, code: FacsCode) -> None:
    """Write a code's units into the states and intensities of one clip; certain units are written last."""
    groups: dict[int, list[CodedUnit]] = {}
    for unit in code.units:
        if unit.alternative is not None:
            groups.setdefault(unit.alternative, []).append(unit)
    doubtful = [u for u in code.units if u.uncertain or _no_side(u)]
    doubtful += [unit for group in groups.values() for unit in group]
    for unit in doubtful:
        columns = _columns(unit)
        row[columns], level[columns] = UNKNOWN, np.nan
    for group in groups.values():
        if not any(unit.uncertain or _no_side(unit) for unit in group):
            shared = set.intersection(*(set(_columns(unit)) for unit in group))
            row[list(shared)] = PRESENT
    for unit in code.certain:
        if not _no_side(unit):
            columns = _columns(unit)
            row[columns], level[columns] = PRESENT, np.nan if unit.level is None else unit.level


def _columns(unit: CodedUnit) -> list[int]:
    """Return the columns of a unit; none if the catalogue lacks it."""
    return [] if unit.name is None else [RIG_NAMES.index(name) for name in sided_names(unit.name)]


def _no_side(unit: CodedUnit) -> bool:
    """Return whether a unit is unilateral and its side is not named."""
    return (
        unit.modifier == "U"
        and unit.side == "both"
        and unit.known
        and CATALOG[f"AU{unit.number}"].sided
    )
