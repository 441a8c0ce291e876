"""A plain folder with a ``manifest.csv``: the user's own clips, or generated ones."""

from __future__ import annotations

from pathlib import Path

from mien.au.emotions import LABELS
from mien.au.frame_rate import parse_fps
from mien.datasets.annotation import Annotation
from mien.datasets.publication import Publication, Reading, annotated
from mien.datasets.table_row import Row
from mien.datasets.tables import Sheet
from mien.errors import DatasetError

COLUMNS = {
    "file": ("file", "path"),
    "clip": ("clip", "name"),
    "subject": ("subject",),
    "onset": ("onset", "onset frame"),
    "fps": ("fps",),
    "apex": ("apex", "apex frame"),
    "offset": ("offset", "offset frame"),
    "code": ("aus", "AU", "action units"),
    "emotion": ("emotion",),
    "label": ("label",),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""

NEEDED = ("file", "subject", "onset", "fps")
"""The columns that a manifest must have, besides emotion or label."""


def read(book: list[Sheet]) -> Reading:
    """Read a manifest; its files are relative to its folder.

    Raises:
        DatasetError: A missing column.
    """
    sheet = book[0]
    rows = sheet.table(COLUMNS, NEEDED)
    if not {"emotion", "label"} & set(rows[0].cells):
        raise DatasetError(f"expected a column emotion or label in {sheet.path}, got neither")
    for row in rows:
        yield from annotated(row, lambda row: _annotate(row, sheet.path.parent))


def _annotate(row: Row, folder: Path) -> Annotation:
    name = row.needed("file")
    written = row.text("label").casefold()
    label = next((known for known in LABELS if known == written), None)
    if written and label is None:
        raise DatasetError(f"expected a label {' or '.join(LABELS)}, got {written!r}")
    onset = row.needed_frame("onset")
    return Annotation(
        where=row.where,
        subject=row.needed("subject"),
        clip=row.text("clip") or name,
        onset=onset,
        apex=row.frame("apex"),
        offset=row.frame("offset"),
        fps=parse_fps(row.needed("fps")),
        code=row.text("code"),
        emotion=row.text("emotion"),
        label=label,
        file=folder / name,
    )


FOLDER = Publication(
    name="folder",
    title="a plain folder",
    tables=("manifest",),
    columns="file, subject, onset, fps, and emotion or label; optional: clip, apex, offset, aus",
    layout="manifest.csv, and the videos or folders of frames that it names",
    fps="a column of the table",
    paper="",
    read=read,
)
