"""CAS(ME)^2 (Qu et al., TAFFC 2018): 30 frames a second, a table without a header.

Only micro-expressions are read; the same table also has macro-expressions. Two more sheets map a
participant's number to a folder (``1`` to ``s15``), and a stimulus to its code (``anger1`` to
``0401``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.publication import MOST_DIGITS, Publication, Reading, annotated
from mien.datasets.table_row import Row
from mien.datasets.tables import Sheet
from mien.errors import DatasetError

COLUMNS = (
    *("participant", "clip", "onset", "apex", "offset"),
    *("code", "emotion", "type", "reported emotion"),
)
"""The columns in order, since the file has no header."""

MICRO = "micro-expression"
MACRO = "macro-expression"

_CLIP = re.compile(r"([a-z]+\d+)_(\d{1,9})", re.IGNORECASE)


def read(book: list[Sheet]) -> Reading:
    """Read the micro-expressions of the three sheets.

    Raises:
        DatasetError: A sheet is missing, or no row is marked as a micro-expression.
    """
    folders = {row.text("participant"): row.text("folder") for row in _named(book, "naming rule1")}
    codes = {row.text("stimulus"): row.text("code") for row in _named(book, "naming rule2")}
    sheet = _coded(book)
    rows = sheet.plain(COLUMNS)
    if not any(_is(row, MICRO) for row in rows):
        raise DatasetError(
            f"expected {MICRO} in column {1 + COLUMNS.index('type')} of {sheet.path}, sheet "
            f"{sheet.name}, got none"
        )
    for row in rows:
        if not _is(row, MACRO):
            yield from annotated(row, _annotate(folders, codes))


def _annotate(folders: dict[str, str], codes: dict[str, str]) -> Callable[[Row], Annotation]:
    """Return a reader of rows, given folders by participant and codes by stimulus."""

    def annotate(row: Row) -> Annotation:
        if not _is(row, MICRO):
            raise DatasetError(f"expected {MICRO} or {MACRO}, got {row.text('type')!r}")
        participant, clip = row.needed("participant"), row.needed("clip")
        match = _CLIP.fullmatch(clip)
        subject = folders.get(participant)
        code = codes.get(match[1], "") if match else ""
        if not subject or not code.isdecimal() or len(code) > MOST_DIGITS:
            raise DatasetError(
                f"expected a participant and a clip whose folder and number the sheets naming rule1 "
                f"and naming rule2 give, got {participant} and {clip}"
            )
        # A spreadsheet may store the code 0401 as the number 401.
        long_video = f"{subject.lstrip('sS')}_{int(code):04d}"
        return Annotation(
            where=row.where,
            subject=subject,
            clip=clip,
            folders=(
                (subject, clip),
                (subject, f"{long_video}[!0-9]*"),
                (subject, long_video),
            ),
            onset=row.needed_frame("onset"),
            apex=row.frame("apex") or None,
            offset=row.frame("offset") or None,  # 0: not coded
            fps=Fraction(30),
            code=row.text("code"),
            emotion=row.text("emotion"),
        )

    return annotate


def _coded(book: list[Sheet]) -> Sheet:
    """Return the sheet of annotations."""
    for sheet in book:
        if sheet.name.casefold().strip() in ("casfecode_final", "casmecode_final"):
            return sheet
    raise DatasetError(
        f"expected the sheet CASFEcode_final in {book[0].path}, got "
        f"{', '.join(sheet.name for sheet in book) or 'a CSV file'}"
    )


def _named(book: list[Sheet], name: str) -> list[Row]:
    """Return the rows of a mapping sheet."""
    sheets = [sheet for sheet in book if sheet.name.casefold().strip() == name]
    if not sheets:
        raise DatasetError(
            f"expected the sheet {name} in {book[0].path}, got "
            f"{', '.join(sheet.name for sheet in book) or 'a CSV file'}"
        )
    columns = {
        "naming rule1": ("number", "folder", "participant"),
        "naming rule2": ("code", "stimulus"),
    }
    return sheets[0].plain(columns[name])


def _is(row: Row, kind: str) -> bool:
    return row.text("type").casefold() == kind


CASME_SQ = Publication(
    name="casme_sq",
    title="CAS(ME)^2",
    tables=("*code_final*",),
    columns=(
        "no header; in order: participant, clip, onset, apex, offset, AUs, emotion, type, "
        "reported emotion. The sheets naming rule1 and naming rule2 lead to the folders. "
        "Macro-expressions are not read"
    ),
    layout="selectedpic/s15/anger1_1/img557.jpg, or rawpic/s15/15_0401.../img001.jpg",
    fps="30",
    paper="Qu et al., IEEE TAFFC 9(4), 2018, doi:10.1109/TAFFC.2017.2654440",
    read=read,
)
