"""Measure a clip's motion field: how far each mesh vertex moved since the first frame, without the head's motion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.errors import UnreadableVideoError, UsageError
from mien.face import mesh
from mien.face.portrait import Face, find_face
from mien.motion.ahead import ahead
from mien.motion.depth import remove_depth_motion
from mien.motion.follower import FaceFollower, Loss
from mien.motion.rigid import RigidMotion
from mien.motion.tracker import FlowSettings, TrackedFrame
from mien.scratch import ScratchRows, by_parts, median_of_rows, parts_of
from mien.types import FlowScale, Image, Times, Vertices2

_LIDS = (mesh.LEFT_EYE_UPPER + mesh.LEFT_EYE_LOWER, mesh.RIGHT_EYE_UPPER + mesh.RIGHT_EYE_LOWER)
Baseline = Literal["first", "median"] | int
STILL_CM = 2e-4
"""A field is still if its RMS is below this in every frame: a fiftieth of a pixel on a face 200 px wide."""


@dataclass(frozen=True)
class Gap:
    """Successive frames without the face, after which the face is found again.

    Attributes:
        first: The first frame without the face.
        last: The last frame without the face.
        why: Why the first of them shows no face that can be followed.
    """

    first: int
    last: int
    why: Loss


@dataclass(frozen=True, eq=False)
class MotionField:
    """The motion of a face in a clip.

    Attributes:
        displacement_cm: (T, 468, 2) from the baseline, canonical centimetres (x to the image right, y down), rigid head
            motion removed. In ``gaps`` it is interpolated linearly; from ``lost_at`` on it is NaN.
        confidence: (T, 468) 0 to 1. In ``gaps`` it is interpolated linearly; from ``lost_at`` on it is 0.
        gaze_cm: (T, 2, 2) displacement of the left and of the right iris relative to the head, canonical centimetres.
            In ``gaps`` it is interpolated linearly; from ``lost_at`` on it is NaN.
        rigid_px: (T, 6) the head motion that was removed: parameters of `RigidMotion` in the clip's pixels.
        times_seconds: (T,) times of the frames.
        face: The first frame's face.
        flow: The scale of the flow that measured the field. To fit a rig to the field, use the rig as flow of the same
            scale sees it.
        lost_at: The frame from which on the face is lost for good; None if it is not.
        gaps: Frames without the face, between frames with it.
        lost_because: Why the frame at ``lost_at`` shows no face that can be followed; None if ``lost_at`` is None.

    Raises:
        ValueError: An array of another shape, no frame, or times that do not rise.
    """

    displacement_cm: Float32[np.ndarray, "frames 468 2"]
    confidence: Float32[np.ndarray, "frames 468"]
    gaze_cm: Float32[np.ndarray, "frames 2 2"]
    rigid_px: Float64[np.ndarray, "frames 6"]
    times_seconds: Times
    face: Face
    flow: FlowScale
    lost_at: int | None = None
    gaps: tuple[Gap, ...] = ()
    lost_because: Loss | None = None

    def __post_init__(self) -> None:
        frames = len(self.times_seconds)
        expected = {
            "displacement_cm": (frames, mesh.VERTEX_COUNT, 2),
            "confidence": (frames, mesh.VERTEX_COUNT),
            "gaze_cm": (frames, 2, 2),
            "rigid_px": (frames, 6),
        }
        for name, shape in expected.items():
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"expected {name} of shape {shape}, got {array.shape}")
            array.setflags(write=False)
        if frames < 1 or (np.diff(self.times_seconds) <= 0).any():
            raise ValueError("expected one or more frames at increasing times")

    def __len__(self) -> int:
        return len(self.times_seconds)

    def __repr__(self) -> str:
        lost = "" if self.lost_at is None else f", face lost at frame {self.lost_at}"
        return f"MotionField({len(self)} frames, {self.times_seconds[-1]:.3f} s{lost})"

    @property
    def frame_seconds(self) -> float:
        """The time between frames; the median if it varies, and 0.04 s for a single frame."""
        return float(np.median(np.diff(self.times_seconds))) if len(self) > 1 else 0.04

    @cached_property
    def seen(self) -> np.ndarray:
        """(468,) bool: the vertices whose median confidence, up to where the face is lost, is above 0.25."""
        kept = self.confidence[: self.lost_at]
        seen: np.ndarray = median_of_rows(kept) > 0.25
        return seen

    @property
    def still(self) -> bool:
        """Whether nothing moves: at least one vertex was followed, and the RMS of those stays below `STILL_CM`."""
        kept, seen = self.displacement_cm[: self.lost_at], self.seen
        if not seen.any() or not len(kept):
            return False
        moved = (kept[part][:, seen].astype(np.float64) for part in parts_of(len(kept)))
        return all(np.sqrt((part**2).sum(-1).mean(1)).max() < STILL_CM for part in moved)

    def displacement_px(self, frame: int) -> Vertices2:
        """Return how far each vertex moved in the picture up to a frame, with the head's own motion, in pixels."""
        # The measured motion lies in the picture's plane. This gives the depth that `displacement_cm` leaves out.
        away = self.face.pose.rotation[2]
        own_cm = self.displacement_cm[frame]
        depth_cm = -(own_cm @ away[:2]) / away[2]
        own_px = self.face.pose.project_vectors(np.column_stack([own_cm, depth_cm]))
        rigid, head = RigidMotion(self.face), self.rigid_px[frame]
        moved: np.ndarray = own_px @ rigid.skin(head).T + rigid.displacement_px(head)
        return moved.astype(np.float32)

    @property
    def followed(self) -> Bool[np.ndarray, " frames"]:
        """The frames in which the face was followed: all but those in gaps and from ``lost_at`` on."""
        followed = _shown(len(self), self.gaps)
        if self.lost_at is not None:
            followed[self.lost_at :] = False
        return followed

    def kept(self) -> MotionField:
        """Return the part before the face is lost."""
        if self.lost_at is None:
            return self
        return replace(
            self,
            displacement_cm=self.displacement_cm[: self.lost_at],
            confidence=self.confidence[: self.lost_at],
            gaze_cm=self.gaze_cm[: self.lost_at],
            rigid_px=self.rigid_px[: self.lost_at],
            times_seconds=self.times_seconds[: self.lost_at],
            lost_at=None,
            lost_because=None,
        )

    def without(self, vertices: Bool[np.ndarray, " 468"]) -> MotionField:
        """Return the same motion with confidence 0 for the vertices that are True."""
        trusted = np.logical_not(vertices).astype(np.float32)
        confidence = by_parts(lambda part: self.confidence[part] * trusted, len(self))
        return replace(self, confidence=confidence)

    def relative_to(self, baseline: Baseline) -> MotionField:
        """Return the same motion counted from another baseline.

        Args:
            baseline: ``first`` (no change), ``median`` of the frames with the face, or a frame's number.

        Raises:
            UsageError: The clip has no such frame, or the face is lost there.
        """
        if baseline == "first":
            return self
        if baseline == "median":
            neutral = median_of_rows(self.displacement_cm, self.followed)
            gaze = median_of_rows(self.gaze_cm, self.followed)
        else:
            last = len(self if self.lost_at is None else self.kept()) - 1
            if not 0 <= int(baseline) <= last:
                raise UsageError(f"expected a neutral frame from 0 to {last}, got {baseline}")
            if not self.followed[int(baseline)]:
                raise UsageError(
                    f"expected a neutral frame that shows the face, but the face is lost in frame {baseline}"
                )
            neutral, gaze = self.displacement_cm[int(baseline)], self.gaze_cm[int(baseline)]
        return replace(
            self,
            displacement_cm=by_parts(
                lambda part: (self.displacement_cm[part] - neutral).astype(np.float32), len(self)
            ),
            gaze_cm=(self.gaze_cm - gaze).astype(np.float32),
        )


