"""Check sets that are made of other outputs: batches, augmented sets, flow maps."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from mien.augment.maps import MANIFEST_NAME, VALIDATION_NAME, maps_record
from mien.errors import MienError
from mien.io.flow_sets import FlowSet
from mien.io.sidecar import read_sidecar, sidecar_path
from mien.stimuli.condition_files import CONDITIONS
from mien.verify.clips import check_clip, is_frames
from mien.verify.folders import check_clips_in
from mien.verify.report import Report


def check_flow_file(path: Path, report: Report) -> None:
    """Check a file of flow maps: each array against its checksum, and that they make a set."""
    _flows(path, report)


def _flows(path: Path, report: Report) -> FlowSet | None:
    """Return the flow maps of a file; None if it cannot be read, which is a problem."""
    report.checked += 1
    try:
        return FlowSet.from_npz(path)
    except MienError as error:
        report.add(path, error)
        return None


def check_batch(folder: Path, report: Report) -> None:
    """Check a batch or a sheet: each row of its manifest was made, and each clip is whole."""
    check_clips_in(folder, report)
    for row in _rows(folder / MANIFEST_NAME, report):
        name = row.get("name") or f"line {row.get('line')} of the table"
        if row.get("status") not in ("made", "kept"):
            why = row.get("error") or "the run was stopped before"
            report.add(folder / MANIFEST_NAME, f"{name} was not made: {why}")
        elif not (folder / row["file"]).exists():
            report.add(
                folder / row["file"], "missing, though the manifest names it: run the batch again"
            )
        elif (folder / row["file"]).is_dir() and not is_frames(folder / row["file"]):
            check_clip(folder / row["file"], report)
    conditions = folder / CONDITIONS
    for row in _rows(conditions, report) if conditions.is_file() else ():
        # A table may name its clips with the path or address that they will have in the experiment.
        if not (folder / re.split(r"[/\\]", row.get("stimulus", "").rstrip("/\\"))[-1]).exists():
            report.add(
                conditions, f"names {row.get('stimulus')}, which is missing: make the sheet again"
            )


def check_augmented(folder: Path, report: Report) -> None:
    """Check an augmented set: its clips, that each clip's row of the manifest is also in its sidecar, and its maps."""
    rows = _rows(folder / MANIFEST_NAME, report)
    if rows and (missing := {"file", "clip", "split"} - rows[0].keys()):
        report.add(
            folder / MANIFEST_NAME,
            f"expected the columns file, clip and split, got no {', '.join(sorted(missing))}: run mien augment again",
        )
        return
    for row in rows:
        clip, before = folder / row["file"], len(report.problems)
        check_clip(clip, report)
        if len(report.problems) == before:
            described = read_sidecar(sidecar_path(clip)).settings.get("row")
            if described != row:
                report.add(
                    folder / MANIFEST_NAME,
                    f"its row of {row['clip']} is not what the clip's sidecar says: run mien augment again",
                )
    _check_maps(folder, {row["clip"]: row for row in rows}, report)


def _check_maps(folder: Path, rows: dict[str, dict[str, str]], report: Report) -> None:
    try:
        named = maps_record(folder)["sha256"]
    except MienError as error:
        report.add(folder, error)
        return
    for name in sorted(set(named) - {MANIFEST_NAME}):
        flows = _flows(folder / name, report)
        split = "val" if name == VALIDATION_NAME else "train"
        for clip in () if flows is None else flows.clip.tolist():
            if clip not in rows or rows[clip]["split"] != split:
                report.add(
                    folder / name,
                    f"has a map of {clip}, which the manifest does not list as {split}",
                )


def _rows(table: Path, report: Report) -> list[dict[str, str]]:
    try:
        with table.open(encoding="utf-8", newline="") as file:
            return [dict(row) for row in csv.DictReader(file, restval="")]
    except (OSError, ValueError, csv.Error) as error:
        report.add(table, f"cannot be read: {error}")
        return []
