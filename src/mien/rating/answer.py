"""Check what a rater's page sends about a clip: a browser may send anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mien.errors import UsageError
from mien.experiment.facs_table import SeenAU, check_apart
from mien.rating.settings import NONE, OTHER, RatingSettings

MOST_AUS = 100
MOST_LETTERS = 200
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Watched:
    """How a clip was watched.

    Attributes:
        plays: How often it was played.
        skipped_frames: Number of frames that the screen did not show, over all plays.
        rt_ms: Time from the end of the first play to the answer, milliseconds.
    """

    plays: int
    skipped_frames: int
    rt_ms: float

    @classmethod
    def of(cls, sent: Mapping[str, Any], settings: RatingSettings) -> Watched:
        """Read what a page sent.

        Raises:
            UsageError: A number is missing or out of its range, or a clip was replayed that may not be.
        """
        plays = _whole(sent, "plays", 1, 100_000)
        if plays > 1 and not settings.replay:
            raise UsageError(f"expected one play of the clip, got {plays}")
        rt_ms = sent.get("rt_ms")
        if isinstance(rt_ms, bool) or not isinstance(rt_ms, int | float) or not 0 <= rt_ms < 1e10:
            raise UsageError(f"expected rt_ms in milliseconds, got {rt_ms!r}")
        return cls(plays, _whole(sent, "skipped_frames", 0, 10**9), round(float(rt_ms), 1))


@dataclass(frozen=True)
class Judgement:
    """Emotion, intensity and naturalness of a clip.

    Attributes:
        answer: The emotion; ``neutral`` for none.
        other_word: The rater's own word if the answer is ``other``; else empty.
        rated_intensity: 1 to the number of points; 0 if no emotion was seen.
        naturalness: 1 to the number of points.
    """

    answer: str
    other_word: str
    rated_intensity: int
    naturalness: int

    @classmethod
    def of(
        cls, sent: Mapping[str, Any], settings: RatingSettings, answers: Sequence[str]
    ) -> Judgement:
        """Read what a page sent.

        Raises:
            UsageError: The answer is not offered, or a number is outside its scale.
        """
        answer = sent.get("answer")
        if answer not in (*answers, NONE, OTHER):
            raise UsageError(f"expected one of the answers, got {str(answer)[:40]!r}")
        word = sent.get("other_word", "")
        if not isinstance(word, str) or len(word) > MOST_LETTERS:
            raise UsageError(f"expected up to {MOST_LETTERS} letters for other")
        least, most = (0, 0) if answer == NONE else (1, settings.points)
        return cls(
            str(answer),
            _BREAKS.sub(" ", word).strip() if answer == OTHER else "",
            _whole(sent, "rated_intensity", least, most),
            _whole(sent, "naturalness", 1, settings.points),
        )


def sheet_of(sent: Mapping[str, Any], frames: int) -> tuple[SeenAU, ...]:
    """Read a FACS sheet that a page sent; empty if nothing was seen.

    Args:
        sent: What came, with ``aus``: for each AU the fields of `SeenAU`.
        frames: Number of the clip's frames.

    Raises:
        MienError: An AU is unknown or contradicts another, or its frames are outside the clip.
    """
    listed = sent.get("aus")
    if not isinstance(listed, list) or len(listed) > MOST_AUS:
        raise UsageError(f"expected a list of up to {MOST_AUS} AUs")
    seen = []
    for each in listed:
        if not isinstance(each, dict):
            raise UsageError("expected an AU with side, level and frames")
        places = [
            _whole(each, f"{name}_frame", 0, frames - 1) for name in ("onset", "apex", "offset")
        ]
        words = [each.get(name) for name in ("au", "side", "level")]
        au, side, level = (word if isinstance(word, str) else "" for word in words)
        seen.append(SeenAU(au, side, level, *places))  # type: ignore[arg-type]
    check_apart(seen)
    return tuple(seen)


def _whole(sent: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = sent.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise UsageError(
            f"expected {name} as a whole number from {least} to {most}, got {str(value)[:40]}"
        )
    return value