def measure_field(
    frames: Iterable[tuple[float, Image]],
    *,
    choose: int | Literal["largest"] | None = None,
    settings: FlowSettings | None = None,
    face: Face | None = None,
) -> MotionField:
    """Measure a clip's motion field. The frames are not kept; a long clip's field is in a temporary file.

    Args:
        frames: (seconds, frame) pairs; motion counts from the first one. Each frame must be a separate array, because
            the next one is read before this one is measured.
        choose: Which of several faces of the first frame; see `mien.face.portrait.find_face`.
        settings: How the flow is computed.
        face: The first frame's face, if it is already known.

    Raises:
        UnreadableVideoError: The clip has no frame.
        FaceError: The first frame has no usable face.
        OutputError: The temporary folder is full.
    """
    settings = settings or FlowSettings()
    source = iter(frames)
    first = next(source, None)
    if first is None:
        raise UnreadableVideoError("expected a clip of one or more frames, got none")
    face = face or find_face(first[1], choose)
    follower, rigid = FaceFollower(first[1], face, settings), RigidMotion(face)

    def followed() -> Iterator[tuple[float, tuple[int, ...], TrackedFrame | Loss]]:
        for (seconds, frame), after in pairwise(chain([first], source, [(0.0, None)])):
            assert frame is not None
            yield seconds, frame.shape[1::-1], follower.follow(frame, after[1])

    times: list[float] = []
    lost: dict[int, Loss] = {}
    columns = tuple(ScratchRows() for _ in _NOTHING)
    for seconds, size, tracked in ahead(followed()):  # the flow runs on while rows are fitted
        if isinstance(tracked, Loss):
            lost[len(times)] = tracked
        row = _NOTHING if isinstance(tracked, Loss) else _row(tracked, rigid, face, size)
        for column, values in zip(columns, row, strict=True):
            column.append(values)
        times.append(seconds)
    seconds_of = np.asarray(times, np.float64)
    lost_at, gaps = _losses(lost, len(times))
    arrays = [column.array() for column in columns]
    for array in arrays:
        _bridge(array, seconds_of, gaps)
    displacements, confidences, gazes, rigids = arrays
    kept, shown = slice(lost_at), _shown(len(times), gaps)
    remove_depth_motion(
        displacements[kept], confidences[kept], shown[kept], rigids[kept], seconds_of[kept], rigid
    )
    return MotionField(
        displacements,
        confidences,
        gazes,
        rigids,
        seconds_of,
        face,
        settings.scale,
        lost_at,
        gaps,
        None if lost_at is None else lost[lost_at],
    )


