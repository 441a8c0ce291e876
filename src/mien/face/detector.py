"""Find faces as boxes with the short-range BlazeFace net, over a pyramid of tiles.

The net sees 128 by 128 pixels and finds faces from about a sixth of that side to most of it. So it is
given the whole picture, the picture with a margin, and then smaller and smaller overlapping tiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Float64

from mien.face.bundle import Net
from mien.face.crop import FaceCrop
from mien.types import RGBImage

_SIZE = 128
_SCORE_THRESHOLD = 0.5
_SAME_FACE_OVERLAP = 0.3
_CROP_FOR_BOX = 1.5
"""The detector's box times this is the landmark net's crop (MediaPipe, face_landmarker_graph.cc)."""

_SMALLEST_TILE_PX = 128
_FINEST_TILE = 1 / 8
"""The smallest tile, as a share of the picture's longer side."""


@dataclass(frozen=True)
class Detection:
    """A detected face.

    Attributes:
        box_px: (4,) left, top, right, bottom; forehead to chin.
        score: Confidence, 0 to 1.
        eyes_px: (2, 2) the subject's right eye, then the left, as (x, y).
    """

    box_px: Float64[np.ndarray, " 4"]
    score: float
    eyes_px: Float64[np.ndarray, "2 2"]

    def crop(self) -> FaceCrop:
        """Return the square in which to look for landmarks."""
        left, top, right, bottom = self.box_px
        along = self.eyes_px[1] - self.eyes_px[0]
        return FaceCrop(
            x_px=float(left + right) / 2,
            y_px=float(top + bottom) / 2,
            side_px=_CROP_FOR_BOX * float(max(right - left, bottom - top)),
            roll_radians=float(np.arctan2(along[1], along[0])),
        )


def detect(net: Net, image: RGBImage) -> Iterator[list[Detection]]:
    """Search the picture from coarse to fine.

    Args:
        net: The bundle's "face_detector".
        image: (H, W, 3) uint8.

    Yields:
        The detections of each level, the most confident first. Stop when a face is found: the next level
        may find it again.
    """
    for tiles in _levels(image.shape[1], image.shape[0]):
        yield merge([found for tile in tiles for found in _detect_in(net, image, tile)])


def _levels(width: int, height: int) -> Iterator[list[FaceCrop]]:
    longer = max(width, height)
    middle = ((width - 1) / 2, (height - 1) / 2)
    # With margins too: the net misses a face that fills its view.
    yield [FaceCrop(*middle, longer), FaceCrop(*middle, 1.6 * longer)]
    side = longer / 2
    while side >= max(_SMALLEST_TILE_PX, _FINEST_TILE * longer):
        yield [FaceCrop(x, y, side) for y in _centres(height, side) for x in _centres(width, side)]
        side /= 2


def _centres(length: int, side: float) -> Float64[np.ndarray, " n"]:
    """Return the centres of tiles that overlap by half and reach both ends, or of a single tile that reaches beyond."""
    if length <= side:
        return np.array([(length - 1) / 2])
    count = int(np.ceil(2 * (length - side) / side)) + 1
    return np.linspace(side / 2, length - side / 2, count) - 0.5


def _detect_in(net: Net, image: RGBImage, tile: FaceCrop) -> list[Detection]:
    pixels = tile.sample(image, _SIZE, replicate_border=False)
    boxes, logits = net(pixels[None] / 127.5 - 1)
    scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0].astype(np.float64), -100, 100)))
    keep = np.flatnonzero(scores >= _SCORE_THRESHOLD)
    if not keep.size:
        return []
    values = boxes[0][keep].astype(np.float64)
    centres = values[:, :2] + _anchors()[keep]
    corners = np.concatenate([centres - values[:, 2:4] / 2, centres + values[:, 2:4] / 2], axis=1)
    eyes = values[:, 4:8].reshape(-1, 2, 2) + _anchors()[keep][:, None]
    found = [Detection(*each) for each in zip(corners, scores[keep], eyes, strict=True)]
    return [_to_image(one, tile) for one in merge(found)]


def _to_image(detection: Detection, tile: FaceCrop) -> Detection:
    # The net counts from the corner of its input, pixel coordinates from the centre of the first pixel.
    matrix = tile.to_image(_SIZE)
    corners = (detection.box_px.reshape(2, 2) - 0.5) @ matrix[:, :2].T + matrix[:, 2]
    eyes = (detection.eyes_px - 0.5) @ matrix[:, :2].T + matrix[:, 2]
    return Detection(corners.reshape(4), detection.score, eyes)


def merge(detections: list[Detection]) -> list[Detection]:
    """Average detections that overlap, weighted by score, as the net's authors do."""
    left = sorted(detections, key=lambda each: -each.score)
    merged = []
    while left:
        boxes = np.array([each.box_px for each in left])
        same = overlap(boxes[0], boxes) > _SAME_FACE_OVERLAP
        group = [each for each, is_same in zip(left, same, strict=True) if is_same]
        weights = np.array([each.score for each in group])
        merged.append(
            Detection(
                np.average([each.box_px for each in group], axis=0, weights=weights),
                float(weights.max()),
                np.average([each.eyes_px for each in group], axis=0, weights=weights),
            )
        )
        left = [each for each, is_same in zip(left, same, strict=True) if not is_same]
    return merged


def overlap(
    box: Float[np.ndarray, " 4"], boxes: Float[np.ndarray, "n 4"]
) -> Float64[np.ndarray, " n"]:
    """Return the intersection over union of a box with each of several boxes: left, top, right, bottom."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.prod(np.maximum(sides, 0), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    overlaps: np.ndarray = both / (np.prod(box[2:] - box[:2]) + areas - both)
    return overlaps


@lru_cache(maxsize=1)
def _anchors() -> Float64[np.ndarray, "896 2"]:
    """Return the anchors (x, y) of the net's outputs, pixels: two in each of 16 by 16 cells, six in each of 8 by 8."""
    grids = []
    for cells, each in ((16, 2), (8, 6)):
        y, x = np.mgrid[:cells, :cells]
        centres = np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5
        grids.append(np.repeat(centres, each, axis=0) * (_SIZE / cells))
    return np.concatenate(grids)
