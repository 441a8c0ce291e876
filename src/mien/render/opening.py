"""A mouth or an eye of one portrait: two sheets of skin, drawn over the eyeball or the mouth's inside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32, Int, Shaped
from scipy import sparse

from mien.face.portrait import Face, Portrait
from mien.render import eyes, flow, mouth, openings, patch, region, sheets
from mien.render.grid import Grid
from mien.types import Image, RGBImage, Vertices2

SEAM_MARGIN_NODES = 5
"""Distance around an opening up to which its sheets are drawn; farther out, smoothing does not mix their fields."""
BORDER_NODES = 2
"""How far beyond its border a sheet, with its soft edge, may reach."""
WIDENED_CM = 0.12
"""An upper lid that has risen this far has left its lashes' place in the portrait behind."""
UPRIGHT = 0.7
"""If the y component of the head's down vector is at least this, the upper sheet is above the lower in the picture."""

Shift = Float32[np.ndarray, " 2"] | None
"""Motion (x, y) of an opening's inside, pixels; None if it stays."""


@dataclass(frozen=True, eq=False)
class Opening:
    """A mouth or an eye, prepared for a portrait.

    Attributes:
        kind: Which opening.
        borders: Its borders, which do not cross.
        border: The vertices of the upper border, then those of the lower one.
        at_rest_px: Positions (x, y) of these vertices in the portrait.
        window: The nodes around the opening.
        upper: The upper sheet of skin.
        lower: The lower sheet of skin.
        inside: (h, w, 4) the eyeball or the mouth's inside over the window's box, premultiplied; see
            `mien.render.patch`.
        wide: (h, w, 4) the eyeball without lashes and the lid's edge, as an eye shows it that has opened wider; None
            for a mouth.
        kept_wide: (h, w) share of the portrait's own pixels in ``wide``.
        tongue: (h, w, 4) float32 over the window's box: colour and opacity of the tongue, which moves with the lower
            lip; None unless it is a shut mouth.
        in_front: (h, w) share of the inside that lies in front of the tongue.
        widened_px: How far the upper lid has to rise until ``wide`` is drawn in full.
    """

    kind: openings.OpeningKind
    borders: openings.Borders
    border: Int[np.ndarray, " vertices"]
    at_rest_px: Float32[np.ndarray, "vertices 2"]
    window: Grid
    upper: sheets.Sheet
    lower: sheets.Sheet
    inside: patch.Drawn
    wide: patch.Drawn | None
    kept_wide: Float32[np.ndarray, "h w"]
    tongue: Float32[np.ndarray, "h w 4"] | None
    in_front: Float32[np.ndarray, "h w"]
    widened_px: float

    @classmethod
    def of(
        cls,
        portrait: Portrait,
        kind: openings.OpeningKind,
        grid: Grid,
        operator: sparse.csr_matrix,
        cut_out: Image,
    ) -> Opening:
        """Prepare an opening.

        Args:
            portrait: The picture and its face.
            kind: Which opening.
            grid: The nodes over the face.
            operator: Maps the vertices' displacements to those of the nodes.
            cut_out: The picture over the grid's box.
        """
        face: Face = portrait.face
        picture = portrait.image[..., :3]
        window = sheets.opening_window(face, kind, grid)
        shut = kind.name == "mouth" and openings.is_shut(face, picture)
        upper, lower = (
            sheets.make_sheet(face, kind, sheet, grid, window, operator, shut)
            for sheet in ("upper", "lower")
        )
        shown = (1 - upper.visible) * (1 - lower.visible)
        pixels = patch.view(cut_out, grid, window)
        colours: RGBImage = pixels[..., :3]
        in_front = np.zeros_like(shown)
        if kind.name == "mouth":
            white = eyes.white_colour(picture, face)
            inside, in_front = mouth.inside(colours, face, window, shown, white, shut)
            wide, kept_wide = None, openings.kept_share(shown)
        else:
            inside, wide, kept_wide, catchlight = eyes.eyeball(colours, face, kind, window, shown)
            upper = replace(upper, visible=upper.visible * (1 - catchlight))
        if pixels.shape[2] == 4:
            alpha = pixels[..., 3:]
            inside = np.concatenate([inside, alpha], axis=2)
            wide = None if wide is None else np.concatenate([wide, alpha], axis=2)
        border = np.array(kind.upper + kind.lower)
        return cls(
            kind,
            openings.Borders.of(face, kind),
            border,
            face.landmarks[border, :2].astype(np.float32),
            window,
            upper,
            lower,
            patch.premultiplied(inside),
            None if wide is None else patch.premultiplied(wide),
            kept_wide.astype(np.float32),
            mouth.tongue(colours, face, window) if shut else None,
            in_front,
            WIDENED_CM * face.pose.scale_px_per_cm,
        )

    def part(self, moved: Vertices2, shift_px: Shift) -> Grid | None:
        """Return the part of the window that has to be drawn; None if nothing there moves.

        The skin's own field is wrong only between the borders and close to them, so only that area is drawn again.
        """
        moved_border = moved[self.border]
        if np.abs(moved_border).max() < flow.STILL_PX and shift_px is None:
            return None
        points = np.concatenate([self.at_rest_px, self.at_rest_px + moved_border])
        margin = SEAM_MARGIN_NODES * self.window.step_px
        return self.window.window((*(points.min(0) - margin), *(points.max(0) + margin)))

    def draw(
        self,
        part: Grid,
        moved: Vertices2,
        fields: tuple[flow.Field, flow.Field],
        shift_px: Shift,
        skin: patch.Skin,
    ) -> patch.Drawn:
        """Draw the lids over the eyeball, or the lips over the mouth's inside; return the part's pixels (h, w, 4).

        Args:
            part: What `part` returned.
            moved: The vertices' displacements (468, 2).
            fields: The upper and the lower sheet's forward field at the window's nodes, smoothed.
            shift_px: Motion of the opening's inside.
            skin: The portrait's pixels.
        """
        picture = self._inside(self.inside, part, shift_px)
        if self.wide is not None and (amount := self._widened(moved)) > 0:
            wide = self._inside(self.wide, part, shift_px)
            picture = patch.blend(picture, wide, np.full(wide.shape[:2], amount, np.float32))
        for sheet, half, field in self._halves(part, moved, fields):
            dense = half.upsample(flow.invert(field, self.window, half))
            under = patch.view(picture, part, half)
            if sheet is self.lower and self.tongue is not None:
                under[:] = self._with_tongue(half, dense, under)
            visible = patch.resample(sheet.visible, self.window, half, dense)
            under[:] = patch.blend(under, skin.sample(half, dense), visible)
        return picture

    def _inside(
        self, pixels: Shaped[np.ndarray, "H W 4"], part: Grid, shift_px: Shift
    ) -> patch.Drawn:
        """Return a copy of the inside's pixels over a part, shifted with the gaze."""
        if shift_px is None:
            return patch.view(pixels, self.window, part).copy()
        return patch.shifted(pixels, self.window, part, shift_px)

    def _widened(self, moved: Vertices2) -> float:
        """Return how far an eye has opened wider than at rest, from 0 to 1 at `WIDENED_CM`."""
        raised = -moved[self.borders.upper] @ self.borders.down
        return float(region.smoothstep(raised / self.widened_px).max())

    def way_back(
        self,
        part: Grid,
        moved: Vertices2,
        fields: tuple[flow.Field, flow.Field],
        canvas: np.ndarray,
    ) -> None:
        """Write an opening's backward flow and its share that the portrait does not show into ``canvas`` (h, w, 3)."""
        shown = (1 - self.upper.visible) * (1 - self.lower.visible)
        kept = openings.kept_share(shown)
        if self.wide is not None:
            kept = kept + self._widened(moved) * (self.kept_wide - kept)
        found = np.zeros_like(canvas)
        found[..., 2] = 1 - patch.view(kept, self.window, part)
        for sheet, half, field in self._halves(part, moved, fields):
            dense = half.upsample(flow.invert(field, self.window, half))
            visible = patch.resample(sheet.visible, self.window, half, dense)
            under = patch.view(found, part, half)
            covered = visible > 0.5
            under[covered, :2] = dense[covered]
            under[..., 2] *= 1 - visible
        edge = self.window.step_px
        inner = (slice(edge, -edge), slice(edge, -edge))
        canvas[inner] = found[inner]

    def way_there(
        self, part: Grid, fields: tuple[flow.Field, flow.Field], canvas: np.ndarray
    ) -> None:
        """Write the forward flow (h, w, 2) of the portrait's pixels at an opening; the inside does not move.

        Args:
            part: What `part` returned.
            fields: The upper and the lower sheet's forward field at the window's nodes, smoothed.
            canvas: (h, w, 2 or more) over the part's box, with the skin's flow.
        """
        found = np.zeros_like(canvas)
        # The upper sheet is in front, so it is written last.
        for sheet, field in zip((self.lower, self.upper), fields[::-1], strict=True):
            dense = patch.view(self.window.upsample(field), self.window, part)
            own = patch.view(sheet.visible, self.window, part) > 0.5
            found[own, :2] = dense[own]
        edge = self.window.step_px
        inner = (slice(edge, -edge), slice(edge, -edge))
        canvas[inner] = found[inner]

    def _halves(
        self, part: Grid, moved: Vertices2, fields: tuple[flow.Field, flow.Field]
    ) -> list[tuple[sheets.Sheet, Grid, flow.Field]]:
        """Return the lower and the upper sheet, each with the part of the grid where it can be visible, and its field.

        Above its border the upper sheet hides the lower one. Below its border it shows nothing, except beside the
        corners, where both sheets are the same skin.
        """
        lower_part = upper_part = part
        if self.borders.down[1] >= UPRIGHT:
            at_rest = self.at_rest_px[: len(self.borders.upper), 1]
            heights = np.concatenate([at_rest, at_rest + moved[self.borders.upper, 1]])
            left, top, right, bottom = part.box_px
            soft = BORDER_NODES * part.step_px
            lower_part = part.window((left, heights.min() - soft, right, bottom))
            upper_part = part.window((left, top, right, heights.max() + soft))
        upper_field, lower_field = fields
        return [(self.lower, lower_part, lower_field), (self.upper, upper_part, upper_field)]

    def _with_tongue(
        self, part: Grid, dense: Float32[np.ndarray, "h w 2"], picture: patch.Drawn
    ) -> patch.Drawn:
        """Return the mouth's inside with the tongue, which moves with the lower lip and is behind the teeth."""
        assert self.tongue is not None
        tongue = patch.resample(self.tongue, self.window, part, dense)
        amount = tongue[..., 3] * (1 - patch.view(self.in_front, self.window, part))
        alpha = picture[..., 3:]
        over = np.concatenate([tongue[..., :3] * (alpha / np.float32(255)), alpha], axis=2)
        return patch.blend(picture, over.astype(picture.dtype), amount)
