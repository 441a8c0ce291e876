"""Read and write Mien's own table of AU events, which holds every field of an event exactly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mien.au.catalog import canonical_name
from mien.au.frame_rate import parse_fps
from mien.au.labels import level_of
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError, UsageError
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.replacing import begins_with
from mien.io.timelines.csv_rows import number, parse_rows, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.head import Head

COLUMNS = (
    *("au", "onset_seconds", "apex_start_seconds", "apex_end_seconds", "offset_seconds"),
    *("peak_intensity", "confidence"),
)
OBSERVED = "observed"
"""The word in place of an AU in the row that describes the whole observation. The frame rate and the AUs that were
looked for may follow it, as in ``observed fps=200 aus=AU4+AU12``."""

is_own = begins_with(f"{','.join(COLUMNS)}\n{OBSERVED}")
"""Return whether a file may be one that `write` wrote: tables that people write seldom begin with the observation."""


def recognises(head: Head) -> bool:
    """Return whether a file is a table of AU events."""
    return head.columns >= {"au", "onset_seconds", "offset_seconds"}


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of events.

    ``peak_intensity`` may be a FACS level; ``apex_start_seconds`` and the columns after it may be missing or empty.

    Raises:
        UnknownAUError: An AU that is not in the catalogue.
        BadTrackError: Not a table of AU events, or values that do not make a valid event.
    """
    text = read_csv_text(path)
    lines = parse_rows(path, text, delimiter_of(text.lstrip().partition("\n")[0]))
    columns = [cell.strip() for cell in lines[0]] if lines else []
    if not {"au", "onset_seconds", "offset_seconds"} <= set(columns):
        raise BadTrackError(f"expected the columns {', '.join(COLUMNS)} in {path}, got others")
    events: list[AUEvent] = []
    timeline = AUTimeline(())
    for index, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise BadTrackError(
                f"{path}, line {index}: expected {len(columns)} cells as in the header, got {len(cells)}"
            )
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        if row["au"].startswith(OBSERVED):
            timeline = _observed(path, index, row)
            continue
        events.append(_event(path, index, row))
    timeline = replace(timeline, events=tuple(events))
    return Read(timeline if options.fps is None else replace(timeline, fps=options.fps))


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table of events, whole or not at all; it is read back exactly.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUTimeline)
    rate = "" if content.fps is None else f" fps={content.fps}"
    searched = "" if content.searched is None else f" aus={'+'.join(content.searched)}"
    end = "" if content.end_seconds is None else number(content.end_seconds)
    rows = [[OBSERVED + rate + searched, "0", "", "", end, "", ""]]
    for event in content.events:
        cells = [getattr(event, column) for column in COLUMNS[1:]]
        rows.append([event.au, *("" if cell is None else number(cell) for cell in cells)])
    write_rows(path, [COLUMNS, *rows], is_own=is_own)


def _observed(path: Path, line: int, row: dict[str, str]) -> AUTimeline:
    """Return a timeline without events, with the end, the frame rate and the AUs in the row of the observation."""
    facts = dict(
        (name, value) for word in row["au"].split()[1:] for name, _, value in [word.partition("=")]
    )
    end = _number(path, line, row, "offset_seconds")
    if end is not None and not 0 <= end < float("inf"):
        raise BadTrackError(f"{path}, line {line}: expected an end of 0 s or more, got {end!r}")
    try:
        fps = parse_fps(facts["fps"]) if "fps" in facts else None
        aus = tuple(map(canonical_name, facts["aus"].split("+"))) if "aus" in facts else None
    except (UsageError, BadTrackError) as error:
        raise BadTrackError(f"{path}, line {line}: {error}") from error
    return AUTimeline((), end, fps, searched=aus)


def _event(path: Path, line: int, row: dict[str, str]) -> AUEvent:
    try:
        numbers = {c: _number(path, line, row, c) for c in COLUMNS[1:] if c != "peak_intensity"}
        level = row.get("peak_intensity", "")
        peak = level_of(level) if level else None
        if level and peak is None:
            raise BadTrackError(
                f"expected a level A to E or an intensity above 0, got {level[:40]!r}"
            )
        onset, offset = numbers.pop("onset_seconds"), numbers.pop("offset_seconds")
        if onset is None or offset is None:
            raise BadTrackError("expected an onset and an offset, got an empty cell")
        return AUEvent(canonical_name(row["au"]), onset, offset, peak_intensity=peak, **numbers)
    except BadTrackError as error:
        if str(error).startswith(str(path)):
            raise
        raise type(error)(f"{path}, line {line}: {error}") from error


def _number(path: Path, line: int, row: dict[str, str], column: str) -> float | None:
    text = row.get(column, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise BadTrackError(
            f"{path}, line {line}, column {column}: expected a number, got {text[:40]!r}"
        ) from None


FORMAT = Format(
    name="mien-events",
    title="Mien, events",
    kind="events",
    suffixes=(".csv",),
    recognises=recognises,
    read=read,
    write=write,
    confidence=True,
    searched=True,
)
