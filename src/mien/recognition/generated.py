"""Load generated flow maps: from a file, a folder, or the rig itself (``rig:N``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mien.datasets.names import SEEN_DATASETS, STATISTICS_NAMES
from mien.errors import DatasetError, UsageError
from mien.io.json_file import read_json
from mien.produce.place import is_produced

if TYPE_CHECKING:
    from mien.io.flow_sets import FlowSet

LEAST_MAPS = 30
"""Smallest number of generated maps to train on, or to judge how real they look."""

TRAINING_SPLIT = "train"
"""The split of a produced set that recognisers train on."""

_FROM_RIG = re.compile(r"rig:(.*)")


def rig_count(source: str) -> int | None:
    """Return N of ``rig:N``; None for a file or folder.

    Raises:
        UsageError: N is not a number, or is too small.
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
        source: ``rig:N`` for N maps from the rig, an ``.npz``, a folder with ``flows.npz``, or a set of flow maps
            of ``mien produce``, whose split ``train`` is read.
        seed: Seed of the rig's maps.

    Raises:
        UsageError: An invalid ``rig:N``.
        DatasetError: The file is not valid, or a folder of ``mien augment`` does not have maps of all its clips.
    """
    from mien.io.flow_sets import FlowSet

    count = rig_count(source)
    if count is not None:
        from mien.synthesis.flows import generate_rig_flows

        return generate_rig_flows(count, seed)
    place = Path(source)
    if not place.is_dir():
        return FlowSet.from_npz(place)
    from mien.augment.record import RECORD_NAME

    if (place / RECORD_NAME).is_file():
        from mien.augment.maps import maps_record

        maps_record(place)
    elif is_produced(place):
        from mien.datasets.produced import ProducedSet

        return ProducedSet(place).flow_set(TRAINING_SPLIT)
    return FlowSet.from_npz(place / "flows.npz")


def codes_drawn_from(source: str) -> tuple[str, ...]:
    """Return the data sets from which the generated maps' AUs were drawn, by their names in the statistics.

    Args:
        source: See :func:`read_generated`. For a folder of ``mien augment``, or a file in it, the
            folder's record is read. For other folders and files, and for clips that were moved by
            the user's drivers, the result is empty: the origin of their AUs is not known.

    Raises:
        DatasetError: The record cannot be read.
    """
    if rig_count(source) is not None:
        return SEEN_DATASETS
    from mien.augment.record import RECORD_NAME

    place = Path(source)
    if is_produced(place):
        return SEEN_DATASETS  # the recipe of produced flow maps draws only from these
    file = (place if place.is_dir() else place.parent) / RECORD_NAME
    if not file.is_file():
        return ()
    record = read_json(file, DatasetError, "choose a folder that mien augment made")
    try:
        drawn = {str(name).strip().casefold() for name in record["datasets"]}
        has_drivers = record["drivers"] is not None
    except (KeyError, TypeError) as error:
        raise DatasetError(f"expected the record of mien augment, got {file}: {error!r}") from error
    if has_drivers:
        return ()
    return tuple(name for name in STATISTICS_NAMES.values() if name.casefold() in drawn)
