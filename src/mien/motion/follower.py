"""Follow a face through a whole clip: through strong expressions, behind a hand, and after it comes back.

Every frame is compared with the first one (`mien.motion.tracker`). If that fails, the frame is compared with the last
frame for which it succeeded, or with the frame just before, and the two displacements are added. If that fails too, the
face is detected again, and the frame is laid over the first one by the face's landmarks and compared with it. All
displacements therefore count from the first frame.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

import cv2
import numpy as np

from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import MAX_YAW_DEGREES, MIN_FACE_PX, Face, find_faces
from mien.motion.tracker import FlowSettings, FlowTracker, TrackedFrame
from mien.types import Image


class Loss(Enum):
    """Why a frame shows no face that can be followed: the start of a sentence that continues with "at frame 7"."""

    GONE = "the face leaves the picture or is covered"
    CUT = "another picture follows, a cut or another face,"
    BLANK = "the face is not shown, as the picture is black, white or even,"
    COVERED = "the face is covered, or another one takes its place,"


CUT_LEVELS = 16.0
"""Mean difference outside the face, in grey levels 0 to 255, above which two frames count as a cut."""


class FaceFollower:
    """Follow the face of a clip's first frame.

    Args:
        first: The first frame (H, W, 3 or 4).
        face: Its face.
        settings: How the flow is computed.
    """

    def __init__(self, first: Image, face: Face, settings: FlowSettings | None = None) -> None:
        self._tracker = FlowTracker(first, face, settings)
        self._face = face
        self._laid: np.ndarray | None = None
        """(2, 3) matrix from the first frame's pixels to the clip's, set when the face is found again; None before."""
        self._before_lost = False
        self._last = first
        self._around = _outside(face, first)

    def follow(self, frame: Image, upcoming: Image | None = None) -> TrackedFrame | Loss:
        """Follow the face into the next frame.

        Args:
            frame: The next frame of the clip.
            upcoming: The frame after it, if it is known; see `FlowTracker.track`.

        Returns:
            How the face moved since the first frame, or why it cannot be followed.
        """
        before_lost, self._before_lost = self._before_lost, False
        laid_over = frame if self._laid is None else _laid_over(frame, self._laid)
        upcoming = upcoming if self._laid is None else None
        tracked = self._tracker.track(laid_over, from_scratch=before_lost, upcoming=upcoming)
        if tracked.blank:
            self._before_lost = True
            return Loss.BLANK
        on = self._tracker.track_on() if tracked.lost and not before_lost else None
        if on is not None or not tracked.lost:
            self._last = frame
            return replace(on or tracked, laid=self._laid)
        found = self._nearest(find_faces(frame))
        if found is not None:
            laid = _similarity(self._face.landmarks, found.landmarks)
            tracked = self._tracker.track(_laid_over(frame, laid), from_scratch=True)
            if not tracked.lost:
                self._laid = laid
                self._last = frame
                return replace(tracked, laid=laid)
        self._before_lost = True
        if found is None:
            return Loss.GONE
        change = np.abs(_small(frame) - _small(self._last))[self._around].mean()
        return Loss.CUT if change > CUT_LEVELS else Loss.COVERED

    def _nearest(self, faces: tuple[Face, ...]) -> Face | None:
        """Return the usable face whose middle is nearest to the last known place of the face; None if there is none."""
        faces = tuple(
            face
            for face in faces
            if face.width_px >= MIN_FACE_PX and abs(face.pose.yaw_degrees) <= MAX_YAW_DEGREES
        )
        middle = self._face.landmarks[:VERTEX_COUNT, :2].mean(0)
        if self._laid is not None:
            middle = self._laid[:, :2] @ middle + self._laid[:, 2]

        def distance(face: Face) -> float:
            return float(np.linalg.norm(face.landmarks[:VERTEX_COUNT, :2].mean(0) - middle))

        return min(faces, key=distance, default=None)


def _small(frame: Image) -> np.ndarray:
    """Return a frame's grey levels, resized to (48, 48)."""
    grey = cv2.cvtColor(np.ascontiguousarray(frame[..., :3]), cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA).astype(np.float32)


def _outside(face: Face, frame: Image) -> np.ndarray:
    """Return (48, 48) bool: the pixels outside a face's box; all pixels if the face fills the picture."""
    left, top, right, bottom = face.box_px * 48 / np.array([*frame.shape[1::-1]] * 2)
    y, x = np.mgrid[:48, :48] + 0.5
    outside: np.ndarray = (x < left) | (x > right) | (y < top) | (y > bottom)
    return outside if outside.mean() > 0.1 else np.ones_like(outside)


def _laid_over(frame: Image, laid: np.ndarray) -> Image:
    """Return a frame moved so that the face is where it was in the first frame.

    Args:
        frame: The frame.
        laid: (2, 3) matrix from the first frame's pixels to the frame's.
    """
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (frame.shape[1], frame.shape[0])
    moved: Image = cv2.warpAffine(
        np.ascontiguousarray(frame), laid, size, flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return moved


def _similarity(first: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Return the similarity transform (2, 3) that brings a face's landmarks closest to those of another frame."""
    a, b = (points[:VERTEX_COUNT, :2].astype(np.float64) for points in (first, later))
    middle_a, middle_b = a.mean(0), b.mean(0)
    a, b = a - middle_a, b - middle_b
    square = (a**2).sum()
    cosine, sine = (a * b).sum() / square, (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / square
    linear = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([linear, middle_b - linear @ middle_a])
