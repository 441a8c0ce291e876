"""Compare the AU intensities that were asked for with those read from the clip."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from jaxtyping import Bool

from mien.au.track import AUTrack
from mien.common.option_names import from_keywords
from mien.errors import UsageError
from mien.evaluate.aus_options import EvaluateAusKeywords, EvaluateAusOptions
from mien.evaluate.rates import sidecar_rate
from mien.io.openface import OpenFaceTable, read_openface
from mien.io.png_folder import SIDECAR_NAME
from mien.io.timelines.files import read_any_track
from mien.measure.clip import FAINT, Measurement, measure_clip
from mien.measure.options import MeasureOptions
from mien.metrics.au_courses import (
    CourseScore,
    asked_names,
    by_unit,
    compare_courses,
    course_of,
    rise_of,
    unasked_means,
)
from mien.metrics.blendshapes import (
    BlendshapeScore,
    asked_courses,
    blendshape_scores,
    score_blendshapes,
)
from mien.motion.apex import Spotted, spot


@dataclass(frozen=True)
class AUScores:
    """How well one reader of AUs, such as OpenFace, finds the asked AUs.

    Attributes:
        aus: The scores of each asked AU that the reader knows.
        unasked: Mean absolute change of each AU that was not asked for.
        spotted: Onset, apex and offset of the asked AUs as read; None if none of them rises.
    """

    aus: dict[str, CourseScore]
    unasked: dict[str, float]
    spotted: Spotted | None

    def mean(self, figure: str) -> float | None:
        """Return the mean of a figure of `CourseScore` over the AUs; None if no AU has it."""
        values = [getattr(score, figure) for score in self.aus.values()]
        known = [value for value in values if value is not None]
        return float(np.mean(known)) if known else None


@dataclass(frozen=True, eq=False)
class AUEvaluation:
    """How well the asked intensities are read from a clip.

    Attributes:
        asked: The requested track.
        asked_spotted: Its onset, apex and offset; None if no AU rises.
        measurement: Mien's measurement of the clip.
        mien: How well Mien's measurement finds what was asked for.
        blendshapes: How well the packaged blendshape network, which no engine uses, finds the AUs that it can see. Keys
            are the names of AUs, joined with ``+``.
        openface: How well OpenFace's table, whose AUs have no sides, shows what was asked for; None without a table.
        openface_lacks: Asked AUs that the table does not have.
    """

    asked: AUTrack
    asked_spotted: Spotted | None
    measurement: Measurement
    mien: AUScores
    blendshapes: dict[str, BlendshapeScore]
    openface: AUScores | None = None
    openface_lacks: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know, one line each."""
        lacks = ", ".join(self.openface_lacks)
        extra = (f"the OpenFace table has no intensity of {lacks}",) if lacks else ()
        return (*self.measurement.notes, *self._faint_note(), *extra)

    def _faint_note(self) -> tuple[str, ...]:
        """Return a note if Mien reads hardly any change of the requested AUs; none if nothing at all moves."""
        courses = (course_of(self.measurement.track, name) for name in self.mien.aus)
        changes = [float(np.abs(each - each[0]).max()) for each in courses if each is not None]
        if not changes or max(changes) >= FAINT or self.measurement.motion.still:
            return ()
        return (
            f"the requested AUs hardly move in the clip (none changes by more than {max(changes):.2f}): the scores may "
            "be noise",
        )


def evaluate_aus(
    clip: str | os.PathLike[str],
    track: str | os.PathLike[str] | AUTrack,
    **options: Unpack[EvaluateAusKeywords],
) -> AUEvaluation:
    """Compare the AU intensities that were asked for with those read from a clip.

    Args:
        clip: A video, or a folder of frames (with ``fps``).
        track: What was asked for, frame by frame: a track, a table, or the sidecar of a clip.
        **options: The fields of `mien.evaluate.aus_options.EvaluateAusOptions`.

    Raises:
        UsageError: An option out of its range, or a track or table of another length or frame rate than the clip.
        MienError: A clip, a track or a table that cannot be read, or a clip without a face.

    Example:
        >>> evaluate_aus("smile.mp4", "smile.mp4.json").mien.aus["AU12"].amplitude  # doctest: +SKIP
    """
    return compare_aus(clip, track, from_keywords(EvaluateAusOptions, "mien.evaluate_aus", options))


