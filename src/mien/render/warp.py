"""Warp a portrait: vertex displacements in, a frame out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32

from mien.face.portrait import Face, Portrait
from mien.render import eyes, flow, mouth, openings, region, skin
from mien.types import Image, Mask, Vertices2, Vertices3

SEAM_MARGIN_NODES = 5
"""How far around an opening its sheets are drawn: beyond, smoothing the field no longer mixes the two."""


@dataclass(frozen=True, eq=False)
class _Opening:
    """A mouth or an eye, prepared for a portrait.

    Attributes:
        kind: Which opening.
        window: The nodes around it.
        upper: The upper sheet of skin.
        lower: The lower one.
        inside: (h, w, C) float32 over the window's box: eyeball or mouth.
        tongue: (h, w, 4) float32 likewise, in a shut mouth: what lies behind the lower lip and goes with it.
        in_front: (h, w) how much of the inside lies in front of the tongue.
    """

    kind: openings.OpeningKind
    window: flow.Grid
    upper: openings.Sheet
    lower: openings.Sheet
    inside: np.ndarray
    tongue: np.ndarray | None
    in_front: np.ndarray


class PortraitWarper:
    """Everything about one portrait that does not change from frame to frame.

    Args:
        portrait: The picture and its face.
        shading: Whether to shade skin as its surface turns.
        reach: How far motion goes at the face's sides.
    """

    def __init__(
        self,
        portrait: Portrait,
        *,
        shading: bool = True,
        reach: region.Reach = region.EXPRESSION,
    ) -> None:
        self.portrait = portrait
        face = portrait.face
        self.grid = flow.face_grid(face, reach)
        self._operator = flow.node_weights(face, self.grid, portrait.image.shape[:2], reach)
        self._source = _cut_out(portrait.image, self.grid)
        self._shading = skin.read_light(portrait.image[..., :3], face) if shading else None
        self._openings = tuple(self._prepare(kind, face) for kind in openings.KINDS)

    def _prepare(self, kind: openings.OpeningKind, face: Face) -> _Opening:
        window = openings.opening_window(face, kind, self.grid)
        picture = self.portrait.image[..., :3]
        shut = kind.name == "mouth" and openings.is_shut(face, picture)
        upper, lower = (
            openings.make_sheet(face, kind, sheet, self.grid, window, self._operator, shut)
            for sheet in ("upper", "lower")
        )
        shown = (1 - upper.visible) * (1 - lower.visible)
        patch = self._slot(self._source, window)
        tongue = mouth.tongue(patch[..., :3], face, window) if shut else None
        in_front = np.zeros_like(shown)
        if kind.name == "mouth":
            white = eyes.white_colour(picture, face)
            inside, in_front = mouth.inside(patch[..., :3], face, window, shown, white, shut)
        else:
            inside = eyes.eyeball(patch[..., :3], face, kind, window, shown)
        if patch.shape[2] == 4:
            inside = np.concatenate([inside, patch[..., 3:]], axis=2)
        return _Opening(kind, window, upper, lower, inside.astype(np.float32), tongue, in_front)

    def region(self) -> Mask:
        """The pixels (H, W) that motion may change; all others are the portrait's in every frame."""
        reached = np.asarray(abs(self._operator).sum(1)).reshape(self.grid.rows, self.grid.cols)
        reach = np.ones((2 * flow.SMOOTHING_REACH_NODES + 1,) * 2, np.uint8)
        nodes = cv2.dilate((reached > 0).astype(np.uint8), reach)
        patch = cv2.resize(
            nodes, None, fx=self.grid.step_px, fy=self.grid.step_px, interpolation=cv2.INTER_NEAREST
        )
        mask = np.zeros(self.portrait.image.shape[:2], np.uint8)
        left, top, _, _ = self.grid.box_px
        _paste(mask, patch, left, top)
        return mask > 0

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

    def sheet_fields(self, moved_px: Vertices2) -> list[tuple[flow.Field, flow.Grid]]:
        """The lids' and lips' own forward fields, in pixels, each with the nodes it is known at."""
        return [
            (_sheet_field(sheet, opening.window, moved_px), opening.window)
            for opening in self._openings
            for sheet in (opening.upper, opening.lower)
        ]

    def warp(
        self,
        displacement_cm: Vertices3,
        head_px: Vertices2 | None = None,
        gaze_cm: Float32[np.ndarray, "2 2"] | None = None,
    ) -> Image:
        """Render one frame.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.
            head_px: (468, 2) pixels by which the whole head moves on top of it; eyeballs and teeth go along.
            gaze_cm: (2, 2) canonical centimetres by which the left and the right iris move.

        Returns:
            A new picture of the portrait's size and channels. Pixels outside the face's region are the portrait's.
        """
        frame = self.portrait.image.copy()
        moved = self.displacement_px(displacement_cm)
        if head_px is not None:
            moved = moved + head_px
        shifts = [self._inside_shift(opening, head_px, gaze_cm) for opening in self._openings]
        if np.abs(moved).max() < flow.STILL_PX and not any(s is not None for s in shifts):
            return frame
        backward = flow.invert(self.forward_field(moved), self.grid)
        patch = self._source.copy()
        active = self.grid.active(np.abs(backward).max(-1), flow.STILL_PX)
        if active is not None:
            self._slot(patch, active)[:] = _remap(
                self._source, self.grid, active, backward[active.slices_in(self.grid)]
            )
        for opening, shift_px in zip(self._openings, shifts, strict=True):
            self._draw_opening(opening, moved, shift_px, patch)
        if self._shading is not None:
            self._shade(patch, displacement_cm)
        left, top, _, _ = self.grid.box_px
        _paste(frame, patch, left, top)
        return frame

    def _inside_shift(
        self,
        opening: _Opening,
        head_px: Vertices2 | None,
        gaze_cm: Float32[np.ndarray, "2 2"] | None,
    ) -> Float32[np.ndarray, "2"] | None:
        """By how much what lies in an opening moves, in pixels; None if not at all."""
        shift = np.zeros(2)
        if head_px is not None:
            shift += head_px[list(opening.kind.upper + opening.kind.lower)].mean(0)
        if gaze_cm is not None and opening.kind.name != "mouth":
            gaze = gaze_cm[0 if opening.kind.name == "left_eye" else 1]
            shift += self.portrait.face.pose.project_vectors(np.append(gaze, 0.0))
        return shift.astype(np.float32) if np.abs(shift).max() > flow.STILL_PX else None

    def _draw_opening(
        self,
        opening: _Opening,
        moved: Vertices2,
        shift_px: Float32[np.ndarray, "2"] | None,
        patch: np.ndarray,
    ) -> None:
        """Draw lids over eyeball or lips over the mouth's inside onto the face's patch.

        The skin's own field is right but between the borders and close to them, so only that much is drawn again.
        """
        borders = list(opening.kind.upper + opening.kind.lower)
        if np.abs(moved[borders]).max() < flow.STILL_PX and shift_px is None:
            return
        window = opening.window
        at_rest = self.portrait.face.landmarks[borders, :2]
        points = np.concatenate([at_rest, at_rest + moved[borders]])
        margin = SEAM_MARGIN_NODES * window.step_px
        box = (*(points.min(0) - margin), *(points.max(0) + margin))
        part = window.window(box)
        rows, cols = part.slices_in(window)
        picture = _view(opening.inside, window, part)
        if shift_px is not None:
            shift = np.broadcast_to(-shift_px, (part.rows, part.cols, 2)).astype(np.float32)
            picture = _remap(opening.inside, window, part, shift)
        for sheet in (opening.lower, opening.upper):
            backward = flow.invert(_sheet_field(sheet, window, moved), window)[rows, cols]
            if sheet is opening.lower and opening.tongue is not None:
                tongue = _remap(opening.tongue, window, part, backward)
                picture = picture.copy()
                amount = tongue[..., 3:] * (1 - _view(opening.in_front, window, part)[..., None])
                picture[..., :3] += amount * (tongue[..., :3] - picture[..., :3])
            skin_part = _remap(self._source, self.grid, part, backward)
            alpha = _remap(sheet.visible, window, part, backward)[..., None]
            picture = picture + alpha * (skin_part - picture)
        edge = window.step_px
        inner = (slice(edge, -edge), slice(edge, -edge))
        self._slot(patch, part)[inner] = np.clip(np.rint(picture[inner]), 0, 255)

    def _shade(self, patch: np.ndarray, displacement_cm: Vertices3) -> None:
        assert self._shading is not None
        turned = self.portrait.face.pose.rotate_vectors(displacement_cm)
        gain = self._shading.gain(turned)
        if np.abs(gain).max() < skin.STILL:
            return
        nodes = flow.smooth((self._operator @ gain).reshape(self.grid.rows, self.grid.cols))
        active = self.grid.active(np.abs(nodes), skin.STILL)
        if active is None:
            return
        dense = active.upsample(nodes[active.slices_in(self.grid)])
        slot = self._slot(patch, active)[..., :3]
        factor = cv2.merge([1 + dense] * 3)
        slot[:] = cv2.multiply(np.ascontiguousarray(slot), factor, dtype=cv2.CV_8U)

    def _slot(self, patch: np.ndarray, part: flow.Grid) -> np.ndarray:
        """The view of the face's patch that a part of the grid covers."""
        return _view(patch, self.grid, part)


