"""The figures of an agreement between two codings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mien.errors import BadTrackError
from mien.metrics.agreement import EventScore, cohen_kappa, tolerant_kappa, towards


@dataclass(frozen=True)
class AUAgreement:
    """How far two codings agree on one AU.

    Attributes:
        frames: Number of frames that are known in both codings.
        present_a: Number of frames with the AU, by the first coding.
        present_b: Number of frames with the AU, by the second coding.
        agreement: Share of frames on which they say the same.
        kappa: Cohen's kappa; None if both say the same of every frame, so that chance alone would agree fully.
        tolerant_kappa: Kappa that forgives boundaries within the tolerance; None in the same case.
        events: How the events match.
    """

    frames: int
    present_a: int
    present_b: int
    agreement: float
    kappa: float | None
    tolerant_kappa: float | None
    events: EventScore

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON values; errors are the second coding minus the first, in milliseconds."""
        return {
            "frames": self.frames,
            "present_a": self.present_a,
            "present_b": self.present_b,
            "agreement": round(self.agreement, 6),
            "kappa": _rounded(self.kappa),
            "tolerant_kappa": _rounded(self.tolerant_kappa),
            "events_a": self.events.first,
            "events_b": self.events.second,
            "matched": self.events.matched,
            "f1": _rounded(self.events.f1),
            **error_figures("onset", self.events.onset_errors_seconds),
            **error_figures("offset", self.events.offset_errors_seconds),
        }


def error_figures(what: str, errors: tuple[float, ...]) -> dict[str, float | None]:
    """Return the mean and the mean absolute error in milliseconds; None without errors.

    Args:
        what: ``onset`` or ``offset``, which begins the keys.
        errors: Errors in seconds, one for each pair of events.
    """
    found = np.array(errors) * 1000
    return {
        f"{what}_error_ms": round(float(found.mean()), 3) if len(found) else None,
        f"{what}_absolute_error_ms": round(float(np.abs(found).mean()), 3) if len(found) else None,
    }


def agreement_of(
    ours: list[np.ndarray], theirs: list[np.ndarray], reach: int, events: EventScore
) -> AUAgreement:
    """Compare presence frame by frame, leaving out frames that are unknown in one of the two codings.

    Args:
        ours: (T,) presence by the first coding, one array for each AU: 1, 0, or NaN if it is not known.
        theirs: Presence by the second coding.
        reach: Tolerance in frames.
        events: How the events match.

    Raises:
        BadTrackError: No frame is known in both codings.
    """
    pairs = [
        (a[known] > 0.5, b[known] > 0.5)
        for a, b in zip(ours, theirs, strict=True)
        for known in [~np.isnan(a) & ~np.isnan(b)]
    ]
    first, second = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    if not len(first):
        raise BadTrackError("expected frames that are known in both codings, got none")
    tolerant = tolerant_kappa(first, second, reach) if len(pairs) == 1 else _pooled(pairs, reach)
    return AUAgreement(
        len(first),
        int(first.sum()),
        int(second.sum()),
        float((first == second).mean()),
        _number(cohen_kappa(first, second)),
        _number(tolerant),
        events,
    )


def _pooled(pairs: list[tuple[np.ndarray, np.ndarray]], reach: int) -> float:
    """Return the tolerant kappa of several AUs; the tolerance is applied to each AU separately."""
    one = [towards(b, a, reach) for a, b in pairs]
    other = [towards(a, b, reach) for a, b in pairs]
    first, second = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    return (
        cohen_kappa(first, np.concatenate(one)) + cohen_kappa(np.concatenate(other), second)
    ) / 2


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _rounded(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, 6)
