"""Make many clips from a table. Rows that fail do not stop the others, and a second run tries them again."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, Unpack

from mien.au.frame_rate import parse_fps
from mien.common.clip_writer import encoding
from mien.common.picture import Picture
from mien.engines.base import TrackSession
from mien.errors import MienError
from mien.generate.clip import clip_inputs, clip_record, make_clip, track_engine
from mien.generate.keywords import RenderKeywords
from mien.generate.motion import make_motion
from mien.generate.options import ClipOptions, RenderOptions
from mien.io.atomic import atomic_file, check_writable
from mien.io.clip_hash import sha256_clip
from mien.io.credentials import Credentials
from mien.io.file_names import check_name
from mien.io.replacing import begins_with
from mien.io.sidecar import InputFile, Sidecar, read_sidecar, sidecar_path
from mien.io.sinks import OutputKind
from mien.io.used_folder import used_folder
from mien.stimuli.batch_inputs import BatchInputs
from mien.stimuli.batch_table import BatchRow, read_batch_table

MANIFEST_NAME = "manifest.csv"

ALTERED = "the clip was not the one that its sidecar describes, so it was made again"

MANIFEST_EVERY_SECONDS = 5.0
"""How often the manifest is written while clips are made."""

Status: TypeAlias = Literal["pending", "made", "kept", "failed"]
"""``kept``: an earlier run has made the clip with the same settings."""


@dataclass(frozen=True)
class RowResult:
    """The result of one row; the manifest has one line for each.

    Attributes:
        line: Line of the row in the table's file.
        name: The clip's file stem.
        status: See `Status`.
        file: The clip's name in the folder; empty if it was not made.
        frames: Number of frames; 0 if the clip was not made.
        fps: Frames a second, as a fraction; empty if the clip was not made.
        error: Why the row failed, in one line; empty if it did not.
        note: Why a clip that was there was made again, if it was not the one that its sidecar describes.
    """

    line: int
    name: str
    status: Status = "pending"
    file: str = ""
    frames: int = 0
    fps: str = ""
    error: str = ""
    note: str = ""


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

    A row whose clip is there, unaltered, and was made by this version of Mien from the same picture and the same
    settings, is kept. A row that failed is tried again.

    Args:
        table: A CSV with the columns of `mien.stimuli.batch_table.COLUMNS`; its paths are relative to it.
        out: The folder for the clips and ``manifest.csv``.
        kind: Format of the clips; ``png`` makes a folder of PNGs for each clip.
        on_row: Called after each row with the number of rows done and of all.
        **options: The fields of `mien.generate.options.RenderOptions`; a row's own cells replace them.

    Raises:
        MienError: The table is not valid or the folder cannot be written; no clip was made. An error in one
            row is in the result of that row instead.

    Example:
        >>> batch("table.csv", "clips", fps=50).count("made")  # doctest: +SKIP
    """
    return run_batch(table, out, common=RenderOptions(**options), kind=kind, on_row=on_row)


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
        on_row: Called after each row with the number of rows done and of all.
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
    worker = _Worker(folder, common, kind, inputs, credentials)
    with used_folder(folder):
        check_writable(manifest, is_manifest)
        return BatchResult(manifest, _make_rows(worker, rows, manifest, on_row))


def _make_rows(
    worker: _Worker,
    rows: Sequence[BatchRow],
    manifest: Path,
    on_row: Callable[[int, int], None] | None,
) -> tuple[RowResult, ...]:
    """Make one row after the other, and keep the manifest up to date."""
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
    return tuple(results)


class _Worker:
    """Make one row after the other with one engine. The last portrait is kept, because rows often share it."""

    def __init__(
        self,
        folder: Path,
        common: RenderOptions,
        kind: OutputKind,
        inputs: BatchInputs,
        credentials: Credentials | None,
    ) -> None:
        self._credentials = credentials
        self._folder = folder
        self._inputs = inputs
        self._common = common
        self._kind = kind
        self._engine = track_engine(common)
        self._suffix = "" if kind == "png" else f".{kind}"
        self._picture: tuple[Path, Picture] | None = None
        self._session: tuple[object, TrackSession] | None = None
        self._input: tuple[Path, InputFile] | None = None

    def make(self, row: BatchRow) -> RowResult:
        result = RowResult(row.line, row.name)
        # A dot in a PNG folder's name would be an extension; the slash says that it is none.
        file = f"{row.name}{self._suffix or '/'}"
        out = os.fspath(self._folder / row.name) + (self._suffix or os.sep)
        note = ""
        try:
            check_name(sidecar_path(out))
            self._inputs.check(Path(out), sidecar_path(out))
            options = row.options(self._common)
            portrait = self._input_of(row.portrait)
            motion = make_motion(options)
            inputs = clip_inputs(portrait, options)
            made_by = self._engine.record()
            record = clip_record(
                inputs, options, motion, self._kind, made_by, credentials=self._credentials
            )
            kept = _is_made(out, record)
            if kept and sha256_clip(out) != read_sidecar(sidecar_path(out)).sha256:
                kept, note = False, ALTERED
            if not kept:
                self._make(row, out, options)
        except (MienError, OSError) as error:
            return replace(result, status="failed", error=" ".join(str(error).split()))
        return replace(
            result,
            note=note,
            status="kept" if kept else "made",
            file=file,
            frames=record.frames,
            fps=str(record.fps),
        )

    def _make(self, row: BatchRow, out: str, options: ClipOptions) -> None:
        picture = self._picture_of(row.portrait)
        key = (row.portrait, options.face)
        if self._session is None or self._session[0] != key:
            self._session = (key, self._engine.prepare(picture.portrait(options.face)))
        session = self._session[1]
        make_clip(
            picture,
            out,
            options,
            engine=self._engine,
            session=session,
            credentials=self._credentials,
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
    """Return whether an earlier run has made the clip with the same record."""
    sidecar = sidecar_path(out)
    if not Path(out).exists() or not sidecar.is_file():
        return False
    try:
        made = read_sidecar(sidecar)
    except MienError:  # not one that this version reads, so make the clip again
        return False
    as_wanted = replace(
        made,
        sha256=wanted.sha256,
        width=wanted.width,
        height=wanted.height,
        facts=wanted.facts,
        settings=_known(made.settings, wanted.settings),
    )
    # As JSON, because what was read has lists where tuples were written.
    return json.dumps(as_wanted.to_json()) == json.dumps(wanted.to_json())


def _known(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a clip's settings without those that are known only after it was made: notes and facts of the engine."""
    settings = {name: made[name] for name in wanted if name in made}
    network = settings.get("network")
    if isinstance(network, Mapping):
        settings["network"] = {n: network.get(n) for n in wanted["network"]}
    return settings


is_manifest = begins_with("line,name,status,file,frames,fps,error")
"""Whether a file is a batch's manifest, by its first line."""


def _write_manifest(manifest: Path, results: list[RowResult]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [field.name for field in fields(RowResult)])
    writer.writeheader()
    writer.writerows(asdict(result) for result in results)
    with atomic_file(manifest, is_own=is_manifest) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
