"""Whether an output can be written, asked before any work."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from mien.errors import OutputError, UsageError
from mien.io.atomic import check_folder_free, check_writable
from mien.io.formats import SinkOptions
from mien.io.png_folder import is_own_sequence
from mien.io.sidecar import sidecar_path
from mien.io.sinks import OutputKind, output_kind


def check_output(out: str | os.PathLike[str], portrait: Path | None = None) -> None:
    """Refuse an output that cannot be written.

    Args:
        out: the clip.
        portrait: the picture file it is made from.

    Raises:
        OutputError: an unknown extension, a place that cannot be written, one that holds something
            else, or the portrait itself.
    """
    path = Path(out)
    if output_kind(out) == "png":
        check_folder_free(path, is_own_sequence)
    elif path.is_dir():
        raise OutputError(f"expected a file to write, got the folder {path}: name a file in it")
    if portrait is not None and path.exists() and portrait.exists() and path.samefile(portrait):
        raise OutputError(f"expected an output beside the portrait, got the portrait itself: {out}")
    check_writable(path)


def encoding(kind: OutputKind, chroma: str | int | None) -> SinkOptions:
    """Return how a format is encoded.

    Args:
        kind: the format.
        chroma: colour resolution of mp4; its default where None.

    Raises:
        UsageError: a colour resolution was given for another format, which has none to choose.
    """
    if chroma is None:
        return SinkOptions()
    if kind != "mp4":
        name = "a folder of PNGs" if kind == "png" else f".{kind}"
        raise UsageError(f"--chroma is for .mp4 only, got it for {name}: leave it out")
    return SinkOptions(chroma=chroma)  # type: ignore[arg-type]


def remove_output(out: Path) -> None:
    """Take back a clip and its sidecar."""
    if out.is_dir():
        shutil.rmtree(out, ignore_errors=True)
        return
    for file in (out, sidecar_path(out)):
        with suppress(OSError):  # the error that led here is the one to tell
            file.unlink()
