"""Count the trials with dropped frames in results, and leave them out if the user says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mien.errors import UsageError
from mien.experiment.participant_column import EMPTY
from mien.experiment.result_table import ResultTable

DROPPED = "dropped_frames"
"""The column with the number of screen refreshes that a trial missed."""


@dataclass(frozen=True)
class DroppedCounts:
    """How many trials of the results had dropped frames.

    Attributes:
        measured: Number of trials with a known number of dropped frames.
        dropped: Number of these trials with at least one dropped frame.
        left_out: Number of trials that were left out for their dropped frames.
    """

    measured: int
    dropped: int
    left_out: int

    def to_json(self) -> dict[str, int]:
        """Return JSON values."""
        return {
            "trials_measured": self.measured,
            "trials_with_dropped_frames": self.dropped,
            "trials_left_out": self.left_out,
        }


class DroppedFrames:
    """Counts dropped frames while results are read.

    Args:
        most: Trials with more dropped frames than this are left out; None to count all trials.
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._measured = self._dropped = self._left_out = 0
        self._people: set[str] = set()

    def column(self, table: ResultTable) -> str:
        """Return the column of dropped frames, which a file needs only if trials are left out.

        Raises:
            UsageError: Trials are to be left out, and there is no such column.
        """
        if self._most is not None and DROPPED not in table.header:
            raise UsageError(
                f"expected a column {DROPPED} in {table.path} for --most-dropped, got none: leave the option out"
            )
        return DROPPED

    def leaves_out(self, table: ResultTable, line: int, person: str, cell: str) -> bool:
        """Count a trial, and return whether it is left out.

        Args:
            table: The results.
            line: The line of the trial.
            person: The participant.
            cell: The trial's number of dropped frames; an empty cell is unknown, and such a trial is counted.

        Raises:
            UsageError: Trials are to be left out, and the cell is not a number.
        """
        text = cell.strip()
        try:
            frames = 0.0 if text.casefold() in (*EMPTY, "none") else float(text)
        except ValueError as error:
            if self._most is None:
                return False  # the column has another meaning here
            raise UsageError(
                f"{table.path}, line {line}, column {DROPPED}: expected a number, got {text!r}"
            ) from error
        self._measured += text.casefold() not in (*EMPTY, "none")
        self._dropped += frames > 0
        if self._most is None or frames <= self._most:
            return False
        self._left_out += 1
        self._people.add(person)
        return True

    def check_people(self, left: Collection[str]) -> None:
        """Refuse results in which a participant has no trial left.

        Raises:
            UsageError: All trials of a participant were left out.
        """
        if gone := sorted(self._people - set(left)):
            raise UsageError(
                f"--most-dropped {self._most} leaves no trial of participant {gone[0]}: leave out the file, or allow "
                "more dropped frames"
            )

    @property
    def counts(self) -> DroppedCounts | None:
        """What was counted; None if no trial has a number of dropped frames."""
        if not self._measured:
            return None
        return DroppedCounts(self._measured, self._dropped, self._left_out)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user must know, one line each."""
        if not self._dropped:
            return ()
        said = f"{self._dropped} of {self._measured} trials had dropped frames"
        if self._most is None:
            return (f"{said} and are counted: leave them out with --most-dropped 0",)
        return (f"{said}: {self._left_out} left out, with more than {self._most}",)
