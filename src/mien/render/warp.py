"""Warp a portrait: vertex displacements in, a frame out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32

from mien.face.portrait import Face, Portrait
from mien.render import eyes, flow, mouth, openings, patch, region, skin
from mien.render.grid import Grid
from mien.types import Image, Mask, RGBImage, Vertices2, Vertices3

SEAM_MARGIN_NODES = 5
"""How far around an opening its sheets are drawn: beyond, smoothing the field no longer mixes the two."""
BORDER_NODES = 2
"""How far beyond its border a sheet may reach, and how softly it ends."""
UPRIGHT = 0.7
"""The head's own down has this much of the picture's where an opening's upper sheet lies above in the picture too."""


@dataclass(frozen=True, eq=False)
class _Opening:
    """A mouth or an eye, prepared for a portrait.

    Attributes:
        kind: Which opening.
        borders: Its borders, which do not cross.
        window: The nodes around it.
        upper: The upper sheet of skin.
        lower: The lower one.
        inside: (h, w, C) float32, premultiplied, over the window's box: eyeball or mouth.
        tongue: (h, w, 4) float32 likewise, in a shut mouth: what lies behind the lower lip and goes with it.
        in_front: (h, w) how much of the inside lies in front of the tongue.
    """

    kind: openings.OpeningKind
    borders: openings.Borders
    window: Grid
    upper: openings.Sheet
    lower: openings.Sheet
    inside: np.ndarray
    tongue: np.ndarray | None
    in_front: np.ndarray


