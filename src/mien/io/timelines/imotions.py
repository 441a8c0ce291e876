"""Read and write iMotions' export (iMotions 10, AFFDEX): metadata, then scores 0 to 100 of facial expressions by name.

A file has the rows of all sensors. If a sensor has no new value in a row, its cells there are empty or repeat the old
value; ``SampleNumber`` tells whether the value is new. The second of two columns called ``EventSource`` is AFFDEX's.
``Smirk`` names no side and has no AU of its own, so it is left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.timelines.coded import milliseconds
from mien.io.timelines.csv_rows import MARK, delimiter_for, number, parse_rows, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.frames_table import is_empty, without_empty
from mien.io.timelines.head import Head

EXPRESSIONS = {
    "Brow Furrow": "AU4", "Brow Raise": "AU2", "Cheek Raise": "AU6", "Chin Raise": "AU17",
    "Dimpler": "AU14", "Eye Closure": "AU43", "Eye Widen": "AU5", "Inner Brow Raise": "AU1",
    "Jaw Drop": "AU26", "Lip Corner Depressor": "AU15", "Lip Press": "AU24", "Lip Pucker": "AU18",
    "Lip Stretch": "AU20", "Lip Suck": "AU28", "Lid Tighten": "AU7", "Mouth Open": "AU25",
    "Nose Wrinkle": "AU9", "Smile": "AU12", "Upper Lip Raise": "AU10",
}  # fmt: skip
"""The AU of each of AFFDEX's facial expressions, as its makers name it."""

WITHOUT_AU = ("Smirk",)
TIME, SAMPLE, MOST = "Timestamp", "SampleNumber", 100.0


def recognises(head: Head) -> bool:
    """Return whether a file is an export of iMotions with facial expressions."""
    return any(
        TIME in line and any(name in line for name in EXPRESSIONS)
        for line in head.lines
        if not line.startswith("#")
    )


def read(path: Path, options: ReadOptions) -> Read:
    """Read an export.

    Raises:
        BadTrackError: Not an export with facial expressions, cells of another form, or no row with a face.
    """
    text = read_csv_text(path)
    head = next(
        (line for line in text.splitlines() if TIME in line and not line.startswith("#")), ""
    )
    lines = parse_rows(path, text, delimiter_of(head))
    start = next(
        (
            i
            for i, row in enumerate(lines)
            if TIME in [c.strip() for c in row] and not row[0].startswith("#")
        ),
        None,
    )
    header = [] if start is None else [cell.strip() for cell in lines[start]]
    columns = {au: header.index(name) for name, au in EXPRESSIONS.items() if name in header}
    if start is None or not columns:
        raise BadTrackError(
            f"expected the columns {TIME} and Brow Furrow, Smile, ... in {path}, got none"
        )
    rows = _fresh(path, start, header, columns, lines)
    times = np.array([_cell(path, line, TIME, cell, 1e12) for line, cell, _ in rows]) / 1000
    values = np.array(
        [
            [_cell(path, line, header[i], row[i], MOST) for i in columns.values()]
            for line, _, row in rows
        ]
    )
    names, kept = without_empty({name: name for name in columns}, values)
    if not names:
        raise BadTrackError(f"expected a face in {path}, got no value in any row")
    seen = ~np.isnan(kept).all(axis=1)
    samples = AUSamples(names, kept, times, "percent", None, {}, seen)
    gone = [name for name in WITHOUT_AU if name in header]
    notes = tuple(f"{path.name}: {name} names no side and no AU, left out" for name in gone)
    return Read(samples, notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write an export with AFFDEX's columns; unknown values are empty cells.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    columns = {au: name for name, au in EXPRESSIONS.items()}
    header = ["Row", TIME, "EventSource", "EventSource", SAMPLE, *columns.values()]
    rows = []
    for row in range(len(content)):
        values = dict(zip(content.names, content.values[row].tolist(), strict=True))
        cells = [number(values.get(au, float("nan"))) for au in columns]
        time = str(milliseconds(float(content.times_seconds[row])))
        rows.append([str(row + 1), time, "1", "1", str(row + 1), *cells])
    about = [["#INFO"], ["#Study name", options.source], ["#Remarks", MARK], ["#DATA"]]
    write_rows(path, [*about, header, *rows], delimiter_for(path))


def _fresh(
    path: Path, start: int, header: list[str], columns: dict[str, int], lines: list[list[str]]
) -> list[tuple[int, str, list[str]]]:
    """Return the line, time and cells of the rows with new values of the face.

    Raises:
        BadTrackError: A row that is too short, or no row with new values.
    """
    time = header.index(TIME)
    sample = header.index(SAMPLE) if SAMPLE in header else None
    least = max(time, *columns.values())
    found: list[tuple[int, str, list[str]]] = []
    last = None
    for line, row in enumerate(lines[start + 1 :], start=start + 2):
        if not any(map(str.strip, row)):
            continue
        if len(row) <= least:
            raise BadTrackError(
                f"{path}, line {line}: expected {len(header)} cells, got {len(row)}"
            )
        if sample is not None and sample < len(row):
            own = row[sample].strip()
            if not own or own == last:
                continue
            last = own
        elif all(is_empty(row[i]) for i in columns.values()):
            continue
        found.append((line, row[time], row))
    if not found:
        raise BadTrackError(f"expected rows of facial expressions in {path}, got none")
    return found


def _cell(path: Path, line: int, column: str, text: str, most: float) -> float:
    if is_empty(text) and column != TIME:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise BadTrackError(
            f"{path}, line {line}, column {column}: expected 0 to {most:g}, got {text.strip()[:40]!r}"
        )
    return value


FORMAT = Format(
    name="imotions",
    title="iMotions, AFFDEX",
    kind="samples",
    suffixes=(".csv", ".txt"),
    recognises=recognises,
    read=read,
    write=write,
    unit="percent",
    aus=tuple(EXPRESSIONS.values()),
    sides=False,
    milliseconds=True,
)
