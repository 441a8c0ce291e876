"""Read and write BORIS's table of tabular events: a row for each START, STOP and POINT."""

from __future__ import annotations

from pathlib import Path

from mien.au.timeline import AUTimeline
from mien.errors import BadTrackError
from mien.io.timelines.boris import (
    NOT_AVAILABLE,
    Row,
    end_of,
    fps_of,
    media_cells,
    offset_note,
    pieces,
    read_rows,
    shown,
)
from mien.io.timelines.coded import Coded, events_of, left_out, milliseconds
from mien.io.timelines.csv_rows import MARK, delimiter_for, marked_or_empty, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.head import Head

MARKS = frozenset({"Time", "Behavior"})
_TYPES = ("Behavior type", "Status", "Type")

COLUMNS = (
    *("Observation id", "Observation date", "Description", "Observation duration"),
    *("Observation type", "Source", "Time offset (s)", "Media duration (s)", "FPS", "Subject"),
    *("Behavior", "Behavioral category", "Modifier #1", "Modifier #2", "Behavior type", "Time"),
    *("Media file name", "Image index", "Image file path", "Comment"),
)
"""The columns of BORIS 9.12 for behaviours with two modifiers."""


def recognises(head: Head) -> bool:
    """Return whether a file is a table of tabular events; older ones have lines before the header."""
    return any(
        cells >= MARKS and not cells.isdisjoint(_TYPES) for cells in map(head.cells, head.lines)
    )


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of tabular events.

    Raises:
        BadTrackError: Not a table of tabular events, a START without a STOP, a STOP without a START, or an invalid
            time.
    """
    rows = read_rows(path, MARKS, options)
    coded: list[Coded] = []
    others: list[str] = []
    unread: list[str] = []
    open_rows: dict[tuple[str, tuple[str, ...]], tuple[Row, float]] = {}
    for row in rows:
        said = row.label()
        if said is None:
            others.append(row.cells["Behavior"])
            continue
        label, rest = said
        unread += rest
        seconds = row.seconds("Time")
        kind = row.get(*_TYPES).upper()
        key = (row.cells["Behavior"], row.modifiers)
        if kind == "POINT":
            coded.append(Coded(label, seconds, seconds))
        elif kind == "START" and key not in open_rows:
            open_rows[key] = row, seconds
        elif kind == "STOP" and key in open_rows:
            _, start = open_rows.pop(key)
            if seconds < start:
                raise BadTrackError(
                    f"{path}, line {row.line}: STOP at {seconds:g} s is before its START"
                )
            coded.append(Coded(label, start, seconds))
        else:
            raise BadTrackError(
                f"{path}, line {row.line}: expected START and STOP of {key[0]!r} by turns, or POINT, "
                f"got {kind[:20] or 'nothing'}"
            )
    for row, seconds in open_rows.values():
        raise BadTrackError(
            f"{path}, line {row.line}: {row.cells['Behavior']!r} starts at {seconds:g} s and never stops: "
            "fix it in BORIS (Observations, Fix unpaired events)"
        )
    events, notes = events_of(path, coded)
    notes += left_out(path, "behaviours", others) + left_out(path, "modifiers", unread)
    notes += offset_note(path, rows)
    return Read(AUTimeline(events, end_of(rows), fps_of(rows, options), 0.001), notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table of tabular events, whole or not at all.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUTimeline)
    length, rate = media_cells(content)
    media = options.source or NOT_AVAILABLE
    lines: list[tuple[int, int, list[str]]] = []
    for event in content.events:
        for behaviour, start, end, (side, level) in pieces(event):
            point = milliseconds(start) == milliseconds(end)
            kinds = (("POINT", start),) if point else (("START", start), ("STOP", end))
            for kind, seconds in kinds:
                cells = [
                    *("observation", "", MARK, length, "Media file(s)", media, "0", length, rate),
                    *("No focal subject", behaviour, "FACS", side, level, kind, shown(seconds)),
                    *(media, NOT_AVAILABLE, NOT_AVAILABLE, ""),
                ]
                # At the same time, a STOP comes before a START.
                lines.append((milliseconds(seconds), int(kind != "STOP"), cells))
    ordered = [cells for _, _, cells in sorted(lines, key=lambda line: line[:2])]
    delimiter = delimiter_for(path)
    write_rows(path, [COLUMNS, *ordered], delimiter, marked_or_empty(COLUMNS, delimiter))


FORMAT = Format(
    name="boris-tabular",
    title="BORIS, tabular events",
    kind="events",
    suffixes=(".tsv", ".csv"),
    recognises=recognises,
    read=read,
    write=write,
    milliseconds=True,
    empty=False,
)
