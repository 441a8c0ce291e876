"""Neutral control clips, which are as long as the other clips and in which nothing moves."""

from __future__ import annotations

from mien.au.envelope import Envelope
from mien.au.expression import Expression

NEUTRAL = "neutral"
"""Name of a neutral clip's expression in file names and tables."""

_AU = "AU12"
"""A track needs an AU; its intensity is 0 throughout."""


def neutral_expression(duration_seconds: float) -> Expression:
    """Return an expression in which nothing moves.

    Args:
        duration_seconds: Duration of the expressions that it is compared with.

    Raises:
        BadTrackError: A duration that is not above 0.

    Example:
        >>> neutral_expression(0.3).envelopes[0].format()
        'AU12=0@0-0-0.3-0.3:smooth'
    """
    course = Envelope(_AU, 0.0, 0.0, duration_seconds, duration_seconds, 0.0)
    return Expression((course,), NEUTRAL)


def is_neutral(expression: Expression) -> bool:
    """Return whether nothing moves in an expression."""
    return expression.peak_intensity == 0.0
