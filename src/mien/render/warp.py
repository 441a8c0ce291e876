"""Warp a portrait by vertex displacements, and return the frame."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32

from mien.face.portrait import Portrait
from mien.render import flow, openings, patch, region, skin
from mien.render.grid import Grid
from mien.render.opening import Opening, Shift
from mien.render.sheets import Fields, ForwardFields
from mien.render.way_there import WayThere, way_there
from mien.types import Image, Mask, Vertices2, Vertices3


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
    """Render frames of one portrait; what does not change from frame to frame is computed once.

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
        self._openings = tuple(
            Opening.of(portrait, kind, self.grid, self._operator, cut_out)
            for kind in openings.KINDS
        )
        both = [(each, sheet) for each in self._openings for sheet in (each.upper, each.lower)]
        self._fields = ForwardFields(
            self._operator,
            self.grid,
            [sheet for _, sheet in both],
            [opening.window for opening, _ in both],
        )

    def region(self) -> Mask:
        """Return which pixels (H, W) motion may change; all other pixels are the portrait's in every frame."""
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
        """Return the vertices' displacements (468, 2), px of the picture; lips and lids stop where they touch."""
        moved = flow.vertices_px(self.portrait.face, displacement_cm)
        for opening in self._openings:
            moved = opening.borders.keep_apart(moved)
        return moved

    def forward_field(self, moved_px: Vertices2) -> flow.Field:
        """Return the skin's dense forward displacement at the grid's nodes, in pixels."""
        return flow.smooth(self._fields.of(moved_px)[0])

    def sheet_fields(self, moved_px: Vertices2) -> list[tuple[flow.Field, Grid]]:
        """Return the forward fields of all lids and lips, in pixels, each with its nodes."""
        windows = [opening.window for opening in self._openings for _ in range(2)]
        found = self._fields.of(moved_px)[1:]
        return [(flow.smooth(field), window) for field, window in zip(found, windows, strict=True)]

    def way_back(self, displacement_cm: Vertices3) -> WayBack:
        """Return the exact motion of the frame that `warp` renders: the ground truth for networks.

        Shading and the soft edges of lids and lips are not included: at a soft edge a pixel has the motion of the
        sheet or inside that covers most of it.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.
        """
        moved = self.displacement_px(displacement_cm)
        forward, *own = self._fields.of(moved)
        backward = flow.invert(flow.smooth(forward), self.grid)
        canvas = self._canvas(backward)
        for index, opening in enumerate(self._openings):
            part = opening.part(moved, None)
            if part is not None:
                on_canvas = patch.view(canvas, self.grid, part)
                opening.way_back(part, moved, _both(own, index), on_canvas)
        whole = self._whole(canvas)
        return WayBack(np.ascontiguousarray(whole[..., :2]), np.ascontiguousarray(whole[..., 2]))

    def way_there(self, displacement_cm: Vertices3, back: WayBack | None = None) -> WayThere:
        """Return where each pixel of the portrait goes in the frame that `warp` renders: the inverse of `way_back`.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.
            back: The result of `way_back` for this displacement, if it is known.
        """
        moved = self.displacement_px(displacement_cm)
        forward, *own = self._fields.of(moved)
        canvas = self._canvas(flow.smooth(forward))
        for index, opening in enumerate(self._openings):
            part = opening.part(moved, None)
            if part is not None:
                on_canvas = patch.view(canvas, self.grid, part)
                opening.way_there(part, _both(own, index), on_canvas)
        carried = np.ascontiguousarray(self._whole(canvas)[..., :2])
        back = back or self.way_back(displacement_cm)
        return way_there(carried, back.flow_px, back.drawn)

    def _canvas(self, field: flow.Field) -> Float32[np.ndarray, "h w 3"]:
        """Return a field at every pixel of the grid's box, which may exceed the picture, and a third channel of 0."""
        pixels = self.grid.upsample(field)
        return np.dstack([pixels, np.zeros(pixels.shape[:2], np.float32)]).astype(np.float32)

    def _whole(self, canvas: Float32[np.ndarray, "h w 3"]) -> Float32[np.ndarray, "height width 3"]:
        """Place an array over the grid's box on the whole picture, with zeros around it."""
        height, width = self.portrait.image.shape[:2]
        left, top, right, bottom = self.grid.box_px
        whole = np.zeros((height, width, 3), np.float32)
        rows, cols = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
        whole[rows, cols] = canvas[
            rows.start - top : rows.stop - top, cols.start - left : cols.stop - left
        ]
        return whole

    def warp(
        self,
        displacement_cm: Vertices3,
        head_px: Vertices2 | None = None,
        gaze_cm: Float[np.ndarray, "2 2"] | None = None,
    ) -> Image:
        """Render one frame.

        Args:
            displacement_cm: (468, 3) canonical centimetres from the portrait's own expression.
            head_px: (468, 2) further displacement by head motion, pixels; eyeballs and teeth move with it.
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
        forward, *own = self._fields.of(moved)
        forward = flow.smooth(forward)
        gain = self._gain(displacement_cm)
        parts = [
            opening.part(moved, shift)
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
            (part, part.inner(), opening.draw(part, moved, _both(own, index), shift, self._skin))
            for index, (opening, part, shift) in enumerate(
                zip(self._openings, parts, shifts, strict=True)
            )
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
        opening: Opening,
        head_px: Vertices2 | None,
        gaze_cm: Float[np.ndarray, "2 2"] | None,
    ) -> Shift:
        """Return the motion of an opening's inside, in pixels; None if it does not move."""
        shift = np.zeros(2)
        if head_px is not None:
            shift += head_px[opening.border].mean(0)
        if gaze_cm is not None and opening.kind.name != "mouth":
            gaze = gaze_cm[0 if opening.kind.name == "left_eye" else 1]
            shift += self.portrait.face.pose.project_vectors(np.append(gaze, 0.0))
        return shift.astype(np.float32) if np.abs(shift).max() > flow.STILL_PX else None

    def _gain(self, displacement_cm: Vertices3) -> Float32[np.ndarray, "rows cols"] | None:
        """Return the skin's relative change of brightness at the grid's nodes; None if it is not visible."""
        if self._shading is None:
            return None
        gain = self._shading.gain(self.portrait.face.pose.rotate_vectors(displacement_cm))
        if np.abs(gain).max() < skin.STILL:
            return None
        return flow.smooth((self._operator @ gain).reshape(self.grid.rows, self.grid.cols))


def _both(fields: Fields, index: int) -> tuple[flow.Field, flow.Field]:
    """Return the upper and the lower sheet's field of an opening, smoothed."""
    return flow.smooth(fields[2 * index]), flow.smooth(fields[2 * index + 1])
