"""Read and write FaceReader's detailed log (FaceReader 8 and 9, text): AUs as levels A to E or numbers from 0 to 1.

Lines about the analysis come first, then the header. ``FIT_FAILED`` and ``FIND_FAILED`` mark frames without a face. The
levels are the program's own five classes. The numbers are shares of the strongest movement, not FACS intensities.
Columns of one side have the word Left or Right, which is read as the person's own side.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from mien.au.catalog import CATALOG, parse_au
from mien.au.intensity import LEVELS, level_from_intensity
from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.timelines.csv_rows import MARK, number, parse_rows, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.frames_table import known_au, without_empty
from mien.io.timelines.head import Head
from mien.io.timelines.times import clock_time, parse_clock

NUMBERS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 23, 24, 25, 26, 27, 43)
"""The AUs of FaceReader's Action Unit module; Mien has no AU 27."""

TIME = "Video Time"
LOST = ("FIT_FAILED", "FIND_FAILED")
NOT_ACTIVE = "NotActive"
UNKNOWN = ("Unknown", "")
_COLUMN = re.compile(r"(?:(left|right) )?action unit (\d{1,2})\b(.*)", re.IGNORECASE)
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)


def recognises(head: Head) -> bool:
    """Return whether a file is a detailed log."""
    return any(TIME in line and "ction Unit " in line for line in head.lines)


def read(path: Path, options: ReadOptions) -> Read:
    """Read a detailed log.

    Raises:
        BadTrackError: Not a detailed log, cells of another form, both levels and numbers, or no frame with a face.
    """
    text = read_csv_text(path)
    head = next((line for line in text.splitlines() if TIME in line), "")
    lines = parse_rows(path, text, delimiter_of(head))
    start = next((i for i, row in enumerate(lines) if TIME in [c.strip() for c in row]), None)
    if start is None:
        raise BadTrackError(f"expected the column {TIME} in {path}, got none")
    header = [cell.strip() for cell in lines[start]]
    columns, unknown = _columns(path, header)
    rows = [
        (start + 1 + i, row)
        for i, row in enumerate(lines[start + 1 :], 1)
        if any(map(str.strip, row))
    ]
    if not rows or not columns:
        raise BadTrackError(f"expected rows and columns such as Action Unit 12 in {path}, got none")
    least = max(header.index(TIME), *columns.values())
    for line, row in rows:
        if len(row) <= least:
            raise BadTrackError(
                f"{path}, line {line}: expected {len(header)} cells, got {len(row)}"
            )
    times = np.array([parse_clock(path, line, row[header.index(TIME)]) for line, row in rows])
    cells = {
        name: [(line, header[index], row[index].strip()) for line, row in rows]
        for name, index in columns.items()
    }
    letters = {text in (NOT_ACTIVE, *LEVELS[1:]) for each in cells.values() for _, _, text in each
               if text not in (*LOST, *UNKNOWN)}  # fmt: skip
    if len(letters) != 1:
        raise BadTrackError(
            f"expected AUs in {path} as levels A to E or as numbers 0 to 1, got "
            f"{'both' if letters else 'neither'}"
        )
    by_level = letters == {True}
    values = np.stack([_values(path, each, by_level) for each in cells.values()], axis=1)
    names, kept = without_empty({name: name for name in columns}, values)
    seen = ~np.isnan(kept).all(axis=1)
    samples = AUSamples(names, kept, times, "intensity" if by_level else "share", None, {}, seen)
    notes = []
    if unknown:
        notes.append(
            f"{path.name}: left out columns of AUs that Mien lacks, or of one side alone: {', '.join(unknown)}"
        )
    if any(parse_au(name)[1] for name in names):
        notes.append(
            f"{path.name}: Left and Right are read as the person's own sides: check it on one clip"
        )
    return Read(samples, tuple(notes))


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a detailed log: numbers if the content is shares, otherwise levels.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    header = [TIME, *(_heading(name) for name in content.names)]
    seen = content.seen
    assert seen is not None
    rows = []
    for row in range(len(content)):
        cells = [_cell(value, content.unit == "share") for value in content.values[row].tolist()]
        if not seen[row]:
            cells = [LOST[0]] * len(cells)
        rows.append([clock_time(float(content.times_seconds[row])), *cells])
    about = [["Video analysis detailed log"], ["Remarks:", MARK], ["Filename:", options.source], []]
    write_rows(path, [*about, header, *rows], "\t")


def _columns(path: Path, header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Return the columns by AU name, for each AU either one column or both sides, and the columns that are left out."""
    found: dict[str, int] = {}
    unknown = []
    for index, column in enumerate(header):
        match = _COLUMN.fullmatch(column)
        if match is None:
            continue
        unit = known_au(match[2])
        side = match[1] or (m[1] if (m := _SIDE.search(match[3])) else "")
        if unit is None or (side and not CATALOG[unit].sided):
            unknown.append(column)
            continue
        name = unit + side[:1].upper()
        if name in found:
            raise BadTrackError(f"{path}: expected one column for {name}, got {column!r} as well")
        found[name] = index
    for unit in {name.rstrip("LR") for name in found}:
        if {unit + "L", unit + "R"} <= found.keys():
            found.pop(unit, None)
        elif unit in found:
            unknown += [
                header[found.pop(name)] for name in (unit + "L", unit + "R") if name in found
            ]
    return found, unknown


def _values(
    path: Path, cells: list[tuple[int, str, str]], by_level: bool
) -> Float64[np.ndarray, " frames"]:
    values = []
    for line, column, text in cells:
        if text in LOST or text in UNKNOWN:
            values.append(np.nan)
        elif by_level:
            values.append(0.0 if text == NOT_ACTIVE else float(LEVELS.index(text)))
        else:
            try:
                value = float(text.replace(",", "."))
            except ValueError:
                value = np.nan
            if not 0 <= value <= 1:
                raise BadTrackError(
                    f"{path}, line {line}, column {column}: expected 0 to 1, got {text[:40]!r}"
                )
            values.append(value)
    return np.array(values)


def _heading(name: str) -> str:
    unit, side = parse_au(name)
    facs = {18: "Lip Puckerer"}.get(unit.number, unit.facs_name)
    start = f"{side.title()} " if side else ""
    return f"{start}Action Unit {unit.number:02d} - {facs}"


def _cell(value: float, as_number: bool) -> str:
    if value != value:
        return UNKNOWN[0]
    if as_number:
        return number(value)
    level = level_from_intensity(value)
    return NOT_ACTIVE if level == "0" else level


FORMAT = Format(
    name="facereader",
    title="FaceReader, detailed log",
    kind="samples",
    suffixes=(".txt",),
    recognises=recognises,
    read=read,
    write=write,
    unit="share",
    aus=tuple(f"AU{n}" for n in NUMBERS if n != 27),
    milliseconds=True,
    levels=True,
)
