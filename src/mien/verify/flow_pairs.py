"""Check a set of flow pairs: each file against its hash, and that no person is in both splits."""

from __future__ import annotations

import json
from pathlib import Path

from mien.flow_pairs.files import PLACES, RECORD_NAME, SAMPLES_NAME
from mien.io.clip_hash import sha256_file
from mien.verify.report import Report


def check_flow_pairs(folder: Path, report: Report) -> None:
    """Check a set of `mien flow-pairs`."""
    samples = folder / SAMPLES_NAME
    splits: dict[str, str] = {}
    try:
        lines = [json.loads(line) for line in samples.read_text(encoding="utf-8").splitlines()]
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
        if len(lines) != record["options"]["count"]:
            report.add(
                samples, f"expected {record['options']['count']} lines, got {len(lines)}: {_AGAIN}"
            )
        for line in lines:
            report.checked += 1
            if splits.setdefault(line["subject"], line["split"]) != line["split"]:
                report.add(samples, f"has {line['subject']} in two splits: {_AGAIN}")
            for key in PLACES:
                file = folder / line["files"][key]["path"]
                if not file.is_file() or sha256_file(file) != line["files"][key]["sha256"]:
                    report.add(
                        file, f"missing, or not the file that {SAMPLES_NAME} names: {_AGAIN}"
                    )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        report.add(samples, f"it or {RECORD_NAME} cannot be read ({error}): {_AGAIN}")


_AGAIN = "make the set again"
