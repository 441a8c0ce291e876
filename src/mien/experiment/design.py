"""The design of a recognition task: what is shown, in which form and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from mien.au.catalog import Side
from mien.au.intensity import parse_intensity
from mien.au.presets import PRESETS
from mien.errors import UsageError
from mien.experiment.design_values import typed
from mien.experiment.screen import RATES_HZ, whole_frames
from mien.generate.look_options import LookOptions, MaskKind
from mien.stimuli.neutral import NEUTRAL

Form: TypeAlias = Literal["clip", "jacbart", "bart", "mett"]
"""How a trial shows an expression.

``clip``: a movement that rises and falls, between the neutral face before and after. ``jacbart``: a still picture of
the apex, between the same neutral face before and after. ``bart``: a still picture of the apex alone. ``mett``: as
``jacbart``, after a training block with feedback.
"""

Program: TypeAlias = Literal["jspsych", "psychopy", "opensesame", "gorilla", "qualtrics"]
"""A program that shows a study."""

WITHOUT_CLIPS: tuple[Program, ...] = ("jspsych", "psychopy", "opensesame")
"""Programs that show the stimuli's pictures frame by frame; the others need a clip of each trial."""

MOST_KEYS = 35
"""Largest number of answers in programs with keyboard input, whose keys are 1 to 9 and A to Z."""

NEUTRAL_MS: Mapping[Form, float] = {"clip": 500, "jacbart": 1000, "bart": 0, "mett": 1000}
"""Default time of the neutral face before and after the expression, milliseconds."""

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
        name: The study's name.
        form: How a trial shows an expression.
        intensities: Peak intensities: FACS levels ``A`` to ``E`` or numbers.
        durations_ms: Time from onset to offset, or of the still picture.
        sides: ``both``, ``left``, ``right``.
        backgrounds: What the face holds before, during and after the expression: ``neutral`` or ready expressions.
        background_intensity: FACS level or number of the backgrounds.
        neutral_ms: Time of the neutral face, before and again after the expression; None for the form's default.
        mask: What follows the expression: ``none``, ``noise``, ``scramble``.
        mask_ms: Time of the mask.
        size: Width and height of the pictures in pixels.
        oval: Show the face in an oval.
        catch_trials: Number of neutral trials, in which nothing moves, for each face and duration.
        answers: The answers that are offered; None for the expressions, and ``neutral`` if there are catch trials.
        repetitions: How often each stimulus is shown.
        blocks: Number of blocks, with a pause between two blocks.
        orders: Number of random orders, which are used for the participants in turn.
        seed: Seed of the orders.
        refresh_hz: Refresh rate of the screen.
        consent: What participants agree to, before the task.
        disclosure: When participants are told that the faces are synthetic: ``before`` or ``after``.
        programs: The programs for which files are written.
        photodiode: Show a white square in a corner of the screen while the expression is shown.

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
    backgrounds: tuple[str, ...] = (NEUTRAL,)
    background_intensity: str = "B"
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
    programs: tuple[Program, ...] = WITHOUT_CLIPS
    photodiode: bool = False

    def __post_init__(self) -> None:
        self._check_words()
        self._check_numbers()
        self._check_times()
        self._check_answers()
        self._check_programs()

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Design:
        """Return a design from the values of a file.

        Raises:
            UsageError: A key is unknown or missing, or a value has another type.
        """
        known = {each.name: each for each in fields(cls)}
        if strange := sorted(set(values) - set(known)):
            raise UsageError(
                f"unknown key {strange[0]}{_meant(strange[0], known)}: expected {', '.join(known)}"
            )
        for name in ("portraits", "expressions"):
            if name not in values:
                raise UsageError(f"expected the key {name}, got none")
        return cls(**{name: typed(name, value) for name, value in values.items()})

    @property
    def held_frames(self) -> int:
        """Number of frames of the neutral face before the expression, and again after it."""
        own = NEUTRAL_MS[self.form] if self.neutral_ms is None else self.neutral_ms
        return whole_frames(own, self.refresh_hz, "neutral_ms")

    @property
    def is_still(self) -> bool:
        """Whether a trial shows a still picture of the apex."""
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
                raise UsageError(
                    f"unknown expression {name!r}{_meant(name, PRESETS)}: expected {', '.join(PRESETS)}"
                )
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
        for name in self.backgrounds:
            if name != NEUTRAL and name not in PRESETS:
                raise UsageError(
                    f"expected backgrounds among {NEUTRAL}, {', '.join(PRESETS)}, got {name!r}"
                )
        for name in _EACH_ONCE:
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
        if not parse_intensity(self.background_intensity):
            raise UsageError(
                "expected background_intensity above 0, got 0: leave backgrounds out for neutral faces"
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

        if self.size % 2:
            raise UsageError(
                f"expected size as an even number, which video formats need, got {self.size}"
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

    def _check_programs(self) -> None:
        for program in self.programs:
            if program not in get_args(Program):
                raise UsageError(
                    f"expected programs among {', '.join(get_args(Program))}, got {program!r}"
                )
        by_keys = [each for each in self.programs if each in ("psychopy", "opensesame")]
        if by_keys and len(self.choices) > MOST_KEYS:
            raise UsageError(
                f"{by_keys[0]} asks by the keyboard, with keys for {MOST_KEYS} answers, got {len(self.choices)}: offer "
                "fewer answers, or leave it out of programs"
            )


_EACH_ONCE = ("expressions", "intensities", "durations_ms", "sides", "backgrounds", "programs")


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
