"""One rater's session: what is rated, and what comes next. Each rating is on disk before the next clip is shown."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from mien.errors import OutputError, UsageError
from mien.experiment.facs_table import FACS_COLUMNS, SeenAU
from mien.io.atomic import atomic_file
from mien.io.csv_text import read_csv_text
from mien.io.csv_words import plain_words
from mien.rating.answer import Judgement, Watched
from mien.rating.clips import KNOWN, RatedClip

RATING_COLUMNS = (
    *("rater", "trial", "stimulus_file", "answer", "other_word", "rated_intensity", "naturalness"),
    *("plays", "skipped_frames", "rt_ms", "rated_at", "frames", "fps"),
    *KNOWN,
)

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|session|facs")


def rater_code(text: str) -> str:
    """Return a rater's code in lower case, for use in file names.

    Raises:
        UsageError: The code is empty, too long, reserved, or has characters that some system forbids in file names.
    """
    code = text.strip().lower()
    if not _CODE.fullmatch(code) or _RESERVED.fullmatch(code):
        raise UsageError(
            f"expected a code of up to 40 letters a to z, digits, - and _, got {text[:40]!r}"
        )
    return code


class Session:
    """A rater's session.

    Args:
        path: The rater's file; it need not exist.
        rater: The rater's code.
        order: The clips in this rater's order.
        facs: Whether the file holds FACS sheets.

    Raises:
        OutputError: The file has other columns, or the ratings of another rater.
    """

    def __init__(self, path: Path, rater: str, order: Sequence[RatedClip], *, facs: bool) -> None:
        self.rater = rater
        self._path, self._order = path, order
        self._columns = FACS_COLUMNS if facs else RATING_COLUMNS
        self._lock = threading.Lock()
        self._rows = self._read()
        self._done = {row["stimulus_file"] for row in self._rows}

    @property
    def total(self) -> int:
        """Number of clips."""
        return len(self._order)

    @property
    def trial(self) -> int:
        """The number of the next trial, from 1; the number of clips plus 1 if all are rated."""
        return 1 + sum(each.file in self._done for each in self._order)

    @property
    def next(self) -> RatedClip | None:
        """The clip that comes next; None if all are rated."""
        return next((each for each in self._order if each.file not in self._done), None)

    def rate(
        self, trial: int, said: Judgement, watched: Watched, frames: int, fps: Fraction
    ) -> bool:
        """Write a rating of the next clip. If another window has rated it already, write nothing and return False.

        Args:
            trial: The trial that the rater saw.
            said: The rating.
            watched: How the clip was watched.
            frames: Number of the clip's frames.
            fps: Its frames a second.

        Raises:
            OutputError: The file cannot be written; the clip counts as not rated.
        """
        values = {
            "answer": said.answer,
            "other_word": plain_words(said.other_word),
            "rated_intensity": said.rated_intensity,
            "naturalness": said.naturalness,
        }
        return self._add(trial, [values], watched, frames, fps)

    def code(
        self,
        trial: int,
        seen: Sequence[SeenAU],
        watched: Watched,
        frames: int,
        times: Sequence[float],
        fps: Fraction,
    ) -> bool:
        """Write a FACS sheet of the next clip, as `rate` does.

        Args:
            trial: The trial that the coder saw.
            seen: The AUs; none if nothing was seen.
            watched: How the clip was watched.
            frames: Number of the clip's frames.
            times: (frames,) time of each frame, seconds.
            fps: Its frames a second.
        """
        rows: list[dict[str, Any]] = []
        for each in seen:
            row: dict[str, Any] = {"au": each.au, "side": each.side, "level": each.level}
            for name in ("onset", "apex", "offset"):
                frame = getattr(each, f"{name}_frame")
                row |= {f"{name}_frame": frame, f"{name}_seconds": round(times[frame], 6)}
            rows.append(row)
        return self._add(trial, rows or [{}], watched, frames, fps)

    def _add(
        self,
        trial: int,
        rows: Sequence[Mapping[str, Any]],
        watched: Watched,
        frames: int,
        fps: Fraction,
    ) -> bool:
        with self._lock:
            clip = self.next
            if clip is None or trial != self.trial:
                return False
            more = {
                # A FACS sheet has its own column "side": the planned side must not replace the one that was seen.
                **({} if self._columns is FACS_COLUMNS else clip.known),
                "rater": self.rater,
                "coder": self.rater,
                "trial": trial,
                "stimulus_file": clip.file,
                "plays": watched.plays,
                "skipped_frames": watched.skipped_frames,
                "rt_ms": watched.rt_ms,
                "rated_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "frames": frames,
                "fps": str(fps),
            }
            new = [
                {
                    name: str(value)
                    for name, value in ({**more, **row}).items()
                    if name in self._columns
                }
                for row in rows
            ]
            # The file is replaced as a whole: if the process is killed, it has all rows of a clip or none.
            with atomic_file(self._path, is_own=lambda _: True) as temporary:
                temporary.write_text(self._text([*self._rows, *new]), encoding="utf-8", newline="")
            self._rows += new
            self._done.add(clip.file)
            return True

    def _text(self, rows: Sequence[Mapping[str, str]]) -> str:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self._columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def _read(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        reader = csv.DictReader(io.StringIO(read_csv_text(self._path), newline=""))
        if tuple(reader.fieldnames or ()) != self._columns:
            raise OutputError(
                f"expected ratings with the columns of this version in {self._path}, got others: move it away"
            )
        rows = [{name: row[name] or "" for name in self._columns} for row in reader]
        for row in rows:
            if row[self._columns[0]] != self.rater:
                raise OutputError(
                    f"expected the ratings of {self.rater} in {self._path}, got those of {row[self._columns[0]]}"
                )
        return rows
