"""Draw the mouth where a network's flow parts the lips: the portrait's own lips, and between them the rig's mouth.

The network decides how far each lip moves (`mien.engines.ulme_gan.lip_flows`). The lips' edges and the inside of the
mouth (teeth, tongue, dark) are drawn as the rig draws them.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32
from scipy.ndimage import gaussian_filter, maximum_filter

from mien.engines.lift import Lift, Paint
from mien.engines.ulme_gan.lip_flows import LipFlows, LipLine, lip_flows
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.render import flow as node_flow
from mien.render import patch
from mien.render.opening import Opening
from mien.render.openings import MOUTH
from mien.render.region import MEASURED, smoothstep
from mien.types import Image

SHADING = 0.2
"""Changes up to this size, of 2 from black to white, are shading; twice this size is none."""
AROUND_CM = 0.4
"""How far around a strong change nothing is kept of it."""


class Mouth:
    """The mouth of a portrait, prepared to be drawn with the flows of the two lips.

    Args:
        portrait: The portrait.
        lift: The square that the network sees.
    """

    def __init__(self, portrait: Portrait, lift: Lift) -> None:
        face = portrait.face
        colours = Portrait(np.ascontiguousarray(portrait.image[..., :3]), face)
        grid = node_flow.face_grid(face, MEASURED)
        operator = node_flow.node_weights(face, grid, colours.image.shape[:2], MEASURED)
        cut_out = patch.cut_out(colours.image, grid)
        self._lift = lift
        self._opening = Opening.of(colours, MOUTH, grid, operator, cut_out)
        self._line = lip_line(portrait, lift)
        own, may_change = self._opening.window.box_px, lift.box_px
        self._box = (
            *(max(a, b) for a, b in zip(own[:2], may_change[:2], strict=True)),
            *(min(a, b) for a, b in zip(own[2:], may_change[2:], strict=True)),
        )

    def flows(self, flow: Float32[np.ndarray, "size size 2"]) -> LipFlows | None:
        """Return the flows of the two lips; None if the lips do not part.

        Args:
            flow: (S, S, 2) the network's backward displacement, normalised (2 is the square's side).
        """
        left, top, right, bottom = self._box
        return None if left >= right or top >= bottom else lip_flows(flow, self._line)

    def shading(self, paint: Paint, flows: LipFlows) -> Paint:
        """Return the paint that is kept beside the drawn mouth; see `shading_below`."""
        return shading_below(paint, flows, self._line)

    def draw(self, frame: Image, flows: LipFlows, image: Image) -> None:
        """Draw the mouth into a frame, in place.

        Args:
            frame: (H, W, 3 or 4) what `Lift.move` made with the network's flow.
            flows: The flows of the two lips.
            image: (H, W, 3 or 4) the picture that is moved.
        """
        left, top, right, bottom = self._box
        part = (slice(top, bottom), slice(left, right))
        share = np.clip(self._lift.enlarge(flows.share)[part], 0, 1)[..., None]
        target = frame[(*part, slice(3))]
        drawn = self._drawn(flows, np.ascontiguousarray(image[..., :3]))
        target[:] = np.rint(target + share * (drawn - target)).clip(0, 255).astype(np.uint8)

    def _drawn(self, flows: LipFlows, image: Image) -> Float32[np.ndarray, "h w 3"]:
        """Return the upper lip over the lower lip over the mouth's inside, in the mouth's box."""
        opening, own = self._opening, self._opening.window.box_px
        left, top, right, bottom = self._box
        here = np.mgrid[top:bottom, left:right][::-1].transpose(1, 2, 0).astype(np.float32)
        upper, lower = (here + self._away(flow) for flow in (flows.upper, flows.lower))

        def lip(place: np.ndarray, visible: np.ndarray, under: np.ndarray) -> np.ndarray:
            skin = node_flow.sample(image, place, cv2.INTER_CUBIC)
            amount = _of_window(visible, place, own)[..., None]
            result: np.ndarray = under + amount * (skin - under)
            return result

        at_rest = (slice(top - own[1], bottom - own[1]), slice(left - own[0], right - own[0]))
        picture = opening.inside[at_rest][..., :3].astype(np.float32)
        if opening.tongue is not None:
            tongue = _of_window(opening.tongue, lower, own)
            amount = (tongue[..., 3] * (1 - opening.in_front[at_rest]))[..., None]
            picture = picture + amount * (tongue[..., :3] - picture)
        picture = lip(lower, opening.lower.visible, picture)
        drawn: np.ndarray = lip(upper, opening.upper.visible, picture).astype(np.float32)
        return drawn

    def _away(self, flow: Float32[np.ndarray, "size size 2"]) -> Float32[np.ndarray, "h w 2"]:
        """Return a displacement in pixels, in the mouth's box."""
        left, top, right, bottom = self._box
        x, y = self._lift.box_px[:2]
        return self._lift.displacement_px(flow, finer=1)[top - y : bottom - y, left - x : right - x]


def shading_below(paint: Paint, flows: LipFlows, line: LipLine) -> Paint:
    """Leave out what a network paints below the line between the lips, except for the skin's shading.

    Where the jaw drops far, a network paints a dark mouth at its own place, and sometimes a second one on the chin. The
    mouth is drawn in another way, so only weak changes are kept: those of the skin's brightness.

    Args:
        paint: What the network paints.
        flows: The flows of the two lips; paint is left out as far as they part.
        line: The line between the lips at rest.
    """
    around = AROUND_CM / line.cell_cm
    strong = maximum_filter(np.abs(paint.change).max(2), round(2 * around) | 1)
    refused = gaussian_filter(smoothstep((strong - SHADING) / SHADING), around / 2)
    below = smoothstep((np.arange(len(refused))[:, None] - line.rows) / around)
    kept = (1 - flows.share.max() * below * refused).astype(np.float32)
    return Paint(paint.change * kept[..., None], paint.picture, paint.share * kept)


def lip_line(portrait: Portrait, lift: Lift) -> LipLine:
    """Return the line between the lips, midway between their inner edges, in the network's square."""
    points = portrait.face.landmarks[:, :2].astype(np.float64)
    middle = (points[list(mesh.LIPS_INNER_UPPER)] + points[list(mesh.LIPS_INNER_LOWER)]) / 2
    to_square = cv2.invertAffineTransform(lift.square.to_image(lift.size))
    x, y = to_square @ np.c_[middle, np.ones(len(middle))].T
    order = np.argsort(x)
    rows = np.interp(np.arange(lift.size), x[order], y[order])
    return LipLine(float(x.min()), float(x.max()), rows, lift.side_cm / lift.size)


def _of_window(
    values: np.ndarray, place: np.ndarray, box_px: tuple[int, int, int, int]
) -> np.ndarray:
    """Sample an array over a window's box at places (h, w, 2) of the picture."""
    corner = np.array(box_px[:2], np.float32)
    return node_flow.sample(values, place - corner, cv2.INTER_LINEAR)
