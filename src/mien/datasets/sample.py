"""One coded micro-expression, the same whatever data set it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from mien.datasets.codes import CodedUnit, FacsCode
from mien.datasets.frames import FrameFiles
from mien.datasets.labels import LABELS, Label
from mien.errors import DatasetError


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A clip of one micro-expression and what its coders say of it.

    Frame numbers are those of the data set's own files and tables; seconds count from the clip's
    first frame. What the coders say may not fit together (an apex before the onset):
    :mod:`mien.datasets.check` tells.

    Attributes:
        dataset: the data set's name, such as ``casme2``.
        subject: as the data set's folders call it, such as ``sub01``; unique in the data set only.
        clip: names the micro-expression among the subject's.
        path: the folder of frames or the video; None where the copy lacks it.
        frames: the frames in the folder; None for a video, or where the copy lacks them.
        onset: number of the frame where it begins.
        apex: number of the frame of the largest motion; None where it was not coded.
        offset: number of the frame where it ends; None where it was not coded.
        fps: frames a second.
        facs: the coded AUs; without units where none were coded.
        emotions: what it shows, in the words of :data:`mien.datasets.labels.LABEL_OF_EMOTION` where
            the coders' word is one of them; mostly one, empty where none was coded.
        label: the class of three; None where the emotion has none.
        where: file and line of its annotation.

    Raises:
        DatasetError: an empty name, a number below 0, a frame rate not above 0, an unknown label.
    """

    dataset: str
    subject: str
    clip: str
    path: Path | None = field(repr=False)
    frames: FrameFiles | None = field(repr=False)
    onset: int
    apex: int | None
    offset: int | None
    fps: Fraction
    facs: FacsCode
    emotions: tuple[str, ...]
    label: Label | None
    where: str = field(repr=False)

    def __post_init__(self) -> None:
        for name in ("dataset", "subject", "clip"):
            if not getattr(self, name).strip():
                raise DatasetError(f"{self.where}: expected a {name}, got an empty text")
        for name in ("onset", "apex", "offset"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise DatasetError(f"{self.where}: expected {name} of 0 or more, got {number}")
        if self.fps <= 0:
            raise DatasetError(f"{self.where}: expected a frame rate above 0, got {self.fps}")
        if self.label is not None and self.label not in LABELS:
            raise DatasetError(
                f"{self.where}: expected a label {' or '.join(LABELS)}, got {self.label!r}"
            )

    @property
    def id(self) -> str:
        """The name in messages and files: ``casme2/sub01/EP02_01f``."""
        return f"{self.dataset}/{self.subject}/{self.clip}"

    @property
    def person(self) -> str:
        """The subject among all data sets' subjects, ``casme2_sub01``: what splits must part by."""
        return f"{self.dataset}_{self.subject}"

    @property
    def aus(self) -> tuple[CodedUnit, ...]:
        """The coded AUs with their sides and levels, those unknown to Mien included."""
        return self.facs.units

    @property
    def emotion(self) -> str | None:
        """The emotion as one text, several joined by ``+``; None where none was coded."""
        return "+".join(self.emotions) or None

    @property
    def first_frame(self) -> int | None:
        """Number of the frame at 0 s: the folder's first, 0 for a video, None without frames."""
        if self.frames is not None:
            return self.frames.numbers[0]
        return None if self.path is None else 0

    @property
    def onset_seconds(self) -> float | None:
        """Time of the onset from the clip's start; None without frames."""
        return self._seconds(self.onset)

    @property
    def apex_seconds(self) -> float | None:
        """Time of the apex from the clip's start; None without frames or apex."""
        return self._seconds(self.apex)

    @property
    def offset_seconds(self) -> float | None:
        """Time of the offset from the clip's start; None without frames or offset."""
        return self._seconds(self.offset)

    @property
    def rise_seconds(self) -> float | None:
        """Time from onset to apex; None without an apex. Needs no frames."""
        return None if self.apex is None else float((self.apex - self.onset) / self.fps)

    @property
    def fall_seconds(self) -> float | None:
        """Time from apex to offset; None without one of them. Needs no frames."""
        if self.apex is None or self.offset is None:
            return None
        return float((self.offset - self.apex) / self.fps)

    def needed_frames(self) -> FrameFiles:
        """Return the frames.

        Raises:
            DatasetError: the copy lacks them, or the clip is a video.
        """
        if self.frames is None:
            got = "none" if self.path is None else f"the video {self.path}"
            raise DatasetError(f"{self.id}: expected a folder of frames, got {got}")
        return self.frames

    def needed_apex(self) -> int:
        """Return the apex's frame number.

        Raises:
            DatasetError: none was coded.
        """
        if self.apex is None:
            raise DatasetError(
                f"{self.id}: expected an apex, got none in {self.where}: leave the clip out, or "
                "measure its apex first"
            )
        return self.apex

    def _seconds(self, number: int | None) -> float | None:
        if number is None or self.first_frame is None:
            return None
        return float((number - self.first_frame) / self.fps)
