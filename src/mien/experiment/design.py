"""The design of a recognition task: what is shown, in which form and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from mien.au.catalog import Side
from mien.au.intensity import parse_intensity
from mien.au.presets import PRESETS
from mien.errors import UsageError
from mien.experiment.screen import RATES_HZ, whole_frames
from mien.generate.look_options import LookOptions, MaskKind
from mien.stimuli.neutral import NEUTRAL

Form: TypeAlias = Literal["clip", "jacbart", "bart", "mett"]
"""How a trial shows an expression.

``clip``: it rises and falls, between the neutral face. ``jacbart``: its apex stands still, between the same neutral
face. ``bart``: the apex alone. ``mett``: as ``jacbart``, with a training block that tells the right answer before.
"""

NEUTRAL_MS: Mapping[Form, float] = {"clip": 500, "jacbart": 1000, "bart": 0, "mett": 1000}
"""Default time of the neutral face before and after the expression."""

CONSENT = (
    "You will see faces that move for a moment. After each one, say what it showed. "
    "You may stop at any time."
)


@dataclass(frozen=True, kw_only=True)
class Design:
    """A recognition task.

    Attributes:
        portraits: Folder with a picture of each person.
        expressions: Names of ready expressions.
        name: What the study is called.
        form: How a trial shows an expression.
        intensities: FACS levels ``A`` to ``E`` or numbers.
        durations_ms: From onset to offset, or how long the apex stands still.
        sides: ``both``, ``left``, ``right``.
        neutral_ms: The neutral face before and after; None for the form's own.
        mask: What follows the expression: ``none``, ``noise``, ``scramble``.
        mask_ms: How long.
        size: Width and height of the pictures in pixels.
        oval: Show the face in an oval.
        catch_trials: Neutral trials for each face and duration, in which nothing moves.
        answers: The answers that are offered; None for the expressions, and ``neutral`` if there are catch trials.
        repetitions: How often each stimulus is shown.
        blocks: Number of blocks with a pause between.
        orders: Number of random orders; participants take turns.
        seed: Of the orders.
        refresh_hz: Refresh rate of the screen.
        consent: What participants agree to, before the task.
        disclosure: When participants are told that the faces are synthetic: ``before`` or ``after``.

    Raises:
        UsageError: A value out of its range, or values that contradict each other.
    """

    portraits: Path
    expressions: tuple[str, ...]
    name: str = "study"
    form: Form = "clip"
    intensities: tuple[str, ...] = ("C",)
    durations_ms: tuple[float, ...] = (200.0,)
    sides: tuple[Side, ...] = ("both",)
    neutral_ms: float | None = None
    mask: MaskKind = "none"
    mask_ms: float = 100.0
    size: int = 512
    oval: bool = False
    catch_trials: int = 0
    answers: tuple[str, ...] | None = None
    repetitions: int = 1
    blocks: int = 1
    orders: int = 8
    seed: int = 0
    refresh_hz: int = 60
    consent: str = CONSENT
    disclosure: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        self._check_words()
        self._check_numbers()
        self._check_times()
        self._check_answers()

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Design:
        """Return a design of the values of a file.

        Raises:
            UsageError: A key that a design does not have, one that is missing, or a value of another type.
        """
        known = {each.name: each for each in fields(cls)}
        if strange := sorted(set(values) - set(known)):
            raise UsageError(f"expected keys among {', '.join(known)}, got {', '.join(strange)}")
        for name in ("portraits", "expressions"):
            if name not in values:
                raise UsageError(f"expected the key {name}, got none")
        return cls(**{name: _typed(name, value) for name, value in values.items()})

    @property
    def held_frames(self) -> int:
        """Frames of the neutral face before and after the expression."""
        own = NEUTRAL_MS[self.form] if self.neutral_ms is None else self.neutral_ms
        return whole_frames(own, self.refresh_hz, "neutral_ms")

    @property
    def is_still(self) -> bool:
        """Whether the apex stands still."""
        return self.form != "clip"

    @property
    def look(self) -> LookOptions:
        """How the pictures are shown."""
        return LookOptions(
            size=str(self.size), oval=self.oval, mask=self.mask, mask_seconds=self.mask_ms / 1000
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers that are offered."""
        if self.answers is not None:
            return self.answers
        return (*self.expressions, NEUTRAL) if self.catch_trials else self.expressions

    def _check_words(self) -> None:
        if not self.expressions:
            raise UsageError("expected at least one expression, got none")
        for name in self.expressions:
            if name not in PRESETS:
                raise UsageError(f"expected expressions among {', '.join(PRESETS)}, got {name!r}")
        choices = {
            "form": get_args(Form),
            "mask": get_args(MaskKind),
            "disclosure": ("before", "after"),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise UsageError(
                    f"expected {name} as one of {', '.join(allowed)}, got {getattr(self, name)!r}"
                )
        for side in self.sides:
            if side not in get_args(Side):
                raise UsageError(f"expected sides among {', '.join(get_args(Side))}, got {side!r}")
        for name in ("expressions", "intensities", "durations_ms", "sides"):
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise UsageError(
                    f"expected {name}, each once, got {', '.join(map(str, values)) or 'none'}"
                )
        for level in self.intensities:
            if not parse_intensity(level):
                raise UsageError(
                    "expected intensities above 0, got 0: catch_trials add neutral faces"
                )
        if not self.name.strip() or len(self.name) > 100:
            raise UsageError(f"expected a name of 1 to 100 characters, got {self.name!r}")

    def _check_numbers(self) -> None:
        limits = {
            "repetitions": (1, 100),
            "blocks": (1, 100),
            "orders": (1, 1000),
            "catch_trials": (0, 100),
        }
        limits |= {"size": (64, 2048), "refresh_hz": (24, 500), "seed": (0, 2**31)}
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise UsageError(
                    f"expected {name} from {least} to {most}, got {getattr(self, name)}"
                )

    def _check_times(self) -> None:
        if self.refresh_hz not in RATES_HZ:
            raise UsageError(
                f"expected refresh_hz of a screen ({', '.join(map(str, RATES_HZ))}), got {self.refresh_hz}"
            )
        for milliseconds in self.durations_ms:
            if not 0 < milliseconds <= 10_000:
                raise UsageError(
                    f"expected durations_ms above 0 and up to 10000, got {milliseconds:g}"
                )
            frames = whole_frames(milliseconds, self.refresh_hz, "a duration")
            if self.form == "clip" and frames < 3:
                raise UsageError(
                    f"a movement of {milliseconds:g} ms has {frames} frames at {self.refresh_hz} Hz, too few to rise "
                    'and fall: choose a longer one, a faster screen, or form = "jacbart"'
                )
        if self.held_frames < 0 or (self.held_frames == 0 and self.form in ("jacbart", "mett")):
            raise UsageError(
                f'form = "{self.form}" shows a neutral face before and after: expected neutral_ms above 0'
            )
        if self.mask != "none":
            if self.form in ("jacbart", "mett"):
                raise UsageError(
                    f'form = "{self.form}" masks by the neutral face: leave mask out, or take form = "bart"'
                )
            if not whole_frames(self.mask_ms, self.refresh_hz, "mask_ms"):
                raise UsageError("expected mask_ms above 0, got 0")

    def _check_answers(self) -> None:
        needed = (*self.expressions, NEUTRAL) if self.catch_trials else self.expressions
        if missing := [name for name in needed if name not in self.choices]:
            raise UsageError(
                f"expected the correct answers among answers, got none for {', '.join(missing)}"
            )
        if len(set(self.choices)) < len(self.choices):
            raise UsageError(f"expected answers, each once, got {', '.join(self.choices)}")
        if len(self.choices) < 2:
            raise UsageError(
                "expected two answers or more: add expressions, catch_trials or answers"
            )


_LISTS: Mapping[str, type] = {
    "expressions": str,
    "intensities": str,
    "durations_ms": float,
    "sides": str,
    "answers": str,
}
_TEXTS = ("portraits", "name", "form", "mask", "consent", "disclosure")
_NUMBERS = ("neutral_ms", "mask_ms")


def _typed(name: str, value: Any) -> Any:
    """Return a value of a file in the type of its field.

    Raises:
        UsageError: It has another type.
    """
    if name in _LISTS:
        return _list(name, value if isinstance(value, list) else [value])
    if name in _TEXTS:
        if not isinstance(value, (str, Path)):
            raise UsageError(f"expected {name} as text, got {value!r}")
        return Path(value) if name == "portraits" else value
    if name == "oval":
        if not isinstance(value, bool):
            raise UsageError(f"expected oval as true or false, got {value!r}")
        return value
    number = name in _NUMBERS
    if isinstance(value, bool) or not isinstance(value, (int, float) if number else int):
        kind = "number" if number else "whole number"
        raise UsageError(f"expected {name} as a {kind}, got {value!r}")
    return float(value) if number else value


def _list(name: str, values: list[Any]) -> tuple[Any, ...]:
    numbers = _LISTS[name] is float
    allowed = (int, float) if numbers else (str, int, float)
    for each in values:
        if isinstance(each, bool) or not isinstance(each, allowed):
            kind = "numbers" if numbers else "words"
            raise UsageError(f"expected {name} as a list of {kind}, got {each!r}")
    return tuple(float(each) if numbers else str(each) for each in values)