_NOTHING = (
    np.full((mesh.VERTEX_COUNT, 2), np.nan, np.float32),
    np.zeros(mesh.VERTEX_COUNT, np.float32),
    np.full((2, 2), np.nan, np.float32),
    np.full(6, np.nan),
)
"""Displacement, confidence, gaze and rigid motion of a frame without the face."""


def _row(
    tracked: TrackedFrame, rigid: RigidMotion, face: Face, size: tuple[int, ...]
) -> tuple[np.ndarray, ...]:
    """Return displacement, confidence, gaze and rigid motion of a frame of this ``size``, (width, height)."""
    confidence = tracked.confidence
    points = face.landmarks[: mesh.VERTEX_COUNT, :2]
    parameters = tracked.head
    # Where the head's motion took skin out of the picture, flow measures the picture's edge instead.
    places = tracked.in_clip(points + rigid.displacement_px(parameters))
    inside = (places >= 0).all(1) & (places <= np.array(size) - 1).all(1)
    if confidence[~inside].any():
        confidence = confidence * inside
        parameters = rigid.fit(tracked.displacement_px, confidence)
    head_px = rigid.displacement_px(parameters)
    back = np.linalg.inv(rigid.skin(parameters)).T
    rest_px = (tracked.displacement_px - head_px) @ back
    gaze_px = (tracked.iris_px - np.stack([head_px[list(lids)].mean(0) for lids in _LIDS])) @ back
    if tracked.laid is not None:
        whole_px = (tracked.in_clip(points + head_px) - points).astype(np.float32)
        parameters = rigid.fit(whole_px, np.ones(mesh.VERTEX_COUNT))
    return (
        face.pose.unproject_vectors(rest_px)[:, :2].astype(np.float32),
        confidence,
        face.pose.unproject_vectors(gaze_px)[:, :2].astype(np.float32),
        parameters,
    )


def _shown(frames: int, gaps: tuple[Gap, ...]) -> Bool[np.ndarray, " frames"]:
    """Return (T,) bool: the frames that lie in no gap."""
    index = np.arange(frames)
    shown = np.ones(frames, bool)
    for gap in gaps:
        shown &= (index < gap.first) | (index > gap.last)
    return shown


def _losses(lost: dict[int, Loss], frames: int) -> tuple[int | None, tuple[Gap, ...]]:
    """Return the frame from which on the face is lost for good, or None, and the gaps before.

    Args:
        lost: Why each frame without the face shows none, by frame, in order.
        frames: Number of frames.
    """
    end = frames
    while end - 1 in lost:
        end -= 1
    gaps: list[Gap] = []
    for index, why in lost.items():
        if index >= end:
            break
        if gaps and gaps[-1].last == index - 1:
            gaps[-1] = replace(gaps[-1], last=index)
        else:
            gaps.append(Gap(index, index, why))
    return (None if end == frames else end), tuple(gaps)


def _bridge(column: np.ndarray, times: Times, gaps: tuple[Gap, ...]) -> None:
    """Interpolate the values of frames in gaps linearly in time between their neighbours, in place."""
    for gap in gaps:
        before, after = np.array(column[gap.first - 1]), np.array(column[gap.last + 1])
        start, stop = times[gap.first - 1], times[gap.last + 1]
        for part in parts_of(gap.last + 1 - gap.first):
            inside = slice(gap.first + part.start, gap.first + part.stop)
            share = (times[inside] - start) / (stop - start)
            share = share.reshape(-1, *[1] * before.ndim).astype(column.dtype)
            column[inside] = before + share * (after - before)
