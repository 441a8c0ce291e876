"""Where generated flow maps come from: a file, a folder, or the rig itself (``rig:N``)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import DatasetError, UsageError

if TYPE_CHECKING:
    from mien.io.flow_sets import FlowSet

LEAST_MAPS = 30
"""Fewer generated maps teach nothing, and tell nothing about how real they look."""

CODES_OF = {"casme2": "CASME II", "casme3": "CAS(ME)3", "dfme": "DFME", "samm": "SAMM"}
"""The data sets whose counted codes generated expressions may be drawn from: as loaders and as statistics call them."""

_FROM_RIG = re.compile(r"rig:(.*)")


def rig_count(source: str) -> int | None:
    """Return N of ``rig:N``, and None for a file or folder.

    Raises:
        UsageError: no number behind the colon, or too small a one.
    """
    found = _FROM_RIG.fullmatch(source)
    if found is None:
        return None
    if not re.fullmatch(r"\d{1,7}", found[1]) or int(found[1]) < LEAST_MAPS:
        raise UsageError(f"expected rig:N with N from {LEAST_MAPS} on, got {source}")
    return int(found[1])


def read_generated(source: str, seed: int = 0) -> FlowSet:
    """Generate flow maps from the rig, or read them.

    Args:
        source: ``rig:N`` for N maps of the rig, an ``.npz``, or a folder with ``flows.npz``.
        seed: of the rig's maps.

    Raises:
        UsageError: a count that is none.
        DatasetError: no valid file.
    """
    from mien.io.flow_sets import FlowSet

    count = rig_count(source)
    if count is not None:
        from mien.synthesis.flows import generate_rig_flows

        return generate_rig_flows(count, seed)
    place = Path(source)
    return FlowSet.from_npz(place / "flows.npz" if place.is_dir() else place)


def codes_drawn_from(source: str) -> tuple[str, ...]:
    """Return whose coded AUs generated maps show, as statistics call the data sets.

    Args:
        source: see :func:`read_generated`. Of a folder of ``mien augment`` and a file in it the folder's
            record says; of another, and of clips moved by given drivers, nothing is known.

    Raises:
        DatasetError: a record that cannot be read.
    """
    if rig_count(source) is not None:
        from mien.synthesis.flow_recipe import SEEN_DATASETS

        return SEEN_DATASETS
    from mien.augment.record import RECORD_NAME

    place = Path(source)
    record = (place if place.is_dir() else place.parent) / RECORD_NAME
    if not record.is_file():
        return ()
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        drawn = {str(name).strip().casefold() for name in said["datasets"]}
        given = said["drivers"] is not None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"expected the record of mien augment, got {record}: {error!r}"
        ) from error
    return () if given else tuple(n for n in CODES_OF.values() if n.casefold() in drawn)
