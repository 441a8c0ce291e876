"""AU readback by the packaged blendshape network, an estimator that is independent of the rig and of all engines."""

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
    """How well the network sees requested AUs.

    Attributes:
        correlation: Pearson's correlation over the frames; None if one of the two courses does not change.
        spearman: Rank correlation over the frames; None if one of the two courses does not change.
        rise: The rise of the network's score, 0 to 1, from the first frame to the frame of the largest requested
            change.
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
    """Return the mean score of the blendshapes that show AUs, 0 to 1, by keys of `READS`.

    The network reads the frame as it is and mirrored, because it treats left and right differently; the mean of both
    also has less noise.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is ignored.
        crop: Where the face is. Use the crop of a clip's first frame for all frames, so that it does not jitter.
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
    """Return the mean change of the AUs of each key of `READS`, if it reaches `TRUE_INTENSITY`."""
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
    """Compare a requested course with the network's scores.

    Args:
        wanted: (T,) requested change since the first frame; see `asked_courses`.
        read: (T,) scores of the same key; see `blendshape_scores`.
    """
    apex = int(np.abs(wanted).argmax())
    return BlendshapeScore(*correlations(wanted, read), rise=float(read[apex] - read[0]))
