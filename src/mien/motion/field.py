"""The motion field of a clip: how far each mesh vertex moved since the first frame, without the head's own motion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64

from mien.errors import UnreadableVideoError, UsageError
from mien.face import mesh
from mien.face.portrait import Face, find_face
from mien.motion.rigid import RigidMotion
from mien.motion.tracker import FlowSettings, FlowTracker
from mien.types import FlowScale, Image, Times, Vertices2

_LIDS = (mesh.LEFT_EYE_UPPER + mesh.LEFT_EYE_LOWER, mesh.RIGHT_EYE_UPPER + mesh.RIGHT_EYE_LOWER)
Baseline = Literal["first", "median"] | int
STILL_CM = 2e-4
"""Below this RMS in every frame a field is still: a fiftieth of a pixel on a face 200 px wide."""


@dataclass(frozen=True, eq=False)
class MotionField:
    """The motion of a face in a clip.

    Attributes:
        displacement_cm: (T, 468, 2) from the baseline, canonical centimetres (x to the image right, y down), rigid head
            motion removed; NaN from the frame on in which the face is lost.
        confidence: (T, 468) 0 to 1; 0 where the face is lost.
        gaze_cm: (T, 2, 2) displacement of the left and of the right iris, relative to the head; NaN where the face is
            lost.
        rigid_px: (T, 6) the head motion that was removed: parameters of `RigidMotion` in the clip's pixels.
        times_seconds: (T,).
        face: The first frame's face.
        flow: The scale of the flow that measured the field. To fit a rig to the field, use the rig as flow of the same
            scale sees it.
        lost_at: The first frame without the face, or None.
    """

    displacement_cm: Float32[np.ndarray, "frames 468 2"]
    confidence: Float32[np.ndarray, "frames 468"]
    gaze_cm: Float32[np.ndarray, "frames 2 2"]
    rigid_px: Float64[np.ndarray, "frames 6"]
    times_seconds: Times
    face: Face
    flow: FlowScale
    lost_at: int | None = None

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
        """The time from frame to frame (the median where it varies)."""
        return float(np.median(np.diff(self.times_seconds))) if len(self) > 1 else 0.04

    @property
    def seen(self) -> np.ndarray:
        """(468,) bool: the vertices that were tracked with some confidence in the whole clip."""
        kept = self.confidence[: self.lost_at]
        seen: np.ndarray = np.median(kept, axis=0) > 0.25
        return seen

    @property
    def still(self) -> bool:
        """Whether nothing moves: at least one vertex was followed, and none of those ever moved."""
        moved = self.displacement_cm[: self.lost_at, self.seen].astype(np.float64)
        return bool(moved.size and np.sqrt((moved**2).sum(-1).mean(1)).max() < STILL_CM)

    def displacement_px(self, frame: int) -> Vertices2:
        """Return how far each vertex moved in the picture until a frame, with the head's own motion, in pixels."""
        # What was measured lies in the picture's plane, which gives the depth that `displacement_cm` leaves out.
        away = self.face.pose.rotation[2]
        own_cm = self.displacement_cm[frame]
        depth_cm = -(own_cm @ away[:2]) / away[2]
        own_px = self.face.pose.project_vectors(np.column_stack([own_cm, depth_cm]))
        head_px = RigidMotion(self.face).displacement_px(self.rigid_px[frame])
        moved: np.ndarray = own_px.astype(np.float32) + head_px
        return moved

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
        )

    def relative_to(self, baseline: Baseline) -> MotionField:
        """Return the same motion counted from another neutral: the first frame, the clip's median, or a frame's number.

        Raises:
            UsageError: The clip has no such frame, or the face is lost there.
        """
        if baseline == "first":
            return self
        if baseline == "median":
            neutral = np.median(self.displacement_cm[: self.lost_at], axis=0)
            gaze = np.median(self.gaze_cm[: self.lost_at], axis=0)
        else:
            last = len(self if self.lost_at is None else self.kept()) - 1
            if not 0 <= int(baseline) <= last:
                raise UsageError(f"expected a neutral frame from 0 to {last}, got {baseline}")
            neutral, gaze = self.displacement_cm[int(baseline)], self.gaze_cm[int(baseline)]
        return replace(
            self,
            displacement_cm=(self.displacement_cm - neutral).astype(np.float32),
            gaze_cm=(self.gaze_cm - gaze).astype(np.float32),
        )


def measure_field(
    frames: Iterable[tuple[float, Image]],
    *,
    choose: int | Literal["largest"] | None = None,
    settings: FlowSettings | None = None,
    face: Face | None = None,
) -> MotionField:
    """Measure a clip's motion field. The frames are not kept in memory: each one adds only 5 kB.

    Args:
        frames: (seconds, frame) pairs, the first the neutral one.
        choose: Which of several faces of the first frame; see `mien.face.portrait.find_face`.
        settings: How the flow is computed.
        face: The first frame's face, if it is already known.

    Raises:
        UnreadableVideoError: The clip has no frame.
        FaceError: The first frame has no usable face.
    """
    times: list[float] = []
    displacements: list[np.ndarray] = []
    confidences: list[np.ndarray] = []
    gazes: list[np.ndarray] = []
    rigids: list[np.ndarray] = []
    lost_at: int | None = None
    tracker: FlowTracker | None = None
    settings = settings or FlowSettings()
    for seconds, frame in frames:
        if tracker is None or face is None:
            face = face or find_face(frame, choose)
            tracker, rigid = FlowTracker(frame, face, settings), RigidMotion(face)
        times.append(seconds)
        tracked = tracker.track(frame) if lost_at is None else None
        if tracked is None or tracked.lost:
            lost_at = len(times) - 1 if lost_at is None else lost_at
            displacements.append(np.full((mesh.VERTEX_COUNT, 2), np.nan, np.float32))
            confidences.append(np.zeros(mesh.VERTEX_COUNT, np.float32))
            gazes.append(np.full((2, 2), np.nan, np.float32))
            rigids.append(np.full(6, np.nan))
            continue
        parameters = rigid.fit(tracked.displacement_px, tracked.confidence)
        head_px = rigid.displacement_px(parameters)
        rest_px = tracked.displacement_px - head_px
        gaze_px = tracked.iris_px - np.stack([head_px[list(lids)].mean(0) for lids in _LIDS])
        gazes.append(face.pose.unproject_vectors(gaze_px)[:, :2].astype(np.float32))
        displacements.append(face.pose.unproject_vectors(rest_px)[:, :2].astype(np.float32))
        confidences.append(tracked.confidence)
        rigids.append(parameters)
    if face is None or not times:
        raise UnreadableVideoError("expected a clip of one or more frames, got none")
    return MotionField(
        np.stack(displacements),
        np.stack(confidences),
        np.stack(gazes),
        np.stack(rigids),
        np.asarray(times, np.float64),
        face,
        settings.scale,
        lost_at,
    )