class WayBack(NamedTuple):
    """Where the content of a rendered frame comes from.

    Attributes:
        flow_px: (H, W, 2) displacement (x, y): the frame at q shows the portrait at ``q + flow_px[q]``.
        drawn: (H, W) in [0, 1], the share of a pixel that the portrait does not show, such as the inside of a shut
            mouth. The flow has no meaning where it is 1.
    """

    flow_px: Float32[np.ndarray, "height width 2"]
    drawn: Float32[np.ndarray, "height width"]


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
        cut_out = patch.cut_out(portrait.image, self.grid)
        self._skin = patch.Skin(cut_out, self.grid)
        self._shading = skin.read_light(portrait.image[..., :3], face) if shading else None
        self._openings = tuple(self._prepare(kind, face, cut_out) for kind in openings.KINDS)

    def _prepare(self, kind: openings.OpeningKind, face: Face, cut_out: Image) -> _Opening:
        window = openings.opening_window(face, kind, self.grid)
        picture = self.portrait.image[..., :3]
        shut = kind.name == "mouth" and openings.is_shut(face, picture)
        upper, lower = (
            openings.make_sheet(face, kind, sheet, self.grid, window, self._operator, shut)
            for sheet in ("upper", "lower")
        )
        shown = (1 - upper.visible) * (1 - lower.visible)
        pixels = patch.view(cut_out, self.grid, window)
        colours: RGBImage = pixels[..., :3]
        tongue = mouth.tongue(colours, face, window) if shut else None
        in_front = np.zeros_like(shown)
        if kind.name == "mouth":
            white = eyes.white_colour(picture, face)
            inside, in_front = mouth.inside(colours, face, window, shown, white, shut)
        else:
            inside = eyes.eyeball(colours, face, kind, window, shown)
        if pixels.shape[2] == 4:
            inside = np.concatenate([inside, pixels[..., 3:]], axis=2)
        inside = patch.to_floats(inside)
        borders = openings.Borders.of(face, kind)
        return _Opening(kind, borders, window, upper, lower, inside, tongue, in_front)

    def region(self) -> Mask:
        """Return the pixels (H, W) that motion may change; all others are the portrait's in every frame."""
        reached = np.asarray(abs(self._operator).sum(1)).reshape(self.grid.rows, self.grid.cols)
        reach = np.ones((2 * flow.SMOOTHING_REACH_NODES + 1,) * 2, np.uint8)
        nodes = cv2.dilate((reached > 0).astype(np.uint8), reach)
        pixels = nodes.repeat(self.grid.step_px, axis=0).repeat(self.grid.step_px, axis=1)
        height, width = self.portrait.image.shape[:2]
        left, top, right, bottom = self.grid.box_px
        before = ((max(top, 0), max(height - bottom, 0)), (max(left, 0), max(width - right, 0)))
        inside = pixels[max(-top, 0) :, max(-left, 0) :]
        return np.pad(inside, before)[:height, :width] > 0

    def displacement_px(self, displacement_cm: Vertices3) -> Vertices2:
        """Return the vertices' displacements (468, 2) in the picture, lips and lids stopped where they touch."""
        moved = flow.vertices_px(self.portrait.face, displacement_cm)
        for opening in self._openings:
            moved = opening.borders.keep_apart(moved)
        return moved

    def forward_field(self, moved_px: Vertices2) -> flow.Field:
        """Return the skin's dense forward displacement at the grid's nodes, in pixels."""
        field = (self._operator @ moved_px).reshape(self.grid.rows, self.grid.cols, 2)
        return flow.smooth(field)

    def sheet_fields(self, moved_px: Vertices2) -> list[tuple[flow.Field, Grid]]:
        """Return the lids' and lips' own forward fields, in pixels, each with the nodes it is known at."""
        return [
            (_sheet_field(sheet, opening.window, moved_px), opening.window)
            for opening in self._openings
            for sheet in (opening.upper, opening.lower)
        ]

    def way_back(self, displacement_cm: Vertices3) -> WayBack:
        """Return the exact motion of the frame that `warp` renders: the ground truth for networks.

        Shading and the soft edges of lids and lips are not part of it: a pixel there has the motion of what covers
        most of it.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.
        """
        moved = self.displacement_px(displacement_cm)
        backward = flow.invert(self.forward_field(moved), self.grid)
        # The canvas covers the grid's box, which may go beyond the picture.
        canvas = np.dstack(
            [self.grid.upsample(backward), np.zeros(self.grid.pixel_indices.shape[:2])]
        )
        canvas = canvas.astype(np.float32)
        for opening in self._openings:
            part = self._part(opening, moved, None)
            if part is not None:
                self._opening_way_back(opening, part, moved, patch.view(canvas, self.grid, part))
        height, width = self.portrait.image.shape[:2]
        left, top, right, bottom = self.grid.box_px
        whole = np.zeros((height, width, 3), np.float32)
        rows, cols = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
        whole[rows, cols] = canvas[
            rows.start - top : rows.stop - top, cols.start - left : cols.stop - left
        ]
        return WayBack(np.ascontiguousarray(whole[..., :2]), np.ascontiguousarray(whole[..., 2]))

    def _opening_way_back(
        self, opening: _Opening, part: Grid, moved: Vertices2, canvas: np.ndarray
    ) -> None:
        """Write the flow and the drawn share (h, w, 3) of an opening: `_drawn_opening` without the pixels."""
        window = opening.window
        shown = (1 - opening.upper.visible) * (1 - opening.lower.visible)
        found = np.zeros_like(canvas)
        found[..., 2] = 1 - openings.kept_share(patch.view(shown, window, part))
        lower_part, upper_part = self._halves(opening, part, moved)
        for sheet, half in ((opening.lower, lower_part), (opening.upper, upper_part)):
            backward = flow.invert(_sheet_field(sheet, window, moved), window, half)
            visible = patch.resample(sheet.visible, window, half, backward).clip(0, 1)
            under = patch.view(found, part, half)
            covered = visible > 0.5
            under[covered, :2] = half.upsample(backward)[covered]
            under[..., 2] *= 1 - visible
        edge = window.step_px
        inner = (slice(edge, -edge), slice(edge, -edge))
        canvas[inner] = found[inner]

    def warp(
        self,
        displacement_cm: Vertices3,
        head_px: Vertices2 | None = None,
        gaze_cm: Float[np.ndarray, "2 2"] | None = None,
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
        forward = self.forward_field(moved)
        gain = self._gain(displacement_cm)
        parts = [
            self._part(opening, moved, shift)
            for opening, shift in zip(self._openings, shifts, strict=True)
        ]
        changing = [self.grid.active(flow.magnitude(forward), flow.STILL_PX), *parts]
        if gain is not None:
            changing.append(self.grid.active(np.abs(gain), skin.STILL))
        found = [part for part in changing if part is not None]
        if not found:
            return frame
        drawn = reduce(Grid.joined, found)
        backward = flow.invert(forward, self.grid, drawn)
        if gain is not None:
            gain = gain[drawn.slices_in(self.grid)]

        pieces = [
            (part, part.inner(), self._drawn_opening(opening, part, moved, shift))
            for opening, part, shift in zip(self._openings, parts, shifts, strict=True)
            if part is not None
        ]
        for band in drawn.bands(patch.BAND_PIXELS):
            canvas = self._skin.sample(band, drawn.upsample_part(backward, band))
            for part, inner, pixels in pieces:
                patch.lay(pixels, part, canvas, band, inner)
            shade = None if gain is None else 1 + drawn.upsample_part(gain, band)
            patch.paste(frame, canvas, band, shade)
        return frame

    def _inside_shift(
        self,
        opening: _Opening,
        head_px: Vertices2 | None,
        gaze_cm: Float[np.ndarray, "2 2"] | None,
    ) -> Float32[np.ndarray, " 2"] | None:
        """By how much what lies in an opening moves, in pixels; None if not at all."""
        shift = np.zeros(2)
        if head_px is not None:
            shift += head_px[list(opening.kind.upper + opening.kind.lower)].mean(0)
        if gaze_cm is not None and opening.kind.name != "mouth":
            gaze = gaze_cm[0 if opening.kind.name == "left_eye" else 1]
            shift += self.portrait.face.pose.project_vectors(np.append(gaze, 0.0))
        return shift.astype(np.float32) if np.abs(shift).max() > flow.STILL_PX else None

    def _part(
        self, opening: _Opening, moved: Vertices2, shift_px: Float32[np.ndarray, " 2"] | None
    ) -> Grid | None:
        """Which part of an opening's window has to be drawn; None if nothing there moves.

        The skin's own field is right but between the borders and close to them, so only that much is drawn again.
        """
        borders = list(opening.kind.upper + opening.kind.lower)
        if np.abs(moved[borders]).max() < flow.STILL_PX and shift_px is None:
            return None
        at_rest = self.portrait.face.landmarks[borders, :2]
        points = np.concatenate([at_rest, at_rest + moved[borders]])
        margin = SEAM_MARGIN_NODES * opening.window.step_px
        return opening.window.window((*(points.min(0) - margin), *(points.max(0) + margin)))

    def _drawn_opening(
        self,
        opening: _Opening,
        part: Grid,
        moved: Vertices2,
        shift_px: Float32[np.ndarray, " 2"] | None,
    ) -> np.ndarray:
        """Draw lids over eyeball or lips over the mouth's inside: the pixels (h, w, c) of the part's box."""
        window = opening.window
        if shift_px is None:
            picture = patch.view(opening.inside, window, part).copy()
        else:
            shift = np.broadcast_to(-shift_px, (part.rows, part.cols, 2)).astype(np.float32)
            picture = patch.resample(opening.inside, window, part, shift)
        lower_part, upper_part = self._halves(opening, part, moved)
        for sheet, half in ((opening.lower, lower_part), (opening.upper, upper_part)):
            backward = flow.invert(_sheet_field(sheet, window, moved), window, half)
            under = patch.view(picture, part, half)
            if sheet is opening.lower and opening.tongue is not None:
                under[:] = _with_tongue(opening, half, backward, under)
            skin_half = self._skin.sample(half, half.upsample(backward))
            visible = patch.resample(sheet.visible, window, half, backward)
            under[:] = patch.blend(under, skin_half, visible)
        return picture

    def _halves(self, opening: _Opening, part: Grid, moved: Vertices2) -> tuple[Grid, Grid]:
        """Which of a part's rows the lower and the upper sheet can show in.

        The upper one hides the lower one above its own border, and has nothing below it but beside the corners, where
        both are the same skin.
        """
        if opening.borders.down[1] < UPRIGHT:
            return part, part
        border = list(opening.kind.upper)
        at_rest = self.portrait.face.landmarks[border, 1]
        heights = np.concatenate([at_rest, at_rest + moved[border, 1]])
        left, top, right, bottom = part.box_px
        soft = BORDER_NODES * part.step_px
        return (
            part.window((left, heights.min() - soft, right, bottom)),
            part.window((left, top, right, heights.max() + soft)),
        )

    def _gain(self, displacement_cm: Vertices3) -> Float32[np.ndarray, "rows cols"] | None:
        """Return the skin's relative change of brightness at the grid's nodes; None if there is none to see."""
        if self._shading is None:
            return None
        gain = self._shading.gain(self.portrait.face.pose.rotate_vectors(displacement_cm))
        if np.abs(gain).max() < skin.STILL:
            return None
        return flow.smooth((self._operator @ gain).reshape(self.grid.rows, self.grid.cols))


def _sheet_field(sheet: openings.Sheet, window: Grid, moved_px: Vertices2) -> flow.Field:
    field = (sheet.operator @ sheet.displacement(moved_px)).reshape(window.rows, window.cols, 2)
    return flow.smooth(field)


def _with_tongue(
    opening: _Opening, part: Grid, backward: flow.Field, picture: np.ndarray
) -> np.ndarray:
    """Return the mouth's inside with the tongue, which the lower lip takes along, behind what lies in front of it."""
    assert opening.tongue is not None
    tongue = patch.resample(opening.tongue, opening.window, part, backward, cv2.INTER_LINEAR)
    amount = tongue[..., 3] * (1 - patch.view(opening.in_front, opening.window, part))
    over = np.ascontiguousarray(tongue[..., :3])
    if picture.shape[2] == 4:
        alpha = picture[..., 3:]
        over = np.concatenate([over * (alpha / 255), alpha], axis=2)
    return patch.blend(picture, over, amount)
