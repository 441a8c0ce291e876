"""AU readback by the packaged blendshape network, which no engine uses: an estimator that is not the rig."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Float64

from mien.au.track import AUTrack
from mien.face.crop import FaceCrop
from mien.face.landmarker import default_landmarker
from mien.metrics.au import TRUE_INTENSITY
from mien.metrics.au_courses import by_unit, correlations
from mien.types import Image

READS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("AU1", "AU2"): ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    ("AU4",): ("browDownLeft", "browDownRight"),
    ("AU5",): ("eyeWideLeft", "eyeWideRight"),
    ("AU12",): ("mouthSmileLeft", "mouthSmileRight"),
    ("AU15",): ("mouthFrownLeft", "mouthFrownRight"),
    ("AU20",): ("mouthStretchLeft", "mouthStretchRight"),
    ("AU26",): ("jawOpen",),
    ("AU45",): ("eyeBlinkLeft", "eyeBlinkRight"),
}
"""The blendshapes that show an AU, or AUs that move together."""


@dataclass(frozen=True)
class BlendshapeScore:
    """How well the network sees AUs that were asked for.

    Attributes:
        correlation: Pearson's over the frames; None if one of the two courses does not change.
        spearman: Rank correlation; None likewise.
        rise: How much the network's score, 0 to 1, rises from the first frame to the one where most is asked.
    """

    correlation: float | None
    spearman: float | None
    rise: float

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures by name."""
        return asdict(self)


def blendshape_scores(
    image: Image, crop: FaceCrop, aus: Iterable[tuple[str, ...]] = READS
) -> dict[tuple[str, ...], float]:
    """Return the mean score of the blendshapes that show some AUs, 0 to 1, by keys of `READS`.

    The frame is read as it is and mirrored: the network's left and right differ, and its noise halves.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is ignored.
        crop: Where the face is; that of a clip's first frame, so that the crop does not tremble.
        aus: Keys of `READS`.
    """
    net = default_landmarker()
    width = image.shape[1]
    mirrored_crop = FaceCrop(width - 1 - crop.x_px, crop.y_px, crop.side_px, -crop.roll_radians)
    scores = [
        net.blendshapes(net.landmarks(frame, where))
        for frame, where in (
            (image[..., :3], crop),
            (np.ascontiguousarray(image[:, ::-1, :3]), mirrored_crop),
        )
    ]
    return {
        units: float(np.mean([score[name] for score in scores for name in READS[units]]))
        for units in aus
    }


def asked_courses(asked: AUTrack) -> dict[tuple[str, ...], Float64[np.ndarray, " frames"]]:
    """Return the mean change of the asked AUs for each key of `READS` that is asked for."""
    track = by_unit(asked)
    courses = {}
    for units in READS:
        columns = [track.names.index(unit) for unit in units if unit in track.names]
        if not columns:
            continue
        course = track.values[:, columns].astype(np.float64).mean(1)
        if np.abs(course - course[0]).max() >= TRUE_INTENSITY:
            courses[units] = course - course[0]
    return courses


def score_blendshapes(
    wanted: Float64[np.ndarray, " frames"], read: Float64[np.ndarray, " frames"]
) -> BlendshapeScore:
    """Compare an asked course with the network's scores."""
    apex = int(np.abs(wanted).argmax())
    return BlendshapeScore(*correlations(wanted, read), rise=float(read[apex] - read[0]))
