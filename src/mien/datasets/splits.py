"""Split clips by person, and check that nobody is in two parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mien.errors import DatasetError


@dataclass(frozen=True)
class Split:
    """A training part and a test part.

    Attributes:
        name: The person that is left out, or ``fold 0``.
        train: Indices of clips, sorted.
        test: Indices of clips, sorted.

    Raises:
        DatasetError: An empty part, or a clip in both.
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
    """Make one split for each person, whose clips are the test part.

    Args:
        people: The person in each clip, unique among all data sets
            (:attr:`mien.datasets.sample.Sample.person`).

    Returns:
        The splits, ordered by name.

    Raises:
        DatasetError: Fewer than two people.
    """
    return subject_folds(people, {person: person for person in set(people)})


def balanced_folds(people: Sequence[str], folds: int, seed: int = 0) -> tuple[Split, ...]:
    """Split into folds with nearly equal numbers of clips, each person in one fold.

    People are sorted by their number of clips, largest first, and each is assigned to the fold with
    the fewest clips so far. The seed shuffles people with equal numbers of clips.

    Raises:
        DatasetError: Fewer than two folds, or more folds than people.
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
    """Make one split for each fold, given the fold of each person.

    Raises:
        DatasetError: A person without a fold, or fewer than two folds.
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
        **parts: The people in each part's clips, by the part's name.

    Raises:
        DatasetError: A person is in two parts.
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
