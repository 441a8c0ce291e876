"""Track the face mesh's vertices by optical flow from a clip's first frame to every later frame.

Every frame is cut with the square of the first frame's face, resized to a fixed size, and compared with the first frame
itself (dense inverse search, Kroeger et al. 2016), so that errors do not add up over a long clip. The search starts
from the flow of the frame before. A second flow, back to the first frame and on a smaller copy, shows which vertices
return to their starting points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float32

from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.dense_flow import dense_flow
from mien.motion.flow_method import FlowMethod
from mien.types import FlowScale, Image, Vertices2

CROP_OF_FACE = 1.24
"""The square's side divided by the face's longer side."""
HOME_PX = 1.0
"""A vertex that returns this far from its start (in pixels of the square) has half its confidence."""
SAME_FACE = 0.55
"""The face is lost if the first frame and a later one warped back to it correlate, inside the face, less than this."""
COMES_HOME = 0.3
"""The face is also lost if the mean confidence of the vertices is below this.

Flow can warp any face into any other, so after a cut to another person the correlation may stay at 0.9. But then the
flow back does not match the flow forward. Cuts between aligned faces give a confidence of 0.03 to 0.25,
micro-expressions 0.75 and more, and a head shifted by a sixth of its width 0.9.
"""


@dataclass(frozen=True)
class FlowSettings:
    """How the flow is computed.

    Attributes:
        side_px: The square's side, to which the face is resized.
        scale: ``full`` searches down to every second pixel of the square in x and y, ``fast`` to every fourth. A finer
            search follows more of the camera's noise, but no more of the face. It does not apply to ``tvl1``.
        method: The flow from the first frame. The engines measure by ``dis``; ``tvl1`` is for judging them, since no
            engine uses it. The flow back, which only weights the vertices, is always a fast DIS.
    """

    side_px: int = 256
    scale: FlowScale = "full"
    method: FlowMethod = "dis"


@dataclass(frozen=True, eq=False)
class TrackedFrame:
    """How a frame's content moved since the first frame.

    Attributes:
        displacement_px: (468, 2) pixels of the clip.
        confidence: (468,) 0 to 1: high if the vertex returns to its start and lies in the picture.
        iris_px: (2, 2) displacement of the left and of the right iris, pixels of the clip.
        correlation: Similarity of the first frame and this one warped back to it; below `SAME_FACE` the face is lost.
        laid_px: (468, 2) displacement of the whole head by which the frame was laid over the first one before it was
            tracked, pixels of the clip; None: it was tracked as it is.
    """

    displacement_px: Vertices2
    confidence: Float32[np.ndarray, " 468"]
    iris_px: Float32[np.ndarray, "2 2"]
    correlation: float
    laid_px: Vertices2 | None = None

    @property
    def lost(self) -> bool:
        """Whether the first frame's face is no longer in the picture."""
        return self.correlation < SAME_FACE or float(self.confidence.mean()) < COMES_HOME


