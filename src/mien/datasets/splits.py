"""Splits by person: nobody is in two parts of a split, and that is checked each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mien.errors import DatasetError


@dataclass(frozen=True)
class Split:
    """One part to train on and one to test on.

    Attributes:
        name: the person left out, or ``fold 0``.
        train: indices of clips, rising.
        test: indices of clips, rising.

    Raises:
        DatasetError: an empty part, or a clip in both.
    """

    name: str
    train: tuple[int, ...] = field(repr=False)
    test: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.train or not self.test:
            empty = "train" if not self.train else "test"
            raise DatasetError(f"split {self.name}: expected clips to {empty} on, got none")
        both = set(self.train) & set(self.test)
        if both:
            raise DatasetError(
                f"split {self.name}: expected each clip in one part, got clip {min(both)} in both"
            )


def leave_one_subject_out(people: Sequence[str]) -> tuple[Split, ...]:
    """Split once for each person, whose clips are the test part.

    Args:
        people: who each clip shows (:attr:`mien.datasets.sample.Sample.person`: a subject's own name
            is not unique among data sets).

    Returns:
        The splits in the order of the names.

    Raises:
        DatasetError: fewer than two people.
    """
    return subject_folds(people, {person: person for person in set(people)})


def balanced_folds(people: Sequence[str], folds: int, seed: int = 0) -> tuple[Split, ...]:
    """Split into folds with nearly equal numbers of clips, each person in one fold.

    The people with most clips are dealt first, each to the fold with fewest; the seed shuffles those
    with as many clips.

    Raises:
        DatasetError: fewer than two folds, or more folds than people.
    """
    clips = Counter(people)
    if not 2 <= folds <= len(clips):
        raise DatasetError(f"expected 2 to {len(clips)} folds (one a person), got {folds}")
    names = sorted(clips)
    order = [names[index] for index in np.random.default_rng(seed).permutation(len(names))]
    sizes = [0] * folds
    fold_of = {}
    for person in sorted(order, key=lambda person: -clips[person]):
        fold = sizes.index(min(sizes))
        sizes[fold] += clips[person]
        fold_of[person] = f"fold {fold}"
    return subject_folds(people, fold_of)


def subject_folds(people: Sequence[str], fold_of: dict[str, str]) -> tuple[Split, ...]:
    """Split by a given fold for each person.

    Raises:
        DatasetError: a person without a fold, or fewer than two folds.
    """
    for person in people:
        if person not in fold_of:
            raise DatasetError(f"expected a fold for each person, got none for {person}")
    folds = [fold_of[person] for person in people]
    if len(set(folds)) < 2:
        raise DatasetError(f"expected at least two folds, got {len(set(folds))}")
    splits = tuple(
        Split(
            name,
            tuple(index for index, fold in enumerate(folds) if fold != name),
            tuple(index for index, fold in enumerate(folds) if fold == name),
        )
        for name in sorted(set(folds))
    )
    for split in splits:
        check_disjoint(
            train=(people[index] for index in split.train),
            test=(people[index] for index in split.test),
        )
    return splits


def check_disjoint(**parts: Iterable[str]) -> None:
    """Refuse parts that share a person.

    Args:
        **parts: who each part's clips show, by the part's name.

    Raises:
        DatasetError: somebody is in two parts; the message names both and the person.
    """
    part_of: dict[str, str] = {}
    for part, people in parts.items():
        for person in sorted(set(people)):
            if person in part_of:
                raise DatasetError(
                    f"expected each subject in one part, got {person} in {part_of[person]} and "
                    f"in {part}"
                )
            part_of[person] = part
