"""The flow maps of a made data set, and a record of the clips that they were measured from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mien.augment.options import AugmentOptions
from mien.augment.record import write_text
from mien.errors import DatasetError
from mien.flows.maps import OnClip, measure_flows
from mien.flows.options import FlowsOptions
from mien.io.au_labels import AULabels
from mien.io.clip_hash import sha256_file
from mien.io.flow_sets import FlowSet
from mien.io.json_file import parse_json
from mien.io.plain_file import read_file
from mien.version import __version__

MANIFEST_NAME = "manifest.csv"
FLOWS_NAME = "flows.npz"
VALIDATION_NAME = "flows-val.npz"
MAPS_NAME = "maps.json"
"""The record: hashes of the measured manifest and of the maps. It is written last. A run that was stopped earlier
leaves no record, and the next run measures the maps again."""


def maps_record(folder: Path) -> dict[str, Any]:
    """Return the record of the flow maps in a data set's folder.

    Raises:
        DatasetError: The record is missing or damaged, or the manifest or the maps do not match it.
    """
    place = folder / MAPS_NAME
    try:
        record = parse_json(read_file(place, DatasetError))
        hashes, skipped = dict(record["sha256"]), list(record["skipped"])
    except (OSError, ValueError, KeyError, TypeError, DatasetError) as error:
        raise DatasetError(
            f"{place} is missing or damaged, so the flow maps were not finished: run mien augment again"
        ) from error
    for name in {MANIFEST_NAME, FLOWS_NAME, *hashes}:
        path = folder / name
        if not path.is_file() or sha256_file(path) != hashes.get(name):
            raise DatasetError(
                f"{path} is not the file that {MAPS_NAME} names: run mien augment again"
            )
    return {"sha256": hashes, "skipped": skipped}


def remove_maps(folder: Path) -> None:
    """Remove the flow maps and their record; the record goes first."""
    for name in (MAPS_NAME, FLOWS_NAME, VALIDATION_NAME):
        (folder / name).unlink(missing_ok=True)


def measure_maps(
    folder: Path,
    options: AugmentOptions,
    rows: Sequence[dict[str, str]],
    on_flow: OnClip | None,
    peaks: Mapping[str, Mapping[str, float]],
) -> list[str]:
    """Measure the flow maps as ``mien flows folder --vary-crop`` does, write them, and then write their record.

    Args:
        folder: The data set's folder, with its manifest.
        options: How the data set is made.
        rows: The rows of the manifest.
        on_flow: Called after each clip with the number so far, and the total.
        peaks: By clip name, for clips that were made from AUs: the intensity of each AU at the apex. They replace
            the manifest's codes, which are rounded to levels.

    Returns:
        Why clips were left out, one line each.

    Raises:
        DatasetError: No clip of the training split could be measured.
    """
    how = FlowsOptions(flow=options.flow, vary_crop=True, skip_bad=options.skip_bad)
    measured = measure_flows("folder", folder, how, on_flow)
    flows = _with_peaks(measured.flows, peaks)
    held = {row["clip"] for row in rows if row["split"] == "val"}
    in_val = [clip in held for clip in flows.clip.tolist()]
    if all(in_val):  # the others' portraits may all have been bad
        raise DatasetError(
            f"expected clips of the split train in {folder}, got only clips of the split val"
        )
    names = [MANIFEST_NAME, FLOWS_NAME]
    if any(in_val):
        validation = flows.take([i for i, val in enumerate(in_val) if val])
        validation.write_npz(folder / VALIDATION_NAME)
        names.append(VALIDATION_NAME)
    training = flows.take([i for i, val in enumerate(in_val) if not val])
    training.write_npz(folder / FLOWS_NAME)
    record = {
        "synthetic": True,
        "mien_version": __version__,
        "sha256": {name: sha256_file(folder / name) for name in names},
        "skipped": list(measured.skipped),
    }
    write_text(folder / MAPS_NAME, json.dumps(record, indent=1) + "\n")
    return list(measured.skipped)


def _with_peaks(flows: FlowSet, peaks: Mapping[str, Mapping[str, float]]) -> FlowSet:
    """Return the maps with exact intensities where they are known; other clips keep their codes' labels."""
    if not peaks:
        return flows
    aus = flows.aus or AULabels.unknown(len(flows))
    parts = [
        AULabels.of_peaks([peaks[clip]]) if clip in peaks else aus.take(np.array([row]))
        for row, clip in enumerate(flows.clip.tolist())
    ]
    return replace(flows, aus=AULabels.joined(parts))
