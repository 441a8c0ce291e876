"""Track the face mesh's vertices by optical flow from a clip's first frame to every later frame.

The square around the first frame's face is cut out of every frame, resized to a fixed size, and compared with that of
the first frame (dense inverse search, Kroeger et al. 2016), so that errors do not add up over a long clip. The search
starts from the flow of the frame before. A second flow, on smaller copies and back to the first frame, shows which
vertices return to their starting points.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.cover import CoverSight
from mien.motion.flow_method import FlowMethod
from mien.motion.forward_flow import ForwardFlow, inverse_search, sample_at
from mien.motion.head_view import HeadView
from mien.motion.rigid import RigidMotion
from mien.types import FlowScale, Image, Vertices2

HOME_PX = 1.0
"""If the flow back ends this far from a vertex's start, in pixels of the square, the vertex's confidence is halved."""
FAR = 0.02
"""If the head's motion moves the vertices by more than this on average (a share of the square's side), it is undone
before the flow is computed."""
ON = 0.005
"""If the head's motion differs from the one that was undone by more than this on average (a share of the square's
side), the flow is computed once more."""
SAME_FACE = 0.55
"""The face is lost if, inside the face, the first frame and a later one warped back to it have a lower correlation."""
COMES_HOME = 0.3
"""The face is also lost if the mean confidence of the vertices is below this.

Flow can warp any face into any other one, so after a cut to another person the correlation may stay at 0.9. But then
the flow back does not match the flow forward. Cuts between aligned faces give a confidence of 0.03 to 0.25,
micro-expressions 0.75 and more, and a head shifted by a sixth of its width 0.9.
"""
SOME_ALIKE = 0.85
"""The face is also lost if the most similar tenth of it has a lower similarity; see `CoverSight.visible`.

If a hand covers half of the face, the most similar tenth has 0.94 or more; after a cut to another face 0.74 or less.
"""
LEAST_SEEN = 0.15
"""The face is also lost if less than this share of the vertices can be seen."""


@dataclass(frozen=True)
class FlowSettings:
    """How the flow is computed.

    Attributes:
        side_px: Side of the square to which the face is resized, pixels.
        scale: ``full`` searches down to every second pixel of the square in x and y, ``fast`` to every fourth. A finer
            search would follow more of the camera's noise, but no more of the face. It does not apply to ``tvl1``.
        method: The flow from the first frame. The engines measure by ``dis``; ``tvl1`` is for judging them, because no
            engine uses it. The flow back, which only weights the vertices, is always a fast DIS.
    """

    side_px: int = 256
    scale: FlowScale = "full"
    method: FlowMethod = "dis"


@dataclass(frozen=True, eq=False)
class TrackedFrame:
    """How the face in a frame moved since the first frame.

    Attributes:
        displacement_px: (468, 2) displacement of the vertices, pixels of the clip.
        confidence: (468,) 0 to 1: high if the vertex returns to its start; 0 if it is covered or lies outside the
            picture.
        iris_px: (2, 2) displacement of the left and of the right iris, pixels of the clip.
        correlation: Correlation of the first frame and this one warped back to it; below `SAME_FACE` the face is lost.
        home: Mean over the visible vertices of how closely each returns to its start, 0 to 1.
        alike: Similarity of the most similar tenth of the face; see `CoverSight.visible`.
        blank: Whether the frame is too dark, too bright or too even to show a face.
        head: The motion of the rigid head that is part of ``displacement_px``: parameters of `RigidMotion`.
        laid: (2, 3) matrix from the tracked pixels to those of the clip, if the frame was laid over the first one
            before it was tracked; None if it was tracked as it is.
    """

    displacement_px: Vertices2
    confidence: Float32[np.ndarray, " 468"]
    iris_px: Float32[np.ndarray, "2 2"]
    correlation: float
    home: float
    alike: float
    blank: bool
    head: Float64[np.ndarray, " 6"]
    laid: Float64[np.ndarray, "2 3"] | None = None

    def in_clip(self, points_px: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        """Convert points from the pixels that were tracked to those of the clip."""
        if self.laid is None:
            return points_px
        places: np.ndarray = points_px @ self.laid[:, :2].T + self.laid[:, 2]
        return places

    @property
    def lost(self) -> bool:
        """Whether the first frame's face can no longer be followed in this frame."""
        return not self.in_part or self.correlation < SAME_FACE or self.home < COMES_HOME

    @property
    def in_part(self) -> bool:
        """Whether at least a part of the first frame's face still looks the same."""
        seen = float((self.confidence > 0).mean())
        return not self.blank and self.alike >= SOME_ALIKE and seen >= LEAST_SEEN


