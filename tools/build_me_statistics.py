"""Aggregate coded micro-expressions into the packaged table that the sampler and the presets use.

The source has one row per clip: data set, emotion, action units with sides, rise and fall seconds.
The shipped table holds only counts: for each data set and emotion, how often each AU combination was
coded, and for each combination, how many clips are in each cell of a rise-by-fall grid. It has no
rows of clips, and thus no order and no identities.

    python tools/build_me_statistics.py --source ../shared/data/me_statistics/samples.csv
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mien.au.catalog import CATALOG, RIG_NAMES, parse_au
from mien.errors import BadTrackError

CELL_SECONDS = 0.01
"""Width of a cell: two frames of the 200 fps data sets, a third of a frame of the 30 fps one."""

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ("dataset", "emotion", "action_units", "rise_seconds", "fall_seconds")
_ORDER = {
    name: (unit.number, name) for name in (*CATALOG, *RIG_NAMES) for unit in (parse_au(name)[0],)
}
_CODE = re.compile(r"(\d+)([LR]?)")

Timing = tuple[int, int]


@dataclass
class Combination:
    """How often a set of AUs was coded, and the cells of its timings."""

    rows: int = 0
    timings: Counter[Timing] = field(default_factory=Counter)


@dataclass
class Notes:
    """Counts of what the source holds and the table leaves out or changes, with the rows read."""

    rows: Counter[str] = field(default_factory=Counter)
    dropped_codes: Counter[str] = field(default_factory=Counter)
    dropped_rows: Counter[str] = field(default_factory=Counter)
    folded_codes: Counter[str] = field(default_factory=Counter)
    untimed_rows: Counter[str] = field(default_factory=Counter)
    zero_time_rows: Counter[str] = field(default_factory=Counter)


def read_aus(text: str, notes: Notes) -> tuple[str, ...]:
    """Return the canonical names of coded AUs such as ``1+2+12L``, in catalogue order.

    Codes outside the catalogue are left out and counted; a side on a midline AU is dropped and
    counted.

    Raises:
        BadTrackError: The text is not a list of this form.
    """
    names = set()
    for code in filter(None, text.split("+")):
        match = _CODE.fullmatch(code)
        if match is None:
            raise BadTrackError(f"expected AU codes such as 1+2+12L, got {text!r}")
        unit = CATALOG.get(f"AU{match[1]}")
        if unit is None:
            notes.dropped_codes[code] += 1
        elif match[2] and not unit.sided:
            notes.folded_codes[code] += 1
            names.add(unit.name)
        else:
            names.add(unit.name + match[2])
    return tuple(sorted(names, key=_ORDER.__getitem__))


def read_timing(row: dict[str, str], notes: Notes) -> Timing | None:
    """Return the cell of a row's rise and fall; None if one of them is missing or zero.

    A rise or fall of zero seconds means that two of the coded frames are equal: the coder's mark is
    missing.

    Raises:
        BadTrackError: A rise or a fall is negative.
    """
    if not row["rise_seconds"] or not row["fall_seconds"]:
        notes.untimed_rows[row["dataset"]] += 1
        return None
    rise, fall = float(row["rise_seconds"]), float(row["fall_seconds"])
    if min(rise, fall) < 0:
        raise BadTrackError(f"expected rise and fall of 0 s or more, got {rise} and {fall} s")
    if min(rise, fall) == 0:
        notes.zero_time_rows[row["dataset"]] += 1
        return None
    return round(rise / CELL_SECONDS), round(fall / CELL_SECONDS)


def aggregate(source: Path) -> dict[str, Any]:
    """Read the source and return the table as plain data, ready for JSON.

    Raises:
        BadTrackError: The file lacks the expected columns, or a row cannot be read.
    """
    notes = Notes()
    tables: dict[str, dict[str, dict[tuple[str, ...], Combination]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Combination))
    )
    with source.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise BadTrackError(f"expected columns {', '.join(COLUMNS)}, got {reader.fieldnames}")
        for row in reader:
            notes.rows[row["dataset"]] += 1
            aus = read_aus(row["action_units"], notes)
            if not aus:
                notes.dropped_rows[row["dataset"]] += 1
                continue
            combination = tables[row["dataset"]][row["emotion"]][aus]
            combination.rows += 1
            timing = read_timing(row, notes)
            if timing is not None:
                combination.timings[timing] += 1
    return {
        "about": (
            "Counts of coded micro-expressions: for each data set and emotion the AU combinations, "
            "how many clips showed each, and [rise cell, fall cell, clips]. Cell k spans "
            "(k +- 0.5) * cell_seconds; rise is onset to apex, fall is apex to offset. "
            "Made by tools/build_me_statistics.py."
        ),
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "cell_seconds": CELL_SECONDS,
        "notes": {
            "rows_read": _sorted(notes.rows),
            "rows_dropped_without_known_au": _sorted(notes.dropped_rows),
            "codes_dropped_outside_catalogue": _sorted(notes.dropped_codes),
            "codes_folded_to_midline": _sorted(notes.folded_codes),
            "rows_without_timing": _sorted(notes.untimed_rows),
            "rows_whose_zero_rise_or_fall_was_taken_as_missing": _sorted(notes.zero_time_rows),
        },
        "tables": {
            dataset: {
                emotion: _table(combinations) for emotion, combinations in sorted(emotions.items())
            }
            for dataset, emotions in sorted(tables.items())
        },
    }


def _table(combinations: dict[tuple[str, ...], Combination]) -> list[dict[str, Any]]:
    def rank(aus: tuple[str, ...]) -> tuple[Any, ...]:
        return -combinations[aus].rows, [_ORDER[name] for name in aus]

    return [
        {
            "aus": "+".join(aus),
            "rows": combinations[aus].rows,
            "timings": [[*cell, n] for cell, n in sorted(combinations[aus].timings.items())],
        }
        for aus in sorted(combinations, key=rank)
    ]


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def write(table: dict[str, Any], out: Path) -> None:
    """Write the table with one AU combination per line, so that a diff is readable."""
    text = json.dumps(table, indent=1)
    # Lists of numbers and combinations on one line each: a tenth of the lines.
    text = re.sub(r"\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]", r"[\1,\2,\3]", text)
    text = re.sub(r"\],\s+\[", "],[", text)
    text = re.sub(r'\{\s+("aus": "[^"]*"),\s+("rows": \d+),\s+', r"{\1, \2, ", text)
    text = re.sub(r'"timings": \[\s*(.*?)\s*\]\s+\}', r'"timings": [\1]}', text)
    text = re.sub(r"\n +", "\n", text)
    out.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Build the asset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--source", type=Path, default=ROOT / "../shared/data/me_statistics/samples.csv"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "src/mien/assets/me_statistics.json")
    args = parser.parse_args()
    write(aggregate(args.source), args.out)
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
