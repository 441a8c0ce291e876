"""Many clips from a table: failed rows do not stop the rest, and a second run completes it."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal, TypeAlias

from mien.au.frame_rate import parse_fps
from mien.common.output import encoding
from mien.common.picture import Picture
from mien.errors import MienError, OutputError
from mien.generate.clip import clip_record, engine_for, make_clip
from mien.generate.motion import make_motion
from mien.generate.options import RenderOptions
from mien.io.atomic import atomic_file, check_writable
from mien.io.sidecar import InputFile, Sidecar, read_sidecar, sidecar_path
from mien.io.sinks import OutputKind
from mien.stimuli.batch_table import BatchRow, read_batch_table

MANIFEST_NAME = "manifest.csv"

MANIFEST_EVERY_SECONDS = 5.0
"""How often the manifest is written while clips are made."""

Status: TypeAlias = Literal["pending", "made", "kept", "failed"]
"""``kept`` is a clip of an earlier run that is just what the row asks for."""


@dataclass(frozen=True)
class RowResult:
    """What became of a row; the manifest has one line for each.

    Attributes:
        line: of the table's file.
        name: the clip's file stem.
        status: see `Status`.
        file: the clip's name in the folder; empty if it was not made.
        frames: number of frames; 0 if it was not made.
        fps: frames a second, as a fraction; empty if it was not made.
        error: why it failed, in one line.
    """

    line: int
    name: str
    status: Status = "pending"
    file: str = ""
    frames: int = 0
    fps: str = ""
    error: str = ""


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch.

    Attributes:
        manifest: the CSV with one line a row.
        rows: the same.
    """

    manifest: Path
    rows: tuple[RowResult, ...]

    def count(self, status: Status) -> int:
        """Return how many rows have a status."""
        return sum(row.status == status for row in self.rows)


def run_batch(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    common: RenderOptions | None = None,
    kind: OutputKind = "mp4",
    on_row: Callable[[int, int], None] | None = None,
) -> BatchResult:
    """Make the clips of a table.

    A row whose clip is there, and was made by this version of Mien from the same picture and the
    same settings, is kept. A row that failed is tried again.

    Args:
        table: a CSV with the columns of `mien.stimuli.batch_table.COLUMNS`, paths relative to it.
        out: the folder for the clips and ``manifest.csv``.
        common: for all rows that do not say otherwise.
        kind: the format; ``png`` is a folder a clip.
        on_row: called after each row with how many are done and how many there are.

    Raises:
        MienError: the table is bad or the folder cannot be written; no clip was made. What is wrong
            with one row is in its result instead.
    """
    rows = read_batch_table(Path(table))
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"expected a folder for the clips, got the file {folder}")
    manifest = folder / MANIFEST_NAME
    check_writable(manifest)
    common = common or RenderOptions()
    encoding(kind, common.chroma)
    if common.fps is not None:
        parse_fps(common.fps)
    worker = _Worker(folder, common, kind)
    results = [RowResult(row.line, row.name) for row in rows]
    written_seconds = time.monotonic()
    try:
        for done, row in enumerate(rows, start=1):
            results[done - 1] = worker.make(row)
            if on_row is not None:
                on_row(done, len(rows))
            if time.monotonic() - written_seconds > MANIFEST_EVERY_SECONDS:
                _write_manifest(manifest, results)
                written_seconds = time.monotonic()
    finally:  # after Ctrl-C too
        _write_manifest(manifest, results)
    return BatchResult(manifest, tuple(results))


class _Worker:
    """Makes one row after the other, and remembers the last portrait, as rows often share it.

    The engine is the same for all rows: it remembers what it prepared for the portrait.
    """

    def __init__(self, folder: Path, common: RenderOptions, kind: OutputKind) -> None:
        self._folder = folder
        self._common = common
        self._kind = kind
        self._engine = engine_for(common)
        self._suffix = "" if kind == "png" else f".{kind}"
        self._picture: tuple[Path, Picture] | None = None
        self._input: tuple[Path, InputFile] | None = None

    def make(self, row: BatchRow) -> RowResult:
        result = RowResult(row.line, row.name)
        # A dot in a PNG folder's name would be an extension; the slash says that it is none.
        file = f"{row.name}{self._suffix or '/'}"
        out = os.fspath(self._folder / row.name) + (self._suffix or os.sep)
        try:
            options = row.options(self._common)
            portrait = self._input_of(row.portrait)
            record = clip_record(portrait, options, make_motion(options), self._kind)
            kept = _is_made(out, record)
            if not kept:
                make_clip(self._picture_of(row.portrait), out, options, engine=self._engine)
        except MienError as error:
            return replace(result, status="failed", error=" ".join(str(error).split()))
        return replace(
            result,
            status="kept" if kept else "made",
            file=file,
            frames=record.frames,
            fps=str(record.fps),
        )

    def _input_of(self, portrait: Path) -> InputFile:
        if self._input is None or self._input[0] != portrait:
            self._input = (portrait, InputFile.of(portrait))
        return self._input[1]

    def _picture_of(self, portrait: Path) -> Picture:
        if self._picture is None or self._picture[0] != portrait:
            self._picture = (portrait, Picture.of(portrait))
        return self._picture[1]


def _is_made(out: str, wanted: Sidecar) -> bool:
    """Say whether a clip is there that was made just like this."""
    sidecar = sidecar_path(out)
    if not Path(out).exists() or not sidecar.is_file():
        return False
    try:
        made = read_sidecar(sidecar)
    except MienError:  # not one that this version reads, so make the clip anew
        return False
    as_wanted = replace(made, width=wanted.width, height=wanted.height, facts=wanted.facts)
    # As JSON, because what was read has lists where tuples were written.
    return json.dumps(as_wanted.to_json()) == json.dumps(wanted.to_json())


def _write_manifest(manifest: Path, results: list[RowResult]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [field.name for field in fields(RowResult)])
    writer.writeheader()
    writer.writerows(asdict(result) for result in results)
    with atomic_file(manifest) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
