"""Shared code for both tables of BORIS: read their rows, and convert behaviours with modifiers to AU labels.

A behaviour is a label of an AU, such as ``AU12`` or ``AU12L``; modifiers name its side (``left``, ``right``, ``both``)
and its level (``A`` to ``E``, or a number). A behaviour ``AU12 apex`` is the apex: a point, or an interval.
The columns are those of BORIS 9.12. Older tables have ``Modifiers`` in place of ``Modifier #1`` and ``FPS`` in place of
``FPS (frame/s)``; old tabular tables have ``Status`` in place of ``Behavior type``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.au.frame_rate import parse_fps
from mien.au.labels import Label, parse_label
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError, UsageError
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.timelines.coded import chosen, milliseconds, with_words, written_level
from mien.io.timelines.csv_rows import parse_rows
from mien.io.timelines.format import ReadOptions

NOT_AVAILABLE = "NA"
"""What BORIS writes for a missing value."""

_MODIFIER = re.compile(r"Modifiers?( #\d+)?")


@dataclass(frozen=True)
class Row:
    """A row of a table of BORIS.

    Attributes:
        path: The file, for messages.
        line: The row's line in the file, counted from 1.
        cells: Its cells by column name.
    """

    path: Path
    line: int
    cells: dict[str, str]

    def get(self, *columns: str) -> str:
        """Return the cell of the first of these columns that the table has; an empty text if it has none."""
        return next((self.cells[c] for c in columns if c in self.cells), "")

    def seconds(self, column: str) -> float:
        """Return a time.

        Raises:
            BadTrackError: The cell is not a number of seconds from 0 on.
        """
        text = self.cells[column]
        try:
            seconds = float(text.replace(",", "."))
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < 1e9:
            raise BadTrackError(
                f"{self.path}, line {self.line}, column {column}: expected seconds from 0 on, got "
                f"{text[:40]!r}"
            )
        return seconds

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The words of all columns of modifiers."""
        found = [text for column, text in self.cells.items() if _MODIFIER.fullmatch(column)]
        return tuple(word for text in found for word in re.split(r"[|,]", text))

    def label(self) -> tuple[Label, tuple[str, ...]] | None:
        """Return the AU label of the behaviour and the modifiers that do not belong to it; None if it is not an AU."""
        label = parse_label(self.cells["Behavior"])
        return None if label is None else with_words(label, self.modifiers)


def read_rows(path: Path, marks: frozenset[str], options: ReadOptions) -> list[Row]:
    """Read the rows of one observation and one subject.

    Args:
        path: The file.
        marks: The columns by which the header is recognised; old tables have other lines before it.
        options: Which observation and subject.

    Raises:
        BadTrackError: No line has these columns, a row is too short, or there are several observations or subjects and
            none is chosen.
    """
    text = read_csv_text(path)
    head = next((line for line in text.splitlines() if "Behavior" in line), "")
    lines = parse_rows(path, text, delimiter_of(head))
    start = next((i for i, row in enumerate(lines) if marks <= {c.strip() for c in row}), None)
    if start is None:
        raise BadTrackError(
            f"expected the columns {', '.join(sorted(marks))} in {path}, got others"
        )
    columns = [cell.strip() for cell in lines[start]]
    rows = [
        Row(path, start + 1 + index, dict(zip(columns, (c.strip() for c in cells), strict=False)))
        for index, cells in enumerate(lines[start + 1 :], start=1)
        if any(cell.strip() for cell in cells)
    ]
    for row in rows:
        if len(row.cells) < len(set(columns)):
            raise BadTrackError(
                f"{path}, line {row.line}: expected {len(columns)} cells as in the header, got fewer"
            )
    for option, column in (("observation", "Observation id"), ("subject", "Subject")):
        if column not in columns:
            continue
        known = [row.cells[column] for row in rows]
        kept = chosen(path, option, f"--{option}", known, getattr(options, option))
        rows = [row for row in rows if row.cells[column] == kept]
    return rows


def fps_of(rows: Sequence[Row], options: ReadOptions) -> Fraction | None:
    """Return the frame rate that the user or else the rows give; None if it is not known."""
    if options.fps is not None:
        return options.fps
    given = {text for row in rows if (text := row.get("FPS (frame/s)", "FPS"))}
    try:
        return parse_fps(given.pop()) if len(given) == 1 else None
    except UsageError:  # NA, or the rates of several films in one cell
        return None


def offset_note(path: Path, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return a note if BORIS has a time offset, so that times do not count from the start of the film."""
    given = {
        text for row in rows if (text := row.get("Time offset (s)")) not in ("", NOT_AVAILABLE)
    }
    offsets = sorted(text for text in given if text.strip("0.+-"))
    if not offsets:
        return ()
    return (f"{path.name}: times have an offset in BORIS: the film begins at {offsets[0][:20]} s",)


def end_of(rows: Sequence[Row]) -> float | None:
    """Return the length of the film or of the observation in seconds; None if the rows do not give it."""
    for row in rows:
        text = row.get("Media duration (s)", "Total length", "Observation duration")
        try:
            seconds = float(text)
        except ValueError:
            continue
        if 0 < seconds < 1e9:
            return seconds
    return None


def pieces(event: AUEvent) -> list[tuple[str, float, float, tuple[str, str]]]:
    """Return the behaviours of an event: name, start, end and modifiers. The apex is a separate behaviour."""
    side = "" if event.side == "both" else event.side
    name = event.au.rstrip("LR")
    found: list[tuple[str, float, float, tuple[str, str]]] = [
        (name, event.onset_seconds, event.offset_seconds, (side, written_level(event)))
    ]
    if event.apex_start_seconds is not None and event.apex_end_seconds is not None:
        start, end = event.apex_start_seconds, event.apex_end_seconds
        found.append((f"{name} apex", start, end, (side, "")))
    return found


def shown(seconds: float) -> str:
    """Return a time as BORIS writes it, with three decimals."""
    return f"{milliseconds(seconds) / 1000:.3f}"


def media_cells(timeline: AUTimeline) -> tuple[str, str]:
    """Return the text of the cells with the film's length and frame rate."""
    end = NOT_AVAILABLE if timeline.end_seconds is None else shown(timeline.end_seconds)
    rate = NOT_AVAILABLE if timeline.fps is None else f"{float(timeline.fps):.3f}"
    return end, rate
