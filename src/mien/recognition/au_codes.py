"""Read the FACS codes of real clips from a table."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from mien.datasets.au_labels import labels_of_codes
from mien.datasets.coded_unit import FacsCode
from mien.datasets.codes import parse_facs
from mien.errors import DatasetError
from mien.io.au_labels import AULabels
from mien.io.csv_text import read_csv_text
from mien.io.flow_sets import FlowSet

COLUMNS = ("dataset", "subject", "clip", "facs")
"""Columns of the table; the first three as in the flow maps."""


def read_au_codes(path: str | os.PathLike[str], flows: FlowSet) -> AULabels:
    """Read the labels of a set's clips from a table of FACS codes.

    Clips that the table lacks, and those with an empty code, are unknown.

    Args:
        path: A CSV with the columns :data:`COLUMNS`.
        flows: The clips.

    Raises:
        DatasetError: The table does not exist, lacks a column, has a clip twice, a code that cannot be read, or
            no code for any of the clips.
    """
    place = Path(path)
    reader = csv.DictReader(read_csv_text(place).splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise DatasetError(
            f"expected the columns {', '.join(COLUMNS)} in {place}, got no {' and no '.join(missing)}"
        )
    codes: dict[tuple[str, ...], FacsCode] = {}
    for number, row in enumerate(reader, start=2):
        clip = tuple((row[name] or "").strip() for name in COLUMNS[:3])
        if clip in codes:
            raise DatasetError(f"expected each clip once in {place}, got {' '.join(clip)} twice")
        try:
            codes[clip] = parse_facs(row["facs"])
        except DatasetError as error:
            raise DatasetError(f"{place}, line {number}: {error}") from error
    names = zip(
        *(getattr(flows, name).tolist() for name in ("dataset", "subject", "clip")), strict=True
    )
    none = FacsCode("", ())
    found = [codes.get(clip, none) for clip in names]
    if not any(code.units for code in found):
        raise DatasetError(
            f"expected codes of the clips in the flow maps, got none in {place}: dataset, subject and clip "
            "must be spelled as there"
        )
    return labels_of_codes(found)
