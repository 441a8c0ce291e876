"""Make a stimulus sheet: its clips, and the tables for the experiment."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from mien.generate.options import RenderOptions
from mien.io.atomic import atomic_file
from mien.io.credentials import Credentials
from mien.io.replacing import begins_with
from mien.io.sinks import OutputKind
from mien.stimuli.batch import BatchResult, run_batch
from mien.stimuli.condition_files import TableKind, check_kinds, write_conditions
from mien.stimuli.conditions import BACKGROUND_COLUMNS, COLUMNS, TableOptions, au_columns, condition
from mien.stimuli.stimulus import Stimulus

BATCH = "batch.csv"
"""The batch table of a sheet's clips. It is written first; the tables for the experiment are written last."""

BATCH_COLUMNS = ("portrait", "face", "name", "aus")

FOLDERS_ABOVE = 2
"""How far above a sheet's folder a portrait counts as near: the study's folder, and the folder that holds the study."""


def make_stimuli(
    stimuli: tuple[Stimulus, ...],
    out: Path,
    *,
    common: RenderOptions,
    kind: OutputKind = "mp4",
    table: TableOptions | None = None,
    tables: Sequence[TableKind] = ("csv",),
    on_row: Callable[[int, int], None] | None = None,
    credentials: Credentials | None = None,
) -> BatchResult:
    """Make the clips of a sheet, and then its table. A second run makes only clips that are missing or have changed.

    Args:
        stimuli: The clips, as planned by `plan_stimuli`.
        out: The sheet's folder.
        common: Options of all clips.
        kind: Format of the clips.
        table: Content of the table besides the facts of the clips; None for the defaults.
        tables: Kinds of table to write.
        on_row: Called after each clip with the number of clips done and the total.
        credentials: What signs the clips; None to leave them unsigned.

    Raises:
        MissingExtraError: A spreadsheet is wanted and openpyxl is not installed; no clip was made.
        MienError: The folder cannot be written. An error in one clip is in the result of that clip.
    """
    check_kinds(tables)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(BATCH_COLUMNS)
    for stimulus in stimuli:
        envelopes = ";".join(envelope.format() for envelope in stimulus.envelopes)
        # The csv module writes None as an empty cell.
        portrait = _portrait_path(stimulus.portrait, out)
        writer.writerow((portrait, stimulus.face, stimulus.name, envelopes))
    with atomic_file(out / BATCH, is_own=begins_with(",".join(BATCH_COLUMNS))) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
    result = run_batch(
        out / BATCH, out, common=common, kind=kind, on_row=on_row, credentials=credentials
    )
    aus = au_columns(stimuli)
    held = BACKGROUND_COLUMNS if any(each.background for each in stimuli) else ()
    rows = [
        condition(
            stimulus,
            row.file,
            row.frames,
            Fraction(row.fps),
            lead_seconds=common.lead_seconds,
            tail_seconds=common.tail_seconds,
            kind=kind,
            look=common,
            table=table,
            aus=aus,
            backgrounds=bool(held),
        )
        for stimulus, row in zip(stimuli, result.rows, strict=True)
        if row.status != "failed"
    ]
    for each in tables:
        write_conditions(out, each, (*COLUMNS, *held, *aus), rows)
    return result


def _portrait_path(portrait: Path, folder: Path) -> str:
    """Return the path of a portrait for the batch table in a folder.

    It is relative to the folder if the portrait lies in the folder or near it, see `FOLDERS_ABOVE`. Both can then be
    moved together. The path of any other portrait is absolute.
    """
    portrait, folder = portrait.resolve(), folder.resolve()
    for near in (folder, *folder.parents[:FOLDERS_ABOVE]):
        # The root of the disk holds everything, so it does not count.
        if near.parent != near and portrait.is_relative_to(near):
            return Path(os.path.relpath(portrait, folder)).as_posix()
    return os.fspath(portrait)
