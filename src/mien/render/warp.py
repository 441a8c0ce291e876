"""Warp a portrait: vertex displacements in, a frame out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mien.face.portrait import Face, Portrait
from mien.render import eyes, flow, mouth, openings, skin
from mien.types import Image, Vertices2, Vertices3


@dataclass(frozen=True, eq=False)
class _Opening:
    """A mouth or an eye, prepared for a portrait.

    Attributes:
        kind: Which opening.
        window: The nodes around it.
        padded: The same with a border, so that upsampling does not see the window's edge.
        upper: The upper sheet of skin.
        lower: The lower one.
        inside: (h, w, C) float32 over the padded window's box: eyeball or mouth.
    """

    kind: openings.OpeningKind
    window: flow.Grid
    upper: openings.Sheet
    lower: openings.Sheet
    inside: np.ndarray


class PortraitWarper:
    """Everything about one portrait that does not change from frame to frame.

    Args:
        portrait: The picture and its face.
        shading: Whether to shade skin as its surface turns.
    """

    def __init__(self, portrait: Portrait, *, shading: bool = True) -> None:
        self.portrait = portrait
        face = portrait.face
        self.grid = flow.face_grid(face)
        self._operator = flow.node_weights(face, self.grid)
        self._source = _cut_out(portrait.image, self.grid)
        self._shading = skin.read_light(portrait.image[..., :3], face) if shading else None
        self._openings = tuple(self._prepare(kind, face) for kind in openings.KINDS)

    def _prepare(self, kind: openings.OpeningKind, face: Face) -> _Opening:
        window = openings.opening_window(face, kind, self.grid)
        upper = openings.make_sheet(face, kind, "upper", self.grid, window, self._operator)
        lower = openings.make_sheet(face, kind, "lower", self.grid, window, self._operator)
        shown = (1 - upper.visible) * (1 - lower.visible)
        patch = self._cut(window)
        if kind.name == "mouth":
            inside = mouth.inside(patch[..., :3], face, window, shown)
        else:
            inside = eyes.eyeball(patch[..., :3], face, kind, window, shown)
        if patch.shape[2] == 4:
            inside = np.concatenate([inside, patch[..., 3:]], axis=2)
        return _Opening(kind, window, upper, lower, np.float32(inside))

    def displacement_px(self, displacement_cm: Vertices3) -> Vertices2:
        """The vertices' displacements (468, 2) in the picture, lips and lids stopped where they touch."""
        moved = flow.vertices_px(self.portrait.face, displacement_cm)
        for kind in openings.KINDS:
            moved = openings.keep_apart(self.portrait.face, kind, moved)
        return moved

    def forward_field(self, moved_px: Vertices2) -> flow.Field:
        """The skin's dense forward displacement at the grid's nodes, in pixels."""
        field = (self._operator @ moved_px).reshape(self.grid.rows, self.grid.cols, 2)
        return flow.smooth(field)

    def warp(self, displacement_cm: Vertices3) -> Image:
        """Render one frame.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.

        Returns:
            A new picture of the portrait's size and channels. Pixels outside the face's region are the portrait's.
        """
        frame = self.portrait.image.copy()
        moved = self.displacement_px(displacement_cm)
        if np.abs(moved).max() < flow.STILL_PX:
            return frame
        backward = flow.invert(self.forward_field(moved), self.grid, self.grid)
        patch = _remap(self._source, self.grid.upsample(backward))
        left, top, _, _ = self.grid.box_px
        for opening in self._openings:
            self._draw_opening(opening, moved, patch)
        if self._shading is not None:
            self._shade(patch, displacement_cm)
        _paste(frame, patch, left, top)
        return frame

    def _draw_opening(self, opening: _Opening, moved: Vertices2, patch: np.ndarray) -> None:
        """Draw lids over eyeball or lips over the mouth's inside onto the face's patch."""
        borders = list(opening.kind.upper + opening.kind.lower)
        if np.abs(moved[borders]).max() < flow.STILL_PX:
            return
        window = opening.window
        picture = opening.inside
        for sheet in (opening.lower, opening.upper):
            field = (sheet.operator @ sheet.displacement(moved)).reshape(window.rows, window.cols, 2)
            backward = window.upsample(flow.invert(flow.smooth(field), window, window))
            source = self._cut(window)
            skin_part = _remap(source, backward)
            alpha = _remap(sheet.visible, backward)[..., None]
            picture = picture + alpha * (skin_part - picture)
        target = self._cut_from(patch, window)
        edge = 2 * window.step_px
        inner = (slice(edge, -edge), slice(edge, -edge))
        target[inner] = np.clip(np.rint(picture[inner]), 0, 255)

    def _shade(self, patch: np.ndarray, displacement_cm: Vertices3) -> None:
        assert self._shading is not None
        turned = self.portrait.face.pose.rotate_vectors(displacement_cm)
        gain = self._shading.gain(turned)
        if np.abs(gain).max() < skin.STILL:
            return
        nodes = (self._operator @ gain).reshape(self.grid.rows, self.grid.cols)
        dense = self.grid.upsample(flow.smooth(nodes))
        factor = cv2.merge([1 + dense] * 3)
        patch[..., :3] = cv2.multiply(np.ascontiguousarray(patch[..., :3]), factor, dtype=cv2.CV_8U)

    def _cut(self, window: flow.Grid) -> np.ndarray:
        return self._cut_from(self._source, window)

    def _cut_from(self, patch: np.ndarray, window: flow.Grid) -> np.ndarray:
        left, top, right, bottom = window.box_px
        own_left, own_top, _, _ = self.grid.box_px
        return patch[top - own_top : bottom - own_top, left - own_left : right - own_left]


def _remap(source: np.ndarray, backward: np.ndarray) -> np.ndarray:
    """Sample a patch at every pixel's place plus its backward displacement, bicubically."""
    height, width = backward.shape[:2]
    x = backward[..., 0] + np.arange(width, dtype=np.float32)
    y = backward[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    return cv2.remap(source, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _cut_out(image: Image, grid: flow.Grid) -> Image:
    """The picture within the grid's box; what lies outside the picture repeats its edge."""
    height, width = image.shape[:2]
    left, top, right, bottom = grid.box_px
    inside = image[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    return cv2.copyMakeBorder(
        inside, max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0), cv2.BORDER_REPLICATE
    )


def _paste(frame: Image, patch: np.ndarray, left: int, top: int) -> None:
    """Put a patch back, as far as it lies within the picture."""
    height, width = frame.shape[:2]
    bottom, right = top + patch.shape[0], left + patch.shape[1]
    rows, cols = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
    frame[rows, cols] = patch[rows.start - top : rows.stop - top, cols.start - left : cols.stop - left]
