"""Make the clip of one row of a batch, unless it is already made."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mien.common.picture import Picture
from mien.engines.base import TrackSession
from mien.errors import MienError, UsageError
from mien.generate.clip import clip_inputs, clip_record, make_clip, track_engine
from mien.generate.motion import make_motion
from mien.generate.options import ClipOptions, RenderOptions
from mien.io.clip_hash import sha256_clip
from mien.io.credentials import Credentials
from mien.io.file_names import check_name
from mien.io.sidecar import InputFile, Sidecar, read_sidecar, sidecar_path
from mien.io.sinks import OutputKind
from mien.stimuli.batch_inputs import BatchInputs
from mien.stimuli.batch_table import BatchRow

MANIFEST_NAME = "manifest.csv"

ALTERED = "the clip was not the one that its sidecar describes, so it was made again"

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
        note: Why an existing clip was made again, if it was not the one that its sidecar describes; else empty.
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
class _Asked:
    """The clip that a row asks for.

    Attributes:
        file: Its name in the folder; it ends with a slash if it is a folder.
        out: Its path.
        options: How it is made.
        record: Its sidecar, as far as it is known before the clip is made.
    """

    file: str
    out: str
    options: ClipOptions
    record: Sidecar

    def is_whole(self) -> bool:
        """Return whether the existing clip is the one that its sidecar describes."""
        return sha256_clip(self.out) == read_sidecar(sidecar_path(self.out)).sha256


class RowMaker:
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
        """Make the clip of a row, unless it exists and is unaltered; an error is in the result."""
        note = ""
        try:
            asked = self._asked(row)
            kept = _is_made(asked.out, asked.record)
            if kept and not asked.is_whole():
                kept, note = False, ALTERED
            if not kept:
                self._make(row, asked)
        except (MienError, OSError) as error:
            words = " ".join(str(error).split())
            return RowResult(row.line, row.name, status="failed", error=words)
        return self._result(row, asked, "kept" if kept else "made", note)

    def found(self, row: BatchRow) -> RowResult | None:
        """Return the result of a row whose clip exists and is unaltered; None if there is no such clip."""
        try:
            asked = self._asked(row)
            if _is_made(asked.out, asked.record) and asked.is_whole():
                return self._result(row, asked, "made")
        except (MienError, OSError):
            pass
        return None

    def _asked(self, row: BatchRow) -> _Asked:
        """Return which clip a row asks for.

        Raises:
            MienError: The row has an error, or its clip would replace an input.
        """
        if row.error:
            raise UsageError(row.error)
        # Without the slash, a dot in a PNG folder's name would begin an extension.
        file = f"{row.name}{self._suffix or '/'}"
        out = os.fspath(self._folder / row.name) + (self._suffix or os.sep)
        if file.rstrip("/").casefold() == MANIFEST_NAME:
            raise UsageError(f"expected another name than that of the batch's own {MANIFEST_NAME}")
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
        return _Asked(file, out, options, record)

    def _result(self, row: BatchRow, asked: _Asked, status: Status, note: str = "") -> RowResult:
        return RowResult(
            row.line,
            row.name,
            status=status,
            file=asked.file,
            frames=asked.record.frames,
            fps=str(asked.record.fps),
            note=note,
        )

    def _make(self, row: BatchRow, asked: _Asked) -> None:
        options = asked.options
        picture = self._picture_of(row.portrait)
        key = (row.portrait, options.face)
        if self._session is None or self._session[0] != key:
            self._session = (key, self._engine.prepare(picture.portrait(options.face)))
        session = self._session[1]
        make_clip(
            picture,
            asked.out,
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
    # Compare as JSON, because reading turns tuples into lists.
    return json.dumps(as_wanted.to_json()) == json.dumps(wanted.to_json())


def _known(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a clip's settings without those that are known only after it was made: notes and facts of the engine."""
    settings = {name: made[name] for name in wanted if name in made}
    network = settings.get("network")
    if isinstance(network, Mapping):
        settings["network"] = {n: network.get(n) for n in wanted["network"]}
    return settings
