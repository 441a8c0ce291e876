"""Make the AU track of a clip from its options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.frame_rate import FrameRate, parse_fps
from mien.au.presets import preset
from mien.au.sampler import sample_expression
from mien.au.track import AUTrack
from mien.errors import BadTrackError
from mien.generate.course import course_notes
from mien.generate.options import ClipOptions

DEFAULT_FPS = Fraction(200)
"""The rate of the high-speed cameras that micro-expressions are filmed with."""

DEFAULT_SEED = 0


@dataclass(frozen=True)
class Motion:
    """The AU track of a clip, and where it comes from.

    Attributes:
        track: The AU track with neutral lead and tail; frame i is at i / fps.
        fps: Frames a second.
        seed: Seed of the drawn expression; None if none was drawn.
        expression: The expression that the track was sampled from; None for a table.
        notes: What the user must know about the table or the movement's course, one line each.
        mask_frames: Number of frames at the end that show a mask instead of the face; all AUs are 0 in them.
    """

    track: AUTrack
    fps: Fraction
    seed: int | None = None
    expression: Expression | None = None
    notes: tuple[str, ...] = ()
    mask_frames: int = 0

    @property
    def face_track(self) -> AUTrack:
        """The track of the frames that show the face."""
        if not self.mask_frames:
            return self.track
        track, count = self.track, len(self.track) - self.mask_frames
        return AUTrack(
            track.names, track.values[:count], track.times_seconds[:count], track.confidence[:count]
        )


def make_motion(options: ClipOptions) -> Motion:
    """Make the AU track that the options describe.

    Raises:
        UsageError: An unknown preset, emotion or data set; a bad frame rate, seed, duration or
            strength.
        BadTrackError: An AU, envelope or table that is not valid, or intensities above 5.
    """
    motion = _face_motion(options)
    count = options.mask_frames(float(motion.fps))
    if not count:
        return motion
    return replace(motion, track=_with_rest(motion.track, motion.fps, count), mask_frames=count)


def _with_rest(track: AUTrack, fps: Fraction, count: int) -> AUTrack:
    """Return a track with neutral frames at its end."""
    index = np.arange(len(track), len(track) + count)
    return replace(
        track,
        values=np.pad(track.values, ((0, count), (0, 0))),
        times_seconds=np.append(track.times_seconds, index * fps.denominator / fps.numerator),
        confidence=np.pad(track.confidence, (0, count), constant_values=1.0),
    )


def _face_motion(options: ClipOptions) -> Motion:
    """Return the motion of the frames that show the face."""
    if options.aus is not None:
        return _from_table(options, options.aus)
    seed = None
    if options.expression is not None:
        expression = preset(options.expression, options.intensity)
    elif options.sample is not None:
        seed = DEFAULT_SEED if options.seed is None else options.seed
        expression = sample_expression(options.sample, seed, options.dataset or None)
        if options.intensity is not None:
            expression = expression.with_peak(options.intensity)
    else:
        expression = Expression(tuple(Envelope.parse(text) for text in options.au))
    if options.duration_seconds is not None:
        expression = expression.with_duration(options.duration_seconds)
    if options.side != "both":
        expression = expression.side(options.side)
    if options.strength != 1.0:
        expression = expression.scaled(options.strength)
    fps = DEFAULT_FPS if options.fps is None else parse_fps(options.fps)
    track = expression.track(fps, options.lead_seconds, options.tail_seconds)
    notes = () if options.sample is not None else course_notes(expression, track, fps)
    return Motion(track, fps, seed, expression, notes)


def _from_table(options: ClipOptions, path: Path) -> Motion:
    from mien.io.timelines.files import read_any_track

    fps = None if options.fps is None else parse_fps(options.fps)
    track, notes = read_any_track(path, fps, options.aus_face, options.aus_scale)
    track, fps = at_even_times(track, fps)
    if options.side != "both":
        track = track.side(options.side)
    if options.strength != 1.0:
        track = track.scaled(options.strength)
    padded = track.with_padding(options.lead_seconds, options.tail_seconds)
    return Motion(padded, fps, notes=notes)


def at_even_times(track: AUTrack, fps: FrameRate | None) -> tuple[AUTrack, Fraction]:
    """Return a track whose frame i is at i / fps, and the rate ``fps``: the given rate, or else the track's own.

    Raises:
        BadTrackError: No rate is given and the track has none: a single frame, or uneven times.
        UsageError: A bad frame rate.
    """
    if fps is not None:
        return track.at_frame_rate(fps), parse_fps(fps)
    try:
        rate = track.frame_rate
    except BadTrackError as error:
        raise BadTrackError(f"{error} (--fps)") from error
    # Replace rounded times by exact ones. Interpolation at exact times would lose the last frame.
    index = np.arange(len(track))
    return replace(track, times_seconds=index * rate.denominator / rate.numerator), rate
