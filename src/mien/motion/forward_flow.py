"""Compute the optical flow from a clip's first frame to later ones, the next one ahead of time.

The search for a frame's flow starts from the flow of the frame before. In most frames, other results, such as where the
face is covered, do not change this start. So the flow of the next frame is computed in another thread while the frame
is read. If its start turns out to be different, the flow is computed again. Results do not depend on the threads.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64, UInt8

from mien.motion.dense_flow import dense_flow
from mien.motion.flow_method import FlowMethod
from mien.motion.head_view import HeadView
from mien.motion.light import LEAST_GAIN, Light, contrast, light_between
from mien.types import FlowScale, Image


@dataclass(frozen=True, eq=False)
class Flowed:
    """A frame and the flow to it.

    Attributes:
        square: (side, side) the frame's square, grey levels in the first frame's light.
        undone: The head motion that was undone in the square: parameters of `RigidMotion`; None for no motion.
        forward: (side, side, 2) the flow from the first frame's square, pixels of the square.
        light: The frame's light.
        blank: Whether the frame is too dark, too bright or too even to show a face.
    """

    square: UInt8[np.ndarray, "side side"]
    undone: Float64[np.ndarray, " 6"] | None
    forward: Float32[np.ndarray, "side side 2"]
    light: Light
    blank: bool


@dataclass(frozen=True, eq=False)
class _Guess:
    """A flow that is being computed, and its inputs."""

    frame: Image
    start: np.ndarray
    light: Light
    flowed: Future[Flowed]

    def is_of(self, frame: Image, start: np.ndarray | None, light: Light) -> bool:
        """Return whether the flow is computed from exactly these objects."""
        return self.frame is frame and self.start is start and self.light is light


class ForwardFlow:
    """The flow from the first frame's square to later frames.

    Args:
        view: Cuts the squares.
        square: (side, side) the first frame's square, grey levels.
        starts: (N, 2) places of the face in the square (x, y); the light is found from the grey levels there.
        range_levels: Dark and bright grey levels of the face in the first frame.
        scale: How fine the dense inverse search is.
        method: The method of the flow.
    """

    def __init__(
        self,
        view: HeadView,
        square: UInt8[np.ndarray, "side side"],
        starts: Float[np.ndarray, "n 2"],
        range_levels: tuple[float, float],
        scale: FlowScale,
        method: FlowMethod,
    ) -> None:
        self._view, self._square, self._starts = view, square, starts
        self._range, self._method = range_levels, method
        self._levels, self._contrast = _levels(square, starts), contrast(square)
        self._light = Light()
        # A search that once had a start keeps a part of it, even for later calls without one.
        self._from_scratch, self._onwards = inverse_search(scale), inverse_search(scale)
        self._searching = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "mien-flow")
        self._guess: _Guess | None = None

    def to_frame(
        self, frame: Image, undone: Float64[np.ndarray, " 6"] | None, start: np.ndarray | None
    ) -> Flowed:
        """Compute the flow to a frame.

        Args:
            frame: The frame.
            undone: The head motion to undo; None for no motion.
            start: (side, side, 2) a flow that is close, such as that of the frame before; None if there is none.
        """
        guess, self._guess = self._guess, None
        if guess is not None and undone is None and guess.is_of(frame, start, self._light):
            flowed = guess.flowed.result()
        else:
            flowed = self._compute(frame, undone, start, self._light)
        self._light = flowed.light
        return flowed

    def guess(self, frame: Image, before: Flowed) -> None:
        """Start computing the flow to the next frame, as if no head motion had to be undone.

        Args:
            frame: The next frame.
            before: The frame before it, from whose flow the search starts.
        """
        flowed = self._pool.submit(self._compute, frame, None, before.forward, before.light)
        self._guess = _Guess(frame, before.forward, before.light, flowed)

    def between(
        self,
        first: UInt8[np.ndarray, "side side"],
        later: UInt8[np.ndarray, "side side"],
        start: np.ndarray | None = None,
    ) -> Float32[np.ndarray, "side side 2"]:
        """Return the flow between two squares, (side, side, 2) pixels of the square.

        Args:
            first: (side, side) the first square.
            later: (side, side) the later square.
            start: (side, side, 2) a flow that is close, if one is known. TV-L1 does not use it.
        """
        if self._method != "dis":
            return dense_flow(first, later, self._method)
        with self._searching:  # a search object has a state, so only one thread may use it
            if start is None:
                return self._from_scratch.calc(first, later, None)  # type: ignore[call-overload,no-any-return]
            return self._onwards.calc(first, later, start.copy())  # the start is overwritten

    def _compute(
        self, frame: Image, undone: np.ndarray | None, start: np.ndarray | None, before: Light
    ) -> Flowed:
        dim = self._view.cut(frame, undone)
        moved = 0 if start is None else sample_at(start, self._starts)
        light = light_between(self._levels, _levels(dim, self._starts + moved), before)
        light = light if light.gain >= LEAST_GAIN else Light()
        square = light.evened(dim, self._range)
        forward = self.between(self._square, square, start)
        blank = contrast(dim) < LEAST_GAIN * self._contrast
        return Flowed(square, undone, forward, light, blank)


def inverse_search(scale: FlowScale) -> cv2.DISOpticalFlow:
    """Return OpenCV's dense inverse search (Kroeger et al. 2016), as fine as a scale of `FlowSettings` says."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(1 if scale == "full" else 2)
    if scale == "fast":
        flow.setVariationalRefinementIterations(2)
    return flow


def sample_at(field: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Interpolate a field (h, w, C) at points (N, 2), x and y: (N, C); beyond the edge, the edge's values are used."""
    place = np.ascontiguousarray(points, np.float32)[None]
    border = cv2.BORDER_REPLICATE
    values: np.ndarray = cv2.remap(field, place, None, cv2.INTER_LINEAR, borderMode=border)[0]  # type: ignore[call-overload]
    return values


def _levels(image: np.ndarray, points: np.ndarray) -> Float32[np.ndarray, " n"]:
    """Return a picture's mean levels around points (N, 2)."""
    return sample_at(cv2.blur(image, (7, 7)), points).astype(np.float32)
