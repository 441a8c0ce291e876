"""Compare two codings of a clip: by people, by programs, or the record of how the clip was made."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from fractions import Fraction
from typing import Unpack

from mien.au.catalog import CATALOG, sided_names
from mien.au.frame_rate import frame_times, parse_fps
from mien.au.samples import AUSamples
from mien.common.option_names import from_keywords
from mien.errors import BadTrackError, UsageError
from mien.evaluate.agreement_figures import AUAgreement, agreement_of
from mien.evaluate.agreement_options import AgreementKeywords, AgreementOptions
from mien.evaluate.coding import Coding, read_coding
from mien.metrics.agreement import EventScore, match_events


@dataclass(frozen=True)
class Agreement:
    """How far two codings agree.

    Attributes:
        first: The first coding.
        second: The second.
        fps: The frame rate at which kappa is computed.
        end_seconds: End of the observation.
        tolerance_seconds: How far apart boundaries may be.
        aus: The figures of each AU.
        pooled: The figures of all these AUs together; each AU in each frame counts as one decision.
        not_compared: AUs that only one of the two looked for.
        notes: What a user must know, one line each.
    """

    first: Coding
    second: Coding
    fps: Fraction
    end_seconds: float
    tolerance_seconds: float
    aus: dict[str, AUAgreement]
    pooled: AUAgreement
    not_compared: tuple[str, ...]
    notes: tuple[str, ...]


def evaluate_agreement(
    first: str | os.PathLike[str],
    second: str | os.PathLike[str],
    **options: Unpack[AgreementKeywords],
) -> Agreement:
    """Compare two codings, AU by AU.

    Args:
        first: A file of any format that `mien convert` reads, or the sidecar of a clip.
        second: Another such file.
        **options: The fields of `mien.evaluate.agreement_options.AgreementOptions`.

    Raises:
        UsageError: An option out of its range, or no frame rate.
        BadTrackError: A file cannot be read, or there is no AU that both looked for and one found.

    Example:
        >>> evaluate_agreement("ann.eaf", "ben.eaf", fps=50).aus["AU12"].kappa  # doctest: +SKIP
    """
    return compare_codings(
        first, second, from_keywords(AgreementOptions, "evaluate_agreement", options)
    )


def compare_codings(
    first: str | os.PathLike[str], second: str | os.PathLike[str], options: AgreementOptions
) -> Agreement:
    """Compare two codings; `evaluate_agreement` with an options object."""
    asked = None if options.fps is None else parse_fps(options.fps)
    a = read_coding(first, options, options.subject_a, asked)
    b = read_coding(second, options, options.subject_b, asked)
    fps = asked or _common_rate(a, b)
    a, b = a.at_rate(fps), b.at_rate(fps)
    end, notes = _end(a, b, options)
    times = frame_times(end, fps)
    times = times[times < end - 1e-9]
    if not len(times):
        raise UsageError(f"expected frames before {end:g} s at {fps} a second, got none")
    names, alone = _compared(a, b)
    if not names:
        raise BadTrackError(
            f"expected an AU that {a.path} and {b.path} both looked for and one of them has, got none"
        )
    if alone:
        notes = (*notes, f"not compared, only one of the two looked for it: {' '.join(alone)}")
    ours, theirs = a.on_frames(names, times), b.on_frames(names, times)
    reach = math.floor(options.tolerance_ms / 1000 * float(fps) + 1e-6)
    scores = {name: _events(a, b, name, end, options) for name in names}
    aus = {name: agreement_of([ours[name]], [theirs[name]], reach, scores[name]) for name in names}
    every = list(scores.values())
    total = EventScore(
        sum(s.first for s in every),
        sum(s.second for s in every),
        sum(s.matched for s in every),
        tuple(e for s in every for e in s.onset_errors_seconds),
        tuple(e for s in every for e in s.offset_errors_seconds),
    )
    pooled = agreement_of([ours[n] for n in names], [theirs[n] for n in names], reach, total)
    return Agreement(
        a,
        b,
        fps,
        end,
        options.tolerance_ms / 1000,
        aus,
        pooled,
        alone,
        (*a.notes, *b.notes, *notes),
    )


def _common_rate(a: Coding, b: Coding) -> Fraction:
    """Return the frame rate of the codings that have frames; if neither has, the rate that their events name."""
    sampled = [each for each in (a, b) if isinstance(each.content, AUSamples)]
    known = [each.timeline.fps for each in sampled or (a, b) if each.timeline.fps is not None]
    if not known:
        raise UsageError(
            f"expected a frame rate, got none in {a.path} and {b.path}: give one with --fps"
        )
    if len(set(known)) > 1:
        raise UsageError(
            f"expected one frame rate, got {known[0]} in {a.path} and {known[1]} in {b.path}: give one with --fps"
        )
    return known[0]


def _end(a: Coding, b: Coding, options: AgreementOptions) -> tuple[float, tuple[str, ...]]:
    if options.end_seconds is not None:
        return options.end_seconds, ()
    known = [c.timeline.end_seconds for c in (a, b) if c.timeline.end_seconds is not None]
    last = max(c.timeline.last_seconds for c in (a, b))
    if known:
        return min(known), ()
    if last <= 0:
        raise BadTrackError(f"expected an event in {a.path} or {b.path}, got none")
    return last, (
        f"neither file says how long the clip is: frames after the last event, at {last:g} s, do not count; "
        "give --end",
    )


def _compared(a: Coding, b: Coding) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the AUs to compare, and those that only one coding looked for.

    An AU is compared by side if both codings tell its sides apart. An AU or side without any event is left out.
    """
    names: list[str] = []
    alone: list[str] = []
    for unit in CATALOG:
        by_side = bool(a.sides(unit)) and bool(b.sides(unit))
        for name in sided_names(unit) if by_side else (unit,):
            if not (a.has(name) or b.has(name)):
                continue
            (names if a.looked_for(name) and b.looked_for(name) else alone).append(name)
    return tuple(names), tuple(alone)


def _events(a: Coding, b: Coding, name: str, end: float, options: AgreementOptions) -> EventScore:
    return match_events(
        a.spans(name, end), b.spans(name, end), options.overlap, options.tolerance_ms / 1000
    )
