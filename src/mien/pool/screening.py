"""Screen portraits: measure each one, and say which are refused and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from mien.common.picture import Picture
from mien.errors import MienError, SeveralFacesError, UsageError
from mien.io.atomic import atomic_file
from mien.io.clip_hash import sha256_file
from mien.io.csv_text import read_csv_text
from mien.io.images import PICTURE_SUFFIXES
from mien.io.replacing import begins_with
from mien.pool.limits import ScreenLimits, tone_of
from mien.pool.measures import PortraitMeasures, measure_portrait

SCREENING = "screening.csv"
COLUMNS = (
    *("portrait", "sha256", "accepted", "reasons", "group"),
    *(each.name for each in fields(PortraitMeasures)),
)
WRITE_EVERY = 25
"""Write the table after this many portraits, so that an interrupted screening can continue."""

is_screening = begins_with(",".join(COLUMNS[:5]))
"""Whether a file is a table of screening that Mien wrote."""


@dataclass(frozen=True)
class Screened:
    """A portrait that was screened.

    Attributes:
        path: The picture.
        sha256: SHA-256 of the file.
        measured: Its measures; None if no single face was found.
        reasons: Why it is refused; empty if it is accepted.
        group: The group by which the pool is balanced; empty if it is not known.
    """

    path: Path
    sha256: str
    measured: PortraitMeasures | None
    reasons: tuple[str, ...]
    group: str

    @property
    def accepted(self) -> bool:
        """Whether the pool may take the portrait."""
        return not self.reasons

    def row(self) -> dict[str, str]:
        """Return the cells of the table."""
        return {
            "portrait": self.path.name,
            "sha256": self.sha256,
            "accepted": str(self.accepted),
            "reasons": "; ".join(self.reasons),
            "group": self.group,
            **(self.measured.row() if self.measured else {}),
        }


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures in a folder, sorted by name.

    Raises:
        UsageError: Not a folder, no pictures in it, or two pictures whose names differ only in the suffix.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of portraits, got {folder}")
    found = sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES)
    if not found:
        raise UsageError(f"expected pictures in {folder}, got none")
    stems = [each.stem for each in found]
    if len(set(stems)) < len(stems):
        twice = next(name for name in stems if stems.count(name) > 1)
        raise UsageError(f"expected one picture a name in {folder}, got {twice} twice")
    return found


def screen(
    pictures: Sequence[Path],
    limits: ScreenLimits,
    table: Path,
    groups: Mapping[str, str] | None = None,
    on_picture: Callable[[int, int], None] | None = None,
) -> tuple[Screened, ...]:
    """Screen portraits and write the table. Portraits that an earlier table has measured are not measured again.

    Args:
        pictures: The portraits.
        limits: Limits that a portrait must keep.
        table: Path of the table.
        groups: Groups by file name, in place of the skin tone.
        on_picture: Called after each portrait with the number of portraits done and the total.

    Raises:
        OutputError: The table cannot be written.
    """
    before = _measured_before(table)
    seen: dict[str, str] = {}
    found: list[Screened] = []
    for number, path in enumerate(pictures, start=1):
        sha256 = sha256_file(path)
        measured, reasons = before.get(sha256) or _measure(path)
        if measured is not None:
            reasons = limits.reasons(measured)
        if sha256 in seen:
            reasons = (*reasons, f"the same file as {seen[sha256]}")
        seen.setdefault(sha256, path.name)
        group = "" if measured is None else tone_of(measured)
        if groups is not None:
            group = groups.get(path.name, "")
            reasons = reasons if group else (*reasons, "no group in --groups")
        found.append(Screened(path, sha256, measured, reasons, group))
        if on_picture is not None:
            on_picture(number, len(pictures))
        if sha256 not in before and number % WRITE_EVERY == 0:
            _write(table, found)
    _write(table, found)
    return tuple(found)


def _measure(path: Path) -> tuple[PortraitMeasures | None, tuple[str, ...]]:
    try:
        return measure_portrait(Picture.of(path).portrait()), ()
    except SeveralFacesError:
        return None, ("several faces",)
    except MienError as error:
        return None, (f"no face: {' '.join(str(error).split())}",)


def _measured_before(
    table: Path,
) -> dict[str, tuple[PortraitMeasures | None, tuple[str, ...]]]:
    """Return what an earlier table of this version has measured, by the file's hash."""
    if not table.is_file() or not is_screening(table):
        return {}
    reader = csv.DictReader(io.StringIO(read_csv_text(table), newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        return {}
    found: dict[str, tuple[PortraitMeasures | None, tuple[str, ...]]] = {}
    for row in reader:
        try:
            found[row["sha256"]] = (PortraitMeasures.of_row(row), ())
        except (KeyError, ValueError, TypeError):
            continue  # no face or a damaged row: measure the portrait again
    return found


def _write(table: Path, found: Sequence[Screened]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(each.row() for each in found)
    with atomic_file(table, is_own=is_screening) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