def compare_aus(
    clip: str | os.PathLike[str],
    track: str | os.PathLike[str] | AUTrack,
    options: EvaluateAusOptions,
) -> AUEvaluation:
    """Compare asked with read intensities; `evaluate_aus` with an options object."""
    asked = track if isinstance(track, AUTrack) else _read_asked(Path(track))
    names = asked_names(asked)
    if not names:
        raise UsageError("expected a track in which an AU moves, got one without motion")
    cut: dict[str, Any] = {
        "fps": options.fps if options.fps is not None else sidecar_rate(clip),
        "start_seconds": options.start_seconds,
        "end_seconds": options.end_seconds,
        "scale": options.scale,
    }
    measured = measure_clip(clip, MeasureOptions(**cut, face=options.face))
    times = measured.field.times_seconds
    _check_times("the track", asked.times_seconds, times)
    own = measured.track
    kept = np.arange(len(times)) < len(own)
    mien = _scores(_rows(asked, kept), own)
    seen = _seen_by_blendshapes(_rows(asked, kept), measured)
    lacks: tuple[str, ...] = ()
    theirs: AUScores | None = None
    if options.openface is not None:
        table = read_openface(
            options.openface, measured.motion.fps, options.aus_face, by_frames=True
        )
        _check_times("the OpenFace table", table.track.times_seconds, times)
        wanted = by_unit(asked)
        lacks = tuple(n for n in asked_names(wanted) if course_of(table.track, n) is None)
        theirs = _scores_of_table(wanted, table)
    return AUEvaluation(asked, spot(rise_of(asked), names), measured, mien, seen, theirs, lacks)


def _read_asked(track: Path) -> AUTrack:
    """Read what was asked for.

    Raises:
        UsageError: A folder.
        BadTrackError: A file that cannot be read.
    """
    if track.is_dir():
        own = track / SIDECAR_NAME
        what = f"its sidecar {own}" if own.is_file() else "the table or the sidecar of the one clip"
        raise UsageError(f"expected a file after --track, got the folder {track}: give {what}")
    return read_any_track(track)[0]


def _seen_by_blendshapes(asked: AUTrack, measured: Measurement) -> dict[str, BlendshapeScore]:
    """Score the blendshape network frame by frame, in the crop of the first frame."""
    courses = asked_courses(asked)
    if not courses:
        return {}
    crop = measured.field.face.crop
    frames = islice(measured.motion.frames(), len(asked))
    read = [blendshape_scores(frame, crop, list(courses)) for frame in frames]
    return {
        "+".join(units): score_blendshapes(wanted, np.array([row[units] for row in read]))
        for units, wanted in courses.items()
    }


def _scores_of_table(asked: AUTrack, table: OpenFaceTable) -> AUScores:
    """Score the frames in which OpenFace saw the face."""
    if table.success.sum() < 2:
        raise UsageError("expected an OpenFace table with a face in at least two frames, got fewer")
    return _scores(_rows(asked, table.success), by_unit(_rows(table.track, table.success)))


def _scores(asked: AUTrack, read: AUTrack) -> AUScores:
    names = [n for n in asked_names(asked) if course_of(read, n) is not None]
    scores = compare_courses(asked, read)
    return AUScores(scores, unasked_means(asked, read), spot(rise_of(read), names))


def _rows(track: AUTrack, where: Bool[np.ndarray, " frames"]) -> AUTrack:
    return replace(
        track,
        values=track.values[where],
        times_seconds=track.times_seconds[where],
        confidence=track.confidence[where],
    )


def _check_times(what: str, times: np.ndarray, clip: np.ndarray) -> None:
    """Refuse a track that does not belong to the clip's frames.

    Raises:
        UsageError: The number of frames differs, or times differ by half a frame or more.
    """
    if len(times) != len(clip):
        raise UsageError(
            f"expected {what} to have as many frames as the clip, got {len(times)} and {len(clip)}"
        )
    apart = np.abs((times - times[0]) - (clip - clip[0])).max()
    if apart >= 0.5 * float(np.median(np.diff(clip))):
        own, other = ((len(each) - 1) / (each[-1] - each[0]) for each in (times, clip))
        raise UsageError(
            f"expected {what} at the clip's frame rate, got {own:.6g} and {other:.6g} a second: "
            "--fps sets the clip's"
        )
