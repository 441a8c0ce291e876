"""One coded micro-expression, in the same form for all data sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from mien.au.emotions import LABELS, Label
from mien.datasets.coded_unit import CodedUnit, FacsCode
from mien.datasets.frames import FrameFiles
from mien.errors import DatasetError


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A clip of one micro-expression with its annotation.

    Frame numbers are those of the data set's own files and tables. Seconds count from the clip's
    first frame. Annotations may be inconsistent, such as an apex before the onset;
    :mod:`mien.datasets.check` reports that.

    Attributes:
        dataset: The data set's name, such as ``casme2``.
        subject: The subject's name in the data set's folders, such as ``sub01``; unique only in
            the data set.
        clip: The micro-expression's name, unique for the subject.
        path: The folder of frames or the video; None if the copy lacks it.
        frames: The frames in the folder; None for a video, or if the copy lacks them.
        onset: Number of the first frame.
        apex: Number of the frame with the largest motion; None if it was not coded.
        offset: Number of the last frame; None if it was not coded.
        fps: Frames a second.
        facs: The coded AUs; without units if none were coded.
        emotions: The coded emotions, usually one; empty if none was coded. Known emotions are
            spelled as in :data:`mien.au.emotions.LABEL_OF_EMOTION`.
        label: The class; None if the emotion has none.
        where: File and line of the annotation.

    Raises:
        DatasetError: An empty name, a negative number, a frame rate that is not above 0, or an
            unknown label.
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
        """The clip's name in messages, such as ``casme2/sub01/EP02_01f``."""
        return f"{self.dataset}/{self.subject}/{self.clip}"

    @property
    def person(self) -> str:
        """The subject's name, unique among all data sets (``casme2_sub01``); clips are split by it."""
        return f"{self.dataset}_{self.subject}"

    @property
    def aus(self) -> tuple[CodedUnit, ...]:
        """The coded AUs with sides and levels, including those unknown to Mien."""
        return self.facs.units

    @property
    def emotion(self) -> str | None:
        """The emotions joined by ``+``; None if none was coded."""
        return "+".join(self.emotions) or None

    @property
    def first_frame(self) -> int | None:
        """Number of the frame at 0 s: the folder's first one, or 0 for a video; None without frames."""
        if self.frames is not None:
            return self.frames.numbers[0]
        return None if self.path is None else 0

    @property
    def onset_seconds(self) -> float | None:
        """Time of the onset since the clip's start; None without frames."""
        return self._seconds(self.onset)

    @property
    def apex_seconds(self) -> float | None:
        """Time of the apex since the clip's start; None without frames or apex."""
        return self._seconds(self.apex)

    @property
    def offset_seconds(self) -> float | None:
        """Time of the offset since the clip's start; None without frames or offset."""
        return self._seconds(self.offset)

    @property
    def rise_seconds(self) -> float | None:
        """Time from onset to apex; None without an apex. Frames are not needed."""
        return None if self.apex is None else float((self.apex - self.onset) / self.fps)

    @property
    def fall_seconds(self) -> float | None:
        """Time from apex to offset; None if one of them is missing. Frames are not needed."""
        if self.apex is None or self.offset is None:
            return None
        return float((self.offset - self.apex) / self.fps)

    def needed_frames(self) -> FrameFiles:
        """Return the frames.

        Raises:
            DatasetError: The copy lacks them, or the clip is a video.
        """
        if self.frames is None:
            got = "none" if self.path is None else f"the video {self.path}"
            raise DatasetError(f"{self.id}: expected a folder of frames, got {got}")
        return self.frames

    def needed_apex(self) -> int:
        """Return the apex's frame number.

        Raises:
            DatasetError: No apex was coded.
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
