"""AU courses: compare requested intensities with those read from a clip, AU by AU.

All figures are computed on changes since the first frame, because a reader of pictures also sees the person's resting
face.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Float64

from mien.au.catalog import parse_au, sided_names
from mien.au.track import AUTrack
from mien.errors import UsageError
from mien.metrics.au import TRUE_INTENSITY


@dataclass(frozen=True)
class CourseScore:
    """How well one AU was read.

    Attributes:
        correlation: Pearson's correlation over the frames; None if one of the two courses does not change.
        spearman: Rank correlation over the frames; None if one of the two courses does not change.
        rmse: Root mean square error, FACS units.
        mae: Mean absolute error, FACS units.
        amplitude: The read change divided by the requested one, in the frame of the largest requested change.
        asked_peak: The requested change in that frame, FACS units.
    """

    correlation: float | None
    spearman: float | None
    rmse: float
    mae: float
    amplitude: float
    asked_peak: float

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures by name."""
        return asdict(self)


def compare_courses(asked: AUTrack, read: AUTrack) -> dict[str, CourseScore]:
    """Score each requested AU that the reader knows.

    Args:
        asked: The requested intensities.
        read: The intensities read, in the same frames. ``AU12`` is compared with the mean of ``AU12L`` and ``AU12R``
            if only these are read, and ``AU12L`` with ``AU12`` if only this is read.

    Returns:
        Scores by requested AU, for AUs whose requested change reaches `TRUE_INTENSITY` and that ``read`` has.

    Raises:
        UsageError: The tracks differ in length, or no AU is requested.
    """
    if len(asked) != len(read):
        raise UsageError(
            f"expected two tracks of one length, got {len(asked)} and {len(read)} frames"
        )
    moving = asked_names(asked)
    if not moving:
        raise UsageError(f"expected a track with an AU above {TRUE_INTENSITY}, got none")
    scores = {}
    for name in moving:
        course = course_of(read, name)
        if course is not None:
            wanted = asked.values[:, asked.names.index(name)].astype(np.float64)
            scores[name] = _score(wanted - wanted[0], course - course[0])
    return scores


def asked_names(asked: AUTrack) -> tuple[str, ...]:
    """Return the AUs whose change since the first frame reaches `TRUE_INTENSITY`."""
    change = np.abs(asked.values - asked.values[:1]).max(0)
    return tuple(n for n, most in zip(asked.names, change, strict=True) if most >= TRUE_INTENSITY)


def course_of(track: AUTrack, name: str) -> Float64[np.ndarray, " frames"] | None:
    """Return an AU's intensities; None if the track does not have it.

    If the track has only the sides of an AU, the AU is their mean. If it has only the AU, a side is the AU itself.
    """
    unit = parse_au(name)[0].name
    for names in ((name,), sided_names(name), (unit,)):
        columns = [track.names.index(each) for each in names if each in track.names]
        if columns:
            mean: np.ndarray = track.values[:, columns].astype(np.float64).mean(1)
            return mean
    return None


def unasked_means(asked: AUTrack, read: AUTrack) -> dict[str, float]:
    """Return the mean absolute change of each AU that was read but not requested on any side."""
    units = {parse_au(name)[0].name for name in asked_names(asked)}
    change = np.abs(read.values - read.values[:1]).mean(0, dtype=np.float64)
    means = zip(read.names, change, strict=True)
    return {name: float(mean) for name, mean in means if parse_au(name)[0].name not in units}


def by_unit(track: AUTrack) -> AUTrack:
    """Return a track without sides. An AU is as strong as its stronger side, as in OpenFace's tables."""
    columns: dict[str, np.ndarray] = {}
    for name, values in zip(track.names, track.values.T, strict=True):
        unit = parse_au(name)[0].name
        columns[unit] = np.maximum(columns.get(unit, values), values)
    return AUTrack(
        tuple(columns), np.stack([*columns.values()], 1), track.times_seconds, track.confidence
    )


def rise_of(track: AUTrack) -> AUTrack:
    """Return the rise of each AU above its intensity in the first frame; 0 where it is below."""
    rise = (track.values - track.values[:1]).clip(0)
    return AUTrack(track.names, rise, track.times_seconds, track.confidence)


def correlations(
    wanted: Float64[np.ndarray, " frames"], got: Float64[np.ndarray, " frames"]
) -> tuple[float | None, float | None]:
    """Return Pearson's and the rank correlation; both None if one of the two courses does not change."""
    from scipy.stats import spearmanr

    if np.ptp(wanted) == 0 or np.ptp(got) == 0:
        return None, None
    return float(np.corrcoef(wanted, got)[0, 1]), float(spearmanr(wanted, got).statistic)


def _score(wanted: np.ndarray, got: np.ndarray) -> CourseScore:
    apex = int(np.abs(wanted).argmax())
    correlation, spearman = correlations(wanted, got)
    return CourseScore(
        correlation=correlation,
        spearman=spearman,
        rmse=float(np.sqrt(((got - wanted) ** 2).mean())),
        mae=float(np.abs(got - wanted).mean()),
        amplitude=float(got[apex] / wanted[apex]),
        asked_peak=float(wanted[apex]),
    )