def _sheet_field(sheet: openings.Sheet, window: flow.Grid, moved_px: Vertices2) -> flow.Field:
    field = (sheet.operator @ sheet.displacement(moved_px)).reshape(window.rows, window.cols, 2)
    return flow.smooth(field)


def _view(array: np.ndarray, whole: flow.Grid, part: flow.Grid) -> np.ndarray:
    """The view of an array over a grid's box that a part of that grid covers."""
    left, top, right, bottom = part.box_px
    own_left, own_top, _, _ = whole.box_px
    return array[top - own_top : bottom - own_top, left - own_left : right - own_left]


def _remap(
    source: np.ndarray, whole: flow.Grid, part: flow.Grid, backward: flow.Field
) -> np.ndarray:
    """Sample an array, bicubically, at every pixel of a part of the grid it covers.

    Args:
        source: Pixels over the whole grid's box.
        whole: The grid whose box the source covers.
        part: The nodes at whose box the picture is wanted.
        backward: Their backward displacements.
    """
    place = _view(whole.pixel_indices, whole, part) + part.upsample(backward)
    return flow.sample(source, place, cv2.INTER_CUBIC)


def _cut_out(image: Image, grid: flow.Grid) -> Image:
    """The picture within the grid's box; what lies outside the picture repeats its edge."""
    height, width = image.shape[:2]
    left, top, right, bottom = grid.box_px
    inside = image[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    return cv2.copyMakeBorder(
        inside,
        max(-top, 0),
        max(bottom - height, 0),
        max(-left, 0),
        max(right - width, 0),
        cv2.BORDER_REPLICATE,
    )


def _paste(frame: Image, patch: np.ndarray, left: int, top: int) -> None:
    """Put a patch back, as far as it lies within the picture."""
    height, width = frame.shape[:2]
    bottom, right = top + patch.shape[0], left + patch.shape[1]
    rows, cols = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
    frame[rows, cols] = patch[
        rows.start - top : rows.stop - top, cols.start - left : cols.stop - left
    ]