@dataclass(frozen=True, eq=False)
class _Step:
    """A frame that was compared with the first one, or with another frame.

    Attributes:
        square: (side, side) the frame's square.
        undone: The head motion that was undone in the square; None for no motion.
        moved: (468 + irises, 2) displacement of the starting points, pixels of the square.
        forward: (side, side, 2) the flow from the first frame, pixels of the square.
        tracked: The result.
        seen: (468,) how visible each vertex is, 0 where it is covered.
    """

    square: np.ndarray
    undone: np.ndarray | None
    moved: np.ndarray
    forward: np.ndarray
    tracked: TrackedFrame
    seen: np.ndarray

    @property
    def clear(self) -> bool:
        """Whether no vertex is covered. Otherwise the flow may be that of a hand, and is not used as the next start."""
        return bool(self.seen.all())


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
        self._rigid = RigidMotion(face)
        self._view = HeadView(face, self._rigid, side)
        self._backward = inverse_search("fast")
        self._first = self._view.cut(first)
        self._first_small = _halve(self._first)
        points = face.landmarks[: mesh.VERTEX_COUNT, :2]
        irises = face.landmarks[[*mesh.LEFT_IRIS, *mesh.RIGHT_IRIS], :2]
        self._starts_px = np.concatenate([points, irises])
        self._starts = self._view.in_square(self._starts_px)
        height, width = first.shape[:2]
        inside = (points > 0.5).all(1) & (points < np.array([width, height]) - 1.5).all(1)
        self._in_picture = inside.astype(np.float32)
        small = self._starts[: mesh.VERTEX_COUNT] / 2 - 0.25
        self._hull = np.flatnonzero(_hull(small, side // 2))
        self._in_hull = self._first_small.ravel()[self._hull]
        y, x = np.mgrid[:side, :side].astype(np.float32)
        self._pixels = np.stack([x, y], axis=-1)
        self._cover = CoverSight(self._first_small, small)
        dark, bright = np.quantile(self._in_hull, [0.05, 0.95])
        self._flow = ForwardFlow(
            self._view,
            self._first,
            self._starts,
            (float(dark), float(bright)),
            self._settings.scale,
            self._settings.method,
        )
        self._last: _Step | None = None
        self._anchors: list[_Step] = []
        """Frames from which `track_on` continues: the last one compared with the first frame, and a later one."""

    def track(
        self, frame: Image, *, from_scratch: bool = False, upcoming: Image | None = None
    ) -> TrackedFrame:
        """Track the first frame's vertices into a frame.

        Args:
            frame: The next frame of the clip.
            from_scratch: Start without the motion of the last tracked frame, because this frame does not follow it.
            upcoming: The frame that will be tracked next, if it is known. Its flow is then computed in another thread
                while this frame is read. This does not change results.
        """
        before = None if from_scratch else self._last
        head = None if before is None or before.tracked.lost else before.tracked.head
        undone = None if head is None or self._near(head) else head
        start = None
        if before is not None and before.undone is None and undone is None and before.clear:
            start = before.forward
        clear = before is not None and before.clear
        step = self._step(frame, undone, start, upcoming if clear else None)
        if step.tracked.lost and undone is not None:
            step = self._step(frame, None, None)
        near = self._near(step.tracked.head, step.undone)
        if step.tracked.in_part and not near:
            closer = self._step(frame, step.tracked.head, None)
            if closer.tracked.in_part and closer.tracked.home > step.tracked.home:
                step, near = closer, self._near(closer.tracked.head, closer.undone)
        if step.tracked.in_part and near and not step.clear:
            step = self._filled(step)
        self._last = step
        if not step.tracked.lost:
            self._anchors = [step]
        return step.tracked

    def track_on(self) -> TrackedFrame | None:
        """Track the vertices from earlier frames into the frame in which `track` lost the face.

        A strong expression can differ too much from the first frame for flow, but still be close to an earlier frame.

        Returns:
            The displacement since the first frame; None if the face cannot be followed from the earlier frames either.
            The confidence of a vertex is at most what it was in the earlier frame.
        """
        assert self._last is not None
        now = self._last
        for anchor in self._anchors:
            forward = self._flow.between(anchor.square, now.square)
            step = self._compared(anchor, now.square, now.undone, forward, now.tracked.blank)
            if not step.tracked.lost:
                self._anchors = [self._anchors[0], step]
                return step.tracked
        return None

    def _near(self, head: np.ndarray, other: np.ndarray | None = None) -> bool:
        """Return whether a head's motion is small, or, if another motion is given, close to that one."""
        moved = self._rigid.displacement_px(head)
        if other is not None:
            moved = moved - self._rigid.displacement_px(other)
        far = (FAR if other is None else ON) * self._settings.side_px / self._view.zoom
        return bool(np.linalg.norm(moved, axis=1).mean() <= far)

    def _halves(self, forward: np.ndarray) -> np.ndarray:
        """Return where each pixel of the square at half size moves, in pixels of that half size."""
        small = cv2.resize(forward, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return self._pixels[: len(small), : len(small)] + small / 2

    def _step(
        self,
        frame: Image,
        undone: np.ndarray | None,
        start: np.ndarray | None,
        upcoming: Image | None = None,
    ) -> _Step:
        """Compare a frame with the first one."""
        flowed = self._flow.to_frame(frame, undone, start)
        if upcoming is not None and undone is None:
            self._flow.guess(upcoming, flowed)
        return self._compared(None, flowed.square, undone, flowed.forward, flowed.blank)

    def _filled(self, step: _Step) -> _Step:
        """Compare a frame again, with the covered parts of the face replaced by those of the first frame.

        Otherwise the covering object would drag along the flow around it. The covered vertices stay covered.
        """
        share = self._cover.covered(_warped(_halve(step.square), self._halves(step.forward)))
        share = cv2.resize(share, self._first.shape[::-1], interpolation=cv2.INTER_LINEAR)
        mixed = share * self._first + (1 - share) * step.square
        now = np.rint(mixed).astype(np.uint8)
        forward = self._flow.between(self._first, now)
        return self._compared(
            None, now, step.undone, forward, step.tracked.blank, (step.seen, step.tracked.alike)
        )

    def _compared(
        self,
        anchor: _Step | None,
        now: np.ndarray,
        undone: np.ndarray | None,
        forward: np.ndarray,
        blank: bool,
        sight: tuple[np.ndarray, float] | None = None,
    ) -> _Step:
        """Read the flow from the first frame (no anchor), or from an anchor, at the vertices."""
        vertices = slice(mesh.VERTEX_COUNT)
        face, small = self._in_hull, self._first_small
        if anchor is not None:
            small = _halve(anchor.square)
            face = small.ravel()[self._hull]
        starts = self._starts if anchor is None else self._starts + anchor.moved
        step = sample_at(forward, starts)
        small_now = _halve(now)
        back = self._backward.calc(small_now, small, None)  # type: ignore[call-overload]
        ends = starts + step
        home = _home(step[vertices], 2 * sample_at(back, ends[vertices] / 2 - 0.25))
        returned = original = _warped(small_now, self._halves(forward))
        if anchor is not None:
            forward = anchor.forward + _warped(forward, self._pixels + anchor.forward)
            original = _warped(small_now, self._halves(forward))
        seen, alike = sight or self._cover.visible(original)
        shown = seen * self._in_picture
        confidence = (home * shown).astype(np.float32)
        if anchor is not None:
            confidence = np.minimum(confidence, anchor.tracked.confidence)
        moved = ends - self._starts
        if undone is None:
            moved_px = moved / self._view.zoom
        else:
            moved_px = sample_at(self._view.places_px(undone), ends) - self._starts_px
        before = None if self._last is None else self._last.tracked.head
        displacement_px = moved_px[vertices].astype(np.float32)
        irises_px = moved_px[mesh.VERTEX_COUNT :].reshape(2, -1, 2).mean(1)
        tracked = TrackedFrame(
            displacement_px,
            confidence,
            irises_px.astype(np.float32),
            _correlation(face, returned.ravel()[self._hull]),
            float((home * shown).sum() / max(float(shown.sum()), 1e-9)),
            alike,
            blank,
            self._rigid.fit(displacement_px, confidence, before),
        )
        return _Step(now, undone, moved, forward, tracked, seen)


def _warped(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Sample a picture (h, w) or a field (h, w, 2) at places (h, w, 2), x and y in pixels."""
    return cv2.remap(picture, places, None, cv2.INTER_LINEAR)  # type: ignore[call-overload,no-any-return]


def _home(moved: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return the confidence (468,) of displacements, by how closely the flow back returns to their starts."""
    error = np.linalg.norm(moved + back, axis=1)
    home: np.ndarray = 1 / (1 + (error / HOME_PX) ** 2)
    return home


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
