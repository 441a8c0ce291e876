"""Make many clips from a table. Rows that fail do not stop the others, and a second run tries them again."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Unpack

from mien.au.frame_rate import parse_fps
from mien.common.clip_writer import encoding
from mien.common.option_names import from_keywords
from mien.generate.keywords import RenderKeywords
from mien.generate.options import RenderOptions
from mien.io.atomic import atomic_file, check_writable
from mien.io.credentials import Credentials
from mien.io.replacing import begins_with
from mien.io.sinks import OutputKind
from mien.io.used_folder import used_folder
from mien.stimuli.batch_inputs import BatchInputs
from mien.stimuli.batch_rows import MANIFEST_NAME, RowMaker, RowResult, Status
from mien.stimuli.batch_table import BatchRow, read_batch_table

MANIFEST_EVERY_SECONDS = 5.0
"""How often the manifest is written while clips are made."""


@dataclass(frozen=True)
class BatchResult:
    """The result of a batch.

    Attributes:
        manifest: CSV file with one line for each row.
        rows: The content of the manifest.
    """

    manifest: Path
    rows: tuple[RowResult, ...]

    def count(self, status: Status) -> int:
        """Return how many rows have a status."""
        return sum(row.status == status for row in self.rows)


def batch(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    kind: OutputKind = "mp4",
    on_row: Callable[[int, int], None] | None = None,
    **options: Unpack[RenderKeywords],
) -> BatchResult:
    """Make the clips of a table.

    A clip is kept if it exists, is unaltered, and was made by this version of Mien from the same picture with the same
    settings. A row that failed is tried again.

    Args:
        table: A CSV with the columns of `mien.stimuli.batch_table.COLUMNS`; its paths are relative to it.
        out: The folder for the clips and ``manifest.csv``.
        kind: Format of the clips; ``png`` makes a folder of PNGs for each clip.
        on_row: Called after each row with the number of rows done and the total.
        **options: The fields of `mien.generate.options.RenderOptions`; a row's own cells replace them.

    Raises:
        MienError: The table cannot be read, its header is not valid, or the folder cannot be written; no clip was
            made. What is wrong with one row is in the result of that row instead.
        KeyboardInterrupt: Ctrl-C. The manifest is written, and a note of the exception says how many clips are made.

    Example:
        >>> batch("table.csv", "clips", fps=50).count("made")  # doctest: +SKIP
    """
    return run_batch(
        table,
        out,
        common=from_keywords(RenderOptions, "mien.batch", options),
        kind=kind,
        on_row=on_row,
    )


def run_batch(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    common: RenderOptions | None = None,
    kind: OutputKind = "mp4",
    on_row: Callable[[int, int], None] | None = None,
    credentials: Credentials | None = None,
) -> BatchResult:
    """Make the clips of a table; `batch` and the command line call this.

    Args:
        table: The CSV.
        out: The folder for the clips and ``manifest.csv``.
        common: Options of all rows; a row's own cells replace them. None for the defaults.
        kind: Format of the clips.
        on_row: Called after each row with the number of rows done and the total.
        credentials: What signs the clips; None to leave them unsigned.

    Raises:
        MienError: See `batch`.
    """
    rows = read_batch_table(Path(table))
    folder = Path(out)
    manifest = folder / MANIFEST_NAME
    inputs = BatchInputs(Path(table), rows)
    inputs.check(manifest)
    common = common or RenderOptions()
    encoding(kind, common.chroma)
    if common.fps is not None:
        parse_fps(common.fps)
    if credentials is not None:
        credentials.check(kind)
    worker = RowMaker(folder, common, kind, inputs, credentials)
    with used_folder(folder):
        check_writable(manifest, is_manifest)
        return BatchResult(manifest, _make_rows(worker, rows, manifest, on_row))


def _make_rows(
    worker: RowMaker,
    rows: Sequence[BatchRow],
    manifest: Path,
    on_row: Callable[[int, int], None] | None,
) -> tuple[RowResult, ...]:
    """Make one row after the other, and keep the manifest up to date."""
    results = [RowResult(row.line, row.name) for row in rows]
    written_seconds = time.monotonic()
    done = 0
    try:
        for done, row in enumerate(rows, start=1):
            results[done - 1] = worker.make(row)
            if on_row is not None:
                on_row(done, len(rows))
            if time.monotonic() - written_seconds > MANIFEST_EVERY_SECONDS:
                _write_manifest(manifest, results)
                written_seconds = time.monotonic()
    except KeyboardInterrupt as stopped:
        current = max(done - 1, 0)
        if (
            results[current].status == "pending"
        ):  # the signal may have waited until this clip was whole
            results[current] = worker.found(rows[current]) or results[current]
        made = sum(result.status in ("made", "kept") for result in results)
        stopped.add_note(f"{made} of {len(rows)} clips are made; run the same command to continue")
        raise
    finally:  # after Ctrl-C too
        _write_manifest(manifest, results)
    return tuple(results)


is_manifest = begins_with("line,name,status,file,frames,fps,error")
"""Whether a file is a batch's manifest, by its first line."""


def _write_manifest(manifest: Path, results: list[RowResult]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [field.name for field in fields(RowResult)])
    writer.writeheader()
    writer.writerows(asdict(result) for result in results)
    with atomic_file(manifest, is_own=is_manifest) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