class FlowTracker:
    """Track one clip from its first frame.

    Args:
        first: The first frame (H, W, 3 or 4).
        face: Its face.
        settings: How the flow is computed.
    """

    def __init__(self, first: Image, face: Face, settings: FlowSettings | None = None) -> None:
        self._settings = settings or FlowSettings()
        side = self._settings.side_px
        left, top, right, bottom = face.box_px
        half = CROP_OF_FACE / 2 * max(right - left, bottom - top)
        self._zoom = side / (2 * half)
        centre = np.array([left + right, top + bottom]) / 2
        self._shift = (side - 1) / 2 - self._zoom * centre
        self._forward = _flow(self._settings.scale)
        self._backward = _flow("fast")
        self._first = self._cut(first)
        self._first_small = _halve(self._first)
        points = face.landmarks[: mesh.VERTEX_COUNT, :2]
        self._points = (points * self._zoom + self._shift).astype(np.float32)
        irises = face.landmarks[[*mesh.LEFT_IRIS, *mesh.RIGHT_IRIS], :2]
        self._irises = (irises * self._zoom + self._shift).astype(np.float32)
        height, width = first.shape[:2]
        inside = (points > 0.5).all(1) & (points < np.array([width, height]) - 1.5).all(1)
        self._in_picture = inside.astype(np.float32)
        self._hull = _hull(self._points, side)
        y, x = np.mgrid[:side, :side].astype(np.float32)
        self._pixels = np.stack([x, y], axis=-1)
        self._before: np.ndarray | None = None
        self._anchors: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
        """Square, moved vertices, their confidence and irises of frames that `track_on` goes on from."""

    def track(self, frame: Image, *, from_scratch: bool = False) -> TrackedFrame:
        """Track the first frame's vertices into a frame.

        Args:
            frame: The next frame of the clip.
            from_scratch: Start without the flow of the frame before, because this frame does not follow it.
        """
        now = self._cut(frame)
        self._now = now
        start = None if self._before is None or from_scratch else self._before.copy()
        if self._settings.method == "dis":
            forward = self._forward.calc(self._first, now, start)  # type: ignore[arg-type]
        else:
            forward = dense_flow(self._first, now, self._settings.method)
        self._before = forward
        moved = sample_at(forward, self._points)
        small = self._backward.calc(_halve(now), self._first_small, None)  # type: ignore[call-overload]
        back = 2 * sample_at(small, (self._points + moved) / 2 - 0.25)
        home = _home(moved, back)
        returned = cv2.remap(now, self._pixels + forward, None, cv2.INTER_LINEAR)  # type: ignore[call-overload]
        irises = sample_at(forward, self._irises)
        tracked = TrackedFrame(
            (moved / self._zoom).astype(np.float32),
            (home * self._in_picture).astype(np.float32),
            irises.reshape(2, -1, 2).mean(1) / np.float32(self._zoom),
            _correlation(self._first[self._hull], returned[self._hull]),
        )
        if not tracked.lost:
            self._anchors = [(now, moved, tracked.confidence, irises)]
        return tracked

    def track_on(self) -> TrackedFrame | None:
        """Track the vertices into the frame that `track` lost, from frames before it.

        A strong expression can differ from the first frame more than flow can follow, and is near to the frame before.

        Returns:
            The displacement since the first frame, with no vertex surer than in the frame that it was followed from;
            None if the face is lost from those frames too.
        """
        for anchor, moved, sure, irises in self._anchors:
            forward = self._forward.calc(anchor, self._now, None)  # type: ignore[call-overload]
            back = self._backward.calc(_halve(self._now), _halve(anchor), None)  # type: ignore[call-overload]
            places = self._points + moved
            step = sample_at(forward, places)
            home = _home(step, 2 * sample_at(back, (places + step) / 2 - 0.25))
            returned = cv2.remap(self._now, self._pixels + forward, None, cv2.INTER_LINEAR)  # type: ignore[call-overload]
            iris_step = sample_at(forward, self._irises + irises)
            tracked = TrackedFrame(
                ((moved + step) / self._zoom).astype(np.float32),
                (home * self._in_picture).astype(np.float32),
                (irises + iris_step).reshape(2, -1, 2).mean(1) / np.float32(self._zoom),
                _correlation(anchor[self._hull], returned[self._hull]),
            )
            if not tracked.lost:
                tracked = replace(tracked, confidence=np.minimum(tracked.confidence, sure))
                latest = (self._now, moved + step, tracked.confidence, irises + iris_step)
                self._anchors = [self._anchors[0], latest]
                return tracked
        return None

    def _cut(self, frame: Image) -> np.ndarray:
        grey = cv2.cvtColor(np.ascontiguousarray(frame[..., :3]), cv2.COLOR_RGB2GRAY)
        if self._zoom < 0.7:
            grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / self._zoom)
        side = self._settings.side_px
        matrix = np.array([[self._zoom, 0, self._shift[0]], [0, self._zoom, self._shift[1]]])
        return cv2.warpAffine(
            grey, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )


def sample_at(field: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Interpolate a field (h, w, C) at points (N, 2), x and y: (N, C); beyond the edge, the edge's values are used."""
    place = np.ascontiguousarray(points, np.float32)[None]
    border = cv2.BORDER_REPLICATE
    values: np.ndarray = cv2.remap(field, place, None, cv2.INTER_LINEAR, borderMode=border)[0]  # type: ignore[call-overload]
    return values


def _home(moved: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return the confidence (468,) of displacements, by how near the flow back brings them to their starts."""
    error = np.linalg.norm(moved + back, axis=1)
    home: np.ndarray = 1 / (1 + (error / HOME_PX) ** 2)
    return home


def _flow(scale: FlowScale) -> cv2.DISOpticalFlow:
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(1 if scale == "full" else 2)
    if scale == "fast":
        flow.setVariationalRefinementIterations(2)
    return flow


def _halve(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def _hull(points: np.ndarray, side: int) -> np.ndarray:
    mask = np.zeros((side, side), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points).astype(np.int32)), 1)
    return mask > 0


def _correlation(first: np.ndarray, later: np.ndarray) -> float:
    a, b = first.astype(np.float32), later.astype(np.float32)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum() / size) if size > 0 else 0.0
