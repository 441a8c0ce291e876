"""Read the FACS sheets of coders, as the rating page writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mien.errors import MienError, UsageError
from mien.experiment.facs_table import FACS_START, SeenAU, check_apart
from mien.experiment.result_table import read_table, result_files

PHASES = ("onset", "apex", "offset")


@dataclass(frozen=True)
class CoderSheets:
    """What coders saw.

    Attributes:
        seen: The AUs by coder and clip; an empty tuple if nothing was seen in a clip.
    """

    seen: Mapping[str, Mapping[str, tuple[SeenAU, ...]]]

    @property
    def coders(self) -> tuple[str, ...]:
        """The coders, sorted."""
        return tuple(sorted(self.seen))

    @property
    def common(self) -> tuple[str, ...]:
        """The clips that all coders coded, sorted."""
        sets = [set(clips) for clips in self.seen.values()]
        return tuple(sorted(set.intersection(*sets))) if sets else ()


def are_sheets(places: Sequence[Path]) -> bool:
    """Return whether results are FACS sheets, by the columns of the first file."""
    files = result_files(places)
    return bool(files) and set(FACS_START) <= set(read_table(files[0]).header)


def read_sheets(places: Sequence[Path]) -> CoderSheets:
    """Read sheets.

    Args:
        places: CSV files, or folders of them.

    Raises:
        UsageError: A column is missing, a row is not valid, or a coder coded a clip twice.
    """
    seen: dict[str, dict[str, list[SeenAU]]] = {}
    trials: dict[tuple[str, str], tuple[Path, str]] = {}
    for path in result_files(places):
        table = read_table(path)
        for name in (*FACS_START, *(f"{phase}_frame" for phase in PHASES)):
            table.named(name)
        for line, row in table.rows:
            coder, clip = row["coder"].strip(), row["stimulus_file"].strip()
            if not coder or not clip:
                raise UsageError(f"{path}, line {line}: expected a coder and a stimulus_file")
            trial = (path, row["trial"].strip())
            if trials.setdefault((coder, clip), trial) != trial:
                raise UsageError(
                    f"{path}, line {line}: expected each clip once for each coder, got {clip} again for {coder}"
                )
            found = seen.setdefault(coder, {}).setdefault(clip, [])
            if row["au"].strip():
                found.append(_seen(path, line, row))
    for coder, clips in seen.items():
        for clip, aus in clips.items():
            try:
                check_apart(aus)
            except UsageError as error:
                raise UsageError(f"{clip} of {coder}: {error}") from error
    return CoderSheets(
        {coder: {clip: tuple(aus) for clip, aus in clips.items()} for coder, clips in seen.items()}
    )


def _seen(path: Path, line: int, row: Mapping[str, str]) -> SeenAU:
    numbers = []
    for phase in PHASES:
        text = row[f"{phase}_frame"].strip()
        if not text.isascii() or not text.isdigit():
            raise UsageError(
                f"{path}, line {line}: expected a whole number as {phase}_frame, got {text!r}"
            )
        numbers.append(int(text))
    try:
        return SeenAU(row["au"].strip(), row["side"].strip(), row["level"].strip(), *numbers)  # type: ignore[arg-type]
    except MienError as error:
        raise UsageError(f"{path}, line {line}: {error}") from error
