"""Read and write BORIS's table of aggregated events: a row for each behaviour, with its start and stop."""

from __future__ import annotations

from pathlib import Path

from mien.au.timeline import AUTimeline
from mien.errors import BadTrackError
from mien.io.timelines.boris import (
    NOT_AVAILABLE,
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

MARKS = frozenset({"Behavior", "Start (s)", "Stop (s)"})

COLUMNS = (
    *("Observation id", "Observation date", "Description", "Observation type", "Source"),
    *("Time offset (s)", "Coding duration", "Media duration (s)", "FPS (frame/s)", "Subject"),
    *("Observation duration by subject by observation", "Behavior", "Behavioral category"),
    *("Modifier #1", "Modifier #2", "Behavior type", "Start (s)", "Stop (s)", "Duration (s)"),
    *("Media file name", "Image index start", "Image index stop", "Image file path start"),
    *("Image file path stop", "Comment start", "Comment stop"),
)
"""The columns of BORIS 9.12 for behaviours with two modifiers."""


def recognises(head: Head) -> bool:
    """Return whether a file is a table of aggregated events."""
    return head.columns >= MARKS


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of aggregated events.

    Raises:
        BadTrackError: Not a table of aggregated events, an invalid time, or a stop before its start.
    """
    rows = read_rows(path, MARKS, options)
    coded: list[Coded] = []
    others: list[str] = []
    unread: list[str] = []
    for row in rows:
        said = row.label()
        if said is None:
            others.append(row.cells["Behavior"])
            continue
        label, rest = said
        unread += rest
        start = row.seconds("Start (s)")
        # Some versions of BORIS write no stop for a point.
        point = row.get("Behavior type").upper() == "POINT"
        stop = start if point else row.seconds("Stop (s)")
        if stop < start:
            raise BadTrackError(
                f"{path}, line {row.line}: expected a stop after the start, got {start:g} and {stop:g} s"
            )
        coded.append(Coded(label, start, stop))
    events, notes = events_of(path, coded)
    notes += left_out(path, "behaviours", others) + left_out(path, "modifiers", unread)
    notes += offset_note(path, rows)
    return Read(AUTimeline(events, end_of(rows), fps_of(rows, options), 0.001), notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table of aggregated events, whole or not at all.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUTimeline)
    length, rate = media_cells(content)
    media = options.source or NOT_AVAILABLE
    lines: list[tuple[int, list[str]]] = []
    for event in content.events:
        for behaviour, start, end, (side, level) in pieces(event):
            point = milliseconds(start) == milliseconds(end)
            lasts = (
                NOT_AVAILABLE if point else shown((milliseconds(end) - milliseconds(start)) / 1000)
            )
            cells = [
                *("observation", "", MARK, "Media file(s)", media, "0", length, length, rate),
                *("No focal subject", length, behaviour, "FACS", side, level),
                *("POINT" if point else "STATE", shown(start), shown(end), lasts, media),
                *(NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, "", ""),
            ]
            lines.append((milliseconds(start), cells))
    ordered = [cells for _, cells in sorted(lines, key=lambda line: line[0])]
    delimiter = delimiter_for(path)
    write_rows(path, [COLUMNS, *ordered], delimiter, marked_or_empty(COLUMNS, delimiter))


FORMAT = Format(
    name="boris-aggregated",
    title="BORIS, aggregated events",
    kind="events",
    suffixes=(".tsv", ".csv"),
    recognises=recognises,
    read=read,
    write=write,
    milliseconds=True,
    empty=False,
)
