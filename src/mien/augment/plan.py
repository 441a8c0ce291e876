"""Plan the clips of a data set: portrait, expression, timing and split of each. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mien.au.checks import check_scaled_peaks
from mien.au.emotions import LABEL_OF_EMOTION, LABELS, Label
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.sampler import sample_expression
from mien.au.statistics import statistics_table
from mien.augment.options import AugmentOptions
from mien.datasets.sample import Sample
from mien.errors import UsageError
from mien.render.film import Film

MAX_DRAWS = 1000
"""After this many draws that the engine cannot show, the data set is refused."""

LIDS_AU = "AU45"
"""The AU of lids that sink by themselves, as they do in films."""

LIDS_CHANCE = 0.4
"""Share of clips in which the lids sink by themselves, as in flow maps from the rig."""

LIDS_INTENSITY = (0.2, 1.2)
"""Range of the intensity of `LIDS_AU` at the apex."""


@dataclass(frozen=True)
class PlannedClip:
    """One clip to be made.

    Attributes:
        name: The clip's file stem.
        subject: Index of its portrait.
        split: ``train`` or ``val``, the split of its portrait.
        label: One of the three classes.
        emotion: The emotion that it shows.
        expression: The AUs as they were drawn, before ``strength``; None if ``driver`` is given.
        strength: Factor of all intensities of ``expression``, or of the driver's motion.
        lids: Intensity of AU45 by which the lids sink by themselves; 0 if they do not. ``strength`` does not apply.
        mover: Index of the portrait that the rig moves to make the driver; None for engines that are moved by AUs
            and for given drivers.
        driver: The given clip whose motion is used; None if there is none.
        film: The effects of filming that are added; None for none.
        seed: Number of the clip, from which its random numbers are drawn.
    """

    name: str
    subject: int
    split: str
    label: Label
    emotion: str
    expression: Expression | None
    strength: float
    lids: float
    mover: int | None
    driver: Sample | None
    film: Film | None
    seed: int

    @property
    def scaled(self) -> Expression | None:
        """The expression with its intensities times the strength; None if a driver is given."""
        if self.expression is None or self.strength == 1.0:
            return self.expression
        return self.expression.scaled(self.strength)

    @property
    def shown(self) -> Expression | None:
        """All AUs of the clip: those of the scaled expression, and of the lids; None if a driver is given."""
        expression = self.scaled
        if expression is None or not self.lids:
            return expression
        first = expression.envelopes[0]
        times = (first.onset_seconds, first.apex_start_seconds, first.apex_end_seconds)
        blink = Envelope(LIDS_AU, *times, first.offset_seconds, self.lids, first.shape)
        return Expression((*expression.envelopes, blink), expression.name)


def plan_clips(
    options: AugmentOptions,
    portraits: int,
    drivers: Sequence[Sample] = (),
    knows: Callable[[tuple[str, ...]], bool] = lambda aus: True,
) -> tuple[PlannedClip, ...]:
    """Plan the clips of a data set.

    Clip i depends only on the options, the number of portraits and i. So a larger count adds clips and changes none.

    Args:
        options: How the data set is made.
        portraits: Number of portraits, one for each person.
        drivers: The clips of ``options.drivers`` that have a label and an apex; empty if AUs are drawn.
        knows: Returns whether the engine can show a combination of AUs. Other combinations are drawn again.

    Raises:
        UsageError: Too few portraits, an unknown emotion or data set, an emotion without a class, or no
            combination that the engine can show.
        BadTrackError: The strength takes an AU of a clip over 5. The message names the largest strength
            possible.
    """
    planner = ClipPlanner(options, split_portraits(options, portraits), drivers, knows)
    plan = tuple(planner.clip(number) for number in range(options.count))
    _check_strength(options.strength, plan)
    return plan


class ClipPlanner:
    """Plan single clips by their numbers, in any order.

    Args:
        options: How the data set is made; ``count`` is not used.
        splits: The split of each portrait.
        drivers: As `plan_clips` takes them.
        knows: As `plan_clips` takes it.

    Raises:
        UsageError: As `plan_clips` does.
    """

    def __init__(
        self,
        options: AugmentOptions,
        splits: Sequence[str],
        drivers: Sequence[Sample] = (),
        knows: Callable[[tuple[str, ...]], bool] = lambda aus: True,
    ) -> None:
        self._options = options
        self._splits = splits
        self._knows = knows
        self._of_driver = _driver_choices(options, drivers) if drivers else {}
        self._of_emotion = {} if drivers else _emotion_choices(options)
        self.labels: tuple[Label, ...] = tuple(
            label for label in LABELS if self._of_driver.get(label) or self._of_emotion.get(label)
        )
        """The classes that take turns."""
        self.order: tuple[int, ...] = tuple(
            np.random.default_rng([options.seed, 1]).permutation(len(splits)).tolist()
        )
        """The portraits in the order in which they take turns."""

    def clip(
        self, number: int, subject: int | None = None, label: Label | None = None
    ) -> PlannedClip:
        """Plan a clip.

        Args:
            number: Its number, from 0.
            subject: Index of its portrait; None to take portraits in rotation.
            label: Its class, one of `labels`; None to take classes in rotation.

        Raises:
            UsageError: The engine can show no combination of AUs.
        """
        options, labels = self._options, self.labels
        rng = np.random.default_rng([options.seed, 2, number])
        if label is None:
            label = labels[number % len(labels)]
        if subject is None:
            subject = self.order[number // len(labels) % len(self.order)]
        split = self._splits[subject]
        driver, expression, mover, lids = None, None, None, 0.0
        if self._of_driver:
            driver = self._of_driver[label][int(rng.integers(len(self._of_driver[label])))]
            emotion = driver.emotion or label
        else:
            choices = self._of_emotion[label]
            emotion, expression = _drawn(options, label, choices, rng, self._knows)
            lids = _lids(options, expression, rng, self._knows)
            if not options.spec.uses_aus:
                mover = self._other(subject, rng)
        film = Film.drawn(rng) if options.film else None
        return PlannedClip(
            f"{options.engine}-{options.seed}-{number:06d}",
            *(subject, split, label, emotion, expression, options.strength, lids),
            *(mover, driver, film, number),
        )

    def _other(self, subject: int, rng: np.random.Generator) -> int:
        """Draw another portrait of the same split."""
        same = [i for i, split in enumerate(self._splits) if split == self._splits[subject]]
        same.remove(subject)
        return same[int(rng.integers(len(same)))]


def split_portraits(options: AugmentOptions, portraits: int) -> tuple[str, ...]:
    """Return the split of each portrait, ``train`` or ``val``.

    Args:
        options: The share of the validation split, and the seed.
        portraits: Number of portraits.

    Raises:
        UsageError: Too few portraits for the share, or for making a driver from another portrait of the split.
    """
    held = round(options.validation * portraits)
    if options.validation and held in (0, portraits):
        raise UsageError(
            f"expected portraits for both splits with --validation {options.validation:g}, got "
            f"{portraits}"
        )
    needs = 1 if options.spec.uses_aus or options.drivers is not None else 2
    if min(count for count in (held or needs, portraits - held)) < needs:
        raise UsageError(
            f"expected {needs} portraits or more in each split with --engine {options.engine}, whose "
            f"driver is made from another portrait, got {portraits - held} and {held}"
        )
    order = np.random.default_rng([options.seed, 3]).permutation(portraits)
    chosen = set(order[:held].tolist())
    return tuple("val" if index in chosen else "train" for index in range(portraits))


def _check_strength(strength: float, plan: Sequence[PlannedClip]) -> None:
    """Refuse a strength that takes an AU of any clip over 5.

    Raises:
        BadTrackError: The message names the AU and the largest strength possible.
    """
    peaks: dict[str, float] = {}
    for clip in plan:
        for envelope in clip.expression.envelopes if clip.expression else ():
            peaks[envelope.au] = max(envelope.peak_intensity, peaks.get(envelope.au, 0.0))
    if peaks:
        check_scaled_peaks(peaks, strength)


def _emotion_choices(options: AugmentOptions) -> dict[Label, list[tuple[str, float]]]:
    """Return the emotions of each class, and how often each was coded."""
    table = statistics_table()
    asked = tuple(name.casefold() for name in options.emotions)
    for name in asked:
        if LABEL_OF_EMOTION.get(name) is None:
            known = [e for e in table.emotions if LABEL_OF_EMOTION.get(e)]
            raise UsageError(f"expected --emotions among {', '.join(known)}, got {name!r}")
    choices: dict[Label, list[tuple[str, float]]] = {label: [] for label in LABELS}
    for emotion in table.emotions:
        label = LABEL_OF_EMOTION.get(emotion)
        if label is None or (asked and emotion not in asked):
            continue
        try:
            found = table.select(emotion, options.datasets)
        except UsageError:
            if emotion in asked or not _known(options.datasets):
                raise
            continue
        rows = sum(c.rows for combinations in found.values() for c in combinations)
        choices[label].append((emotion, float(rows)))
    return choices


def _known(datasets: Sequence[str]) -> bool:
    known = {name.casefold() for name in statistics_table().datasets}
    return all(name.strip().casefold() in known for name in datasets)


def _driver_choices(
    options: AugmentOptions, drivers: Sequence[Sample]
) -> dict[Label, list[Sample]]:
    asked = {name.casefold() for name in options.emotions}
    choices: dict[Label, list[Sample]] = {label: [] for label in LABELS}
    for sample in drivers:
        if sample.label is not None and (not asked or asked & set(sample.emotions)):
            choices[sample.label].append(sample)
    if not any(choices.values()):
        raise UsageError(
            f"expected drivers of {', '.join(options.emotions) or 'the three classes'}, got none"
        )
    return choices


def _drawn(
    options: AugmentOptions,
    label: Label,
    choices: Sequence[tuple[str, float]],
    rng: np.random.Generator,
    knows: Callable[[tuple[str, ...]], bool],
) -> tuple[str, Expression]:
    shares = np.cumsum([weight for _, weight in choices])
    for _ in range(MAX_DRAWS):
        emotion = choices[int(np.searchsorted(shares, rng.random() * shares[-1], "right"))][0]
        has = tuple(statistics_table().select(emotion, options.datasets))
        expression = sample_expression(emotion, int(rng.integers(2**31)), has)
        if knows(expression.au_names):
            return emotion, expression
    raise UsageError(
        f"expected {label} combinations that --engine {options.engine} can show, got none"
    )


def _lids(
    options: AugmentOptions,
    expression: Expression,
    rng: np.random.Generator,
    knows: Callable[[tuple[str, ...]], bool],
) -> float:
    """Draw how far the lids sink, AU45; 0 if the expression moves them or the engine cannot."""
    moves = options.film and rng.random() < LIDS_CHANCE
    if not moves or any(name.startswith(("AU43", "AU45", "AU46")) for name in expression.au_names):
        return 0.0
    # Drawn in any case, so that later draws do not depend on the engine.
    lids = round(float(rng.uniform(*LIDS_INTENSITY)), 3)
    return lids if knows((*expression.au_names, LIDS_AU)) else 0.0
