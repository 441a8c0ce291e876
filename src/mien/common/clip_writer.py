"""Write clips with their sidecars; check beforehand whether an output can be written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from mien.errors import OutputError, UsageError
from mien.interrupts import uninterrupted
from mien.io.atomic import atomic_file, check_folder_free, check_writable
from mien.io.clip_hash import sha256_clip
from mien.io.credentials import Signing
from mien.io.file_names import check_name
from mien.io.formats import SinkOptions
from mien.io.mark import SyntheticMark
from mien.io.png_folder import is_own_sequence
from mien.io.replacing import is_own_clip
from mien.io.sidecar import Sidecar, sidecar_path, sidecar_text
from mien.io.sinks import OutputKind, open_sink, output_kind
from mien.types import Image

OnFrame: TypeAlias = Callable[[int, int], None]
"""Called after each frame with the number of frames done and the total."""


def check_output(out: str | os.PathLike[str], *inputs: Path | None) -> None:
    """Refuse an output that cannot be written, or that would replace an input.

    Args:
        out: The clip.
        inputs: The files and folders of frames that the clip is made from; None for one that is not a file.

    Raises:
        OutputError: An unknown extension, a place that cannot be written, a folder with other files in it, an
            input itself, or a folder of frames with an input in it, because the whole folder is replaced.
    """
    path = Path(out)
    in_folder = output_kind(out) == "png"
    check_name(path)
    check_name(sidecar_path(out))
    if in_folder:
        check_folder_free(path, is_own_sequence)
    for source in inputs:
        for place in (path, sidecar_path(out)):
            if source is not None and place.exists() and source.exists():
                _check_not_input(place, source)
    check_writable(path, is_own_clip, folder=in_folder)
    if not in_folder:
        check_writable(sidecar_path(out))


def _check_not_input(path: Path, source: Path) -> None:
    if path.samefile(source):
        raise OutputError(f"expected an output other than the input, got the input itself: {path}")
    # Both the file and a link to it must stay.
    folders = (*source.absolute().parents, *source.resolve().parents)
    if path.is_dir() and any(folder.samefile(path) for folder in folders):
        raise OutputError(
            f"expected a folder without inputs, got {path} with {source.name} in it, which would be "
            "deleted: name another folder"
        )


def encoding(kind: OutputKind, chroma: str | int | None) -> SinkOptions:
    """Return the encoding options of a format.

    Args:
        kind: The format.
        chroma: Colour resolution of an mp4; None for the default.

    Raises:
        UsageError: A colour resolution was given for a format other than mp4.
    """
    if chroma is None:
        return SinkOptions()
    if kind != "mp4":
        name = "a folder of PNGs" if kind == "png" else f".{kind}"
        raise UsageError(f"--chroma is for .mp4 only, got it for {name}: leave it out")
    return SinkOptions(chroma=chroma)  # type: ignore[arg-type]


class ClipWriter:
    """Writes a clip and its sidecar, both or neither.

    An older clip and its sidecar stay until the new ones are complete. A folder of PNGs contains its sidecar and is
    replaced as a whole. For a file, the old sidecar is removed first, then the new clip replaces the old one, and the
    new sidecar is written last. If the process is killed in between, the clip has no sidecar, never a wrong one.

    Args:
        out: The clip.
        fps: Frames a second.
        shape: (height, width, channels) of the frames.
        options: How to encode; None for the defaults.
        mark: The metadata that mark the clip as synthetic; None for the default mark.
        signing: What signs the clip; None to leave it unsigned.

    Raises:
        OutputError: A format, size or frame rate that cannot be written.
    """

    def __init__(
        self,
        out: str | os.PathLike[str],
        fps: Fraction,
        shape: tuple[int, ...],
        options: SinkOptions | None = None,
        *,
        mark: SyntheticMark | None = None,
        signing: Signing | None = None,
    ) -> None:
        height, width, channels = shape
        self.out = out
        self._sink = open_sink(
            out, fps, width=width, height=height, channels=channels, options=options
        )
        self._sink.mark = mark or SyntheticMark()
        self._signing = signing
        if signing is not None:
            signing.credentials.check(output_kind(out))

    @property
    def slowdown(self) -> int:
        """Whole factor by which the file plays slower than its frame rate; 1 except for GIF."""
        return self._sink.slowdown

    def write(
        self,
        frames: Iterable[Image],
        total: int,
        record: Callable[[], Sidecar],
        on_frame: OnFrame | None = None,
    ) -> Path:
        """Write the clip and then its sidecar.

        Args:
            frames: The frames, made while they are written.
            total: The number of frames that must come.
            record: Called after all frames are written; returns how the clip was made. Size, number of frames,
                format facts and hash are filled in.
            on_frame: Called after each frame with the number of frames done and the total.

        Returns:
            The sidecar's path.

        Raises:
            UsageError: The number of frames is not ``total``.
            OutputError: The clip or the sidecar cannot be written.
        """
        sink = self._sink
        sidecar = sidecar_path(self.out)
        in_folder = output_kind(self.out) == "png"
        placed = False
        with ExitStack() as committing:
            try:
                with ExitStack() as stack:
                    # Entered first, so that the sidecar gets its name last.
                    beside = None if in_folder else stack.enter_context(atomic_file(sidecar))
                    sink.seal = lambda clip: self._seal(clip, beside, total, record)
                    sink.stale = sidecar
                    with sink:
                        for frame in frames:
                            sink.write(frame)
                            del frame  # so that two large frames are never in memory
                            if on_frame is not None:
                                on_frame(sink.frames, total)
                        committing.enter_context(uninterrupted())  # both change together
                    placed = True
            except BaseException:
                if placed:  # a clip without a sidecar must not stay
                    with suppress(OSError):  # report the first error
                        Path(self.out).unlink()
                raise
        return sidecar

    def _seal(
        self, clip: Path, beside: Path | None, total: int, record: Callable[[], Sidecar]
    ) -> None:
        """Sign a complete clip and write its sidecar, both still under temporary names."""
        sink = self._sink
        if sink.frames != total:
            raise UsageError(f"expected {total} frames from the engine, got {sink.frames}")
        if self._signing is not None:
            self._signing.sign(clip, output_kind(self.out), sink.mark)
        made = replace(
            record(),
            frames=sink.frames,
            width=sink.width,
            height=sink.height,
            facts=sink.facts.to_json(),
            sha256=sha256_clip(clip),
        )
        text = sidecar_text(made)
        (beside or clip / sidecar_path(self.out).name).write_text(text, encoding="utf-8")
