"""Pictures, clips and folders of clips to judge: opened, matched and checked against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from mien.errors import UnreadableVideoError, UsageError
from mien.evaluate.rates import sidecar_rate
from mien.io.clip import Clip
from mien.io.clips import VIDEO_SUFFIXES, open_clip
from mien.io.images import PICTURE_SUFFIXES, read_image
from mien.io.sink import on_white
from mien.types import RGBImage

_ANY_RATE = Fraction(25)


@dataclass(frozen=True)
class Pictures:
    """A picture, or a clip, that can be read several times.

    Attributes:
        path: The file or folder.
        clip: The clip; None for a picture.
        fps: The frame rate; None for a picture, and for a folder without a sidecar.
        size: (width, height) of the frames.
    """

    path: Path
    clip: Clip | None
    fps: Fraction | None
    size: tuple[int, int]

    @classmethod
    def open(cls, path: Path) -> Pictures:
        """Open a picture, a video, a GIF or a folder of frames.

        Raises:
            UnreadableImageError: A picture that cannot be read.
            UnreadableVideoError: No such file or folder, or a clip that cannot be read.
        """
        if path.is_file() and path.suffix.lower() in PICTURE_SUFFIXES:
            height, width = read_image(path).shape[:2]
            return cls(path, None, None, (width, height))
        rate = sidecar_rate(path)
        clip = open_clip(path, rate or (_ANY_RATE if path.is_dir() else None))
        known = rate or (None if path.is_dir() else clip.fps)
        return cls(path, clip, known, clip.size)

    @property
    def name(self) -> str:
        """The name of the file or folder."""
        return self.path.name

    def __iter__(self) -> Iterator[RGBImage]:
        """Yield the frames; transparent pixels are laid over white."""
        frames = [read_image(self.path)] if self.clip is None else (frame for _, frame in self.clip)
        for frame in frames:
            yield on_white(frame)

    @property
    def first(self) -> RGBImage:
        """The first frame."""
        return next(iter(self))

    @cached_property
    def count(self) -> int:
        """The number of frames; a video is decoded to count them."""
        return 1 if self.clip is None else sum(1 for _ in self.clip)


def check_pair(result: Pictures, reference: Pictures) -> None:
    """Refuse a result and a reference that cannot be compared frame by frame.

    Raises:
        UsageError: One is a picture and one a clip, or sizes, frame rates or lengths differ.
    """
    kinds = ["a picture" if each.clip is None else "a clip" for each in (result, reference)]
    if kinds[0] != kinds[1]:
        raise UsageError(
            f"expected two pictures or two clips, got {kinds[0]} ({result.path}) and "
            f"{kinds[1]} ({reference.path})"
        )
    check_size(result, reference, "--reference")
    for what, own, other in (
        ("one frame rate", result.fps, reference.fps),
        ("one length", result.count, reference.count),
    ):
        if own is not None and other is not None and own != other:
            unit = "a second" if what == "one frame rate" else "frames"
            raise UsageError(
                f"expected clips of {what}, got {own} {unit} in {result.path} and {other} {unit} "
                f"in {reference.path}"
            )


def check_size(result: Pictures, other: Pictures, option: str) -> None:
    """Raise UsageError if the pictures differ in size.

    Args:
        result: The result.
        other: What it is compared with.
        option: The command-line option that named ``other``, for the message.
    """
    if result.size != other.size:
        own, its = (f"{width}x{height}" for width, height in (result.size, other.size))
        raise UsageError(
            f"expected {option} of the size of {result.path}, {own}, got {its} in {other.path}: resize one of the two"
        )


def is_set(path: Path) -> bool:
    """Return whether a path is a folder of clips, which is a folder without pictures of its own."""
    return path.is_dir() and not _has_pictures(path)


def clips_in(folder: Path) -> dict[str, Path]:
    """Return the clips in a folder by name without suffix: videos, GIFs and folders of frames.

    Raises:
        UnreadableVideoError: The folder has none.
        UsageError: Two clips have the same name.
    """
    found: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if _has_pictures(entry) if entry.is_dir() else entry.suffix.lower() in VIDEO_SUFFIXES:
            name = entry.name if entry.is_dir() else entry.stem
            if name in found:
                raise UsageError(
                    f"expected one clip of each name in {folder}, got {found[name].name} and "
                    f"{entry.name}"
                )
            found[name] = entry
    if not found:
        raise UnreadableVideoError(
            f"expected clips (videos, GIFs or folders of frames) in the folder {folder}, got none"
        )
    return found


def matched_clips(results: Path, references: Path) -> dict[str, tuple[Path, Path]]:
    """Return the clips that two folders share, by name.

    Raises:
        UsageError: A clip has no partner in the other folder; the message names all such clips.
    """
    own, other = clips_in(results), clips_in(references)
    alone = [str(own[name]) for name in own if name not in other]
    alone += [str(other[name]) for name in other if name not in own]
    if alone:
        raise UsageError(
            "expected a clip of the same name in the other folder for each clip, got none for "
            + ", ".join(alone)
        )
    return {name: (own[name], other[name]) for name in own}


def _has_pictures(folder: Path) -> bool:
    return any(
        file.suffix.lower() in PICTURE_SUFFIXES and not file.name.startswith(".")
        for file in folder.iterdir()
    )
