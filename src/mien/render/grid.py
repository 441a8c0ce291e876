"""Grids of nodes over a rectangle of a picture: positions, parts of a grid, interpolation from nodes to pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import SupportsFloat

import cv2
import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True)
class Grid:
    """Nodes over a rectangle of the picture, each the centre of a square of step x step pixels.

    Attributes:
        left_px: The rectangle's first column of pixels.
        top_px: The rectangle's first row of pixels.
        step_px: Pixels from node to node.
        cols: Nodes from left to right.
        rows: Nodes from top to bottom.
    """

    left_px: int
    top_px: int
    step_px: int
    cols: int
    rows: int

    @property
    def box_px(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the pixels covered; right and bottom are one past the last."""
        right = self.left_px + self.cols * self.step_px
        return self.left_px, self.top_px, right, self.top_px + self.rows * self.step_px

    @property
    def pixels(self) -> int:
        """Number of pixels covered."""
        return self.cols * self.rows * self.step_px**2

    @cached_property
    def nodes_px(self) -> Float32[np.ndarray, "rows cols 2"]:
        """The nodes' pixel coordinates (x, y)."""
        x = self.left_px + self.step_px * (np.arange(self.cols, dtype=np.float32) + 0.5) - 0.5
        y = self.top_px + self.step_px * (np.arange(self.rows, dtype=np.float32) + 0.5) - 0.5
        return np.stack(np.meshgrid(x, y), axis=-1)

    @cached_property
    def node_indices(self) -> Float32[np.ndarray, "rows cols 2"]:
        """The nodes' own column and row (x, y)."""
        indices: np.ndarray = (self.nodes_px - self.nodes_px[0, 0]) / np.float32(self.step_px)
        return indices

    @cached_property
    def pixel_indices(self) -> Float32[np.ndarray, "h w 2"]:
        """The column and row (x, y) of every pixel within the box."""
        left, top, right, bottom = self.box_px
        x, y = np.arange(right - left, dtype=np.float32), np.arange(bottom - top, dtype=np.float32)
        return np.stack(np.meshgrid(x, y), axis=-1)

    def window(self, box_px: Iterable[SupportsFloat]) -> Grid:
        """Return the smallest grid of the same nodes, inside this one, that covers a box (left, top, right, bottom)."""
        step = self.step_px
        left, top, right, bottom = (float(edge) for edge in box_px)
        first_col = _within((left - self.left_px) // step, 0, self.cols - 1)
        first_row = _within((top - self.top_px) // step, 0, self.rows - 1)
        last_col = _within((right - self.left_px) // step, first_col, self.cols - 1)
        last_row = _within((bottom - self.top_px) // step, first_row, self.rows - 1)
        return Grid(
            self.left_px + first_col * step,
            self.top_px + first_row * step,
            step,
            last_col - first_col + 1,
            last_row - first_row + 1,
        )

    def slices_in(self, outer: Grid) -> tuple[slice, slice]:
        """Return the rows and columns of this grid's nodes in an outer grid's arrays."""
        row = (self.top_px - outer.top_px) // self.step_px
        col = (self.left_px - outer.left_px) // self.step_px
        return slice(row, row + self.rows), slice(col, col + self.cols)

    def joined(self, other: Grid) -> Grid:
        """Return the smallest grid of the same nodes that covers this one and another."""
        left, top, right, bottom = self.box_px
        other_left, other_top, other_right, other_bottom = other.box_px
        left, top = min(left, other_left), min(top, other_top)
        cols = (max(right, other_right) - left) // self.step_px
        return Grid(
            left, top, self.step_px, cols, (max(bottom, other_bottom) - top) // self.step_px
        )

    def active(self, magnitude: np.ndarray, threshold: float) -> Grid | None:
        """Return the part of this grid where a quantity (rows, cols) is above a threshold, and two nodes around it.

        Returns:
            A grid of the same nodes, or None if the quantity is nowhere above the threshold.
        """
        above = magnitude > threshold
        rows, cols = np.flatnonzero(above.any(axis=1)), np.flatnonzero(above.any(axis=0))
        if not len(rows):
            return None
        step = self.step_px
        return self.window(
            (
                self.left_px + (cols[0] - 2) * step,
                self.top_px + (rows[0] - 2) * step,
                self.left_px + (cols[-1] + 2) * step,
                self.top_px + (rows[-1] + 2) * step,
            )
        )

    def bands(self, most_pixels: int) -> Iterator[Grid]:
        """Yield grids as wide as this one that cover it from top to bottom, each of at most about this many pixels."""
        together = max(most_pixels // (self.cols * self.step_px**2), 1)
        for first in range(0, self.rows, together):
            rows = min(together, self.rows - first)
            top = self.top_px + first * self.step_px
            yield Grid(self.left_px, top, self.step_px, self.cols, rows)

    def upsample_part(self, field: np.ndarray, part: Grid) -> np.ndarray:
        """Interpolate values at this grid's nodes (rows, cols, ...) to every pixel of a part; see `upsample`."""
        if part == self:
            return self.upsample(field)
        step = self.step_px
        left, top, right, bottom = part.box_px
        around = self.window((left - step, top - step, right, bottom))  # one more node on each side
        rows, cols = around.slices_in(self)
        wide = around.upsample(field[rows, cols])
        down, across = top - around.top_px, left - around.left_px
        return wide[down : down + bottom - top, across : across + right - left]

    def inner(self) -> Grid:
        """Return this grid without the nodes at its edge; the result may have no nodes."""
        step = self.step_px
        cols, rows = max(self.cols - 2, 0), max(self.rows - 2, 0)
        return Grid(self.left_px + step, self.top_px + step, step, cols, rows)

    def upsample(self, field: np.ndarray) -> np.ndarray:
        """Interpolate values at the nodes (rows, cols, ...) linearly to every pixel of the box."""
        if self.step_px == 1:
            return field
        size = (self.cols * self.step_px, self.rows * self.step_px)
        return cv2.resize(field, size, interpolation=cv2.INTER_LINEAR)


def _within(value: float, least: int, most: int) -> int:
    return int(min(max(value, least), most))
