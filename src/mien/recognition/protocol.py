"""Who is learned from and who is tested: leave one subject out, across data sets, or from a few people.

One division across data sets is CD6ME's (:mod:`mien.recognition.cd6me`): one data set is left out at a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Literal, TypeAlias

from mien.errors import DatasetError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from mien.io.flow_sets import FlowSet, LabelNumbers
    from mien.recognition.types import Folds

Kind: TypeAlias = Literal["loso", "cross", "few", "cd6me"]
"""A kind of division; see :class:`Protocol`."""

MOST_DRAWS = 1000
"""Draws of people until they show every class."""

_FEW = re.compile(r"few:(\d{1,6})")


@dataclass(frozen=True)
class Protocol:
    """How real clips are divided.

    Attributes:
        kind: ``loso`` leaves one subject out at a time; ``cross`` learns from one or several data sets and
            tests on the others; ``few`` learns from a few people, drawn by the seed, and tests on all others; ``cd6me``
            leaves one data set out at a time.
        people: How many, for ``few``.
    """

    kind: Kind
    people: int = 0

    @classmethod
    def parse(cls, text: str) -> Protocol:
        """Read ``loso``, ``cross``, ``few:K`` or ``cd6me``.

        Raises:
            UsageError: Anything else.
        """
        if text == "loso":
            return cls("loso")
        if text == "cross":
            return cls("cross")
        if text == "cd6me":
            return cls("cd6me")
        found = _FEW.fullmatch(text)
        if found is None or int(found[1]) < 1:
            raise UsageError(
                f"expected --protocol loso, cross, few:K with K of 1 or more, or for AUs cd6me, got {text}"
            )
        return cls("few", int(found[1]))

    @property
    def is_random(self) -> bool:
        """Whether seeds divide the clips differently."""
        return self.kind == "few"


@dataclass(frozen=True)
class Part:
    """One division of the clips into folds.

    Attributes:
        train: The data sets that are learned from, for ``cross`` and ``cd6me``; else empty.
        test: The data sets that are tested on, likewise.
        fold: (samples,) each clip's fold; clips of one fold are scored by a machine that learned from all
            other folds' clips. -1: learned from in each fold, and never tested.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]
    fold: Folds = field(repr=False)

    @property
    def tested(self) -> np.ndarray:
        """(samples,) bool: which clips are tested."""
        tested: np.ndarray = self.fold >= 0
        return tested


def parts_of(
    real: FlowSet, protocol: Protocol, seed: int, label: LabelNumbers | None = None
) -> list[Part]:
    """Divide real clips.

    Args:
        real: The clips.
        protocol: How.
        seed: Which people are drawn, for ``few``.
        label: (samples,) classes that the people who are drawn must all show between them, for ``few``; they are
            drawn again until they do.

    Returns:
        One part for ``loso`` and ``few``; for ``cross`` one for each single data set that is learned from, then,
        with three or more, one for each that is tested alone; for ``cd6me`` one for each that is tested.

    Raises:
        DatasetError: Too few data sets or people, or no such people who show all classes.
    """
    import numpy as np

    person = np.unique(real.subject, return_inverse=True)[1].astype(np.int64)
    if protocol.kind == "loso":
        if person.max() < 1:
            raise DatasetError("expected clips of two subjects or more to leave one out, got 1")
        return [Part((), (), person)]
    if protocol.kind == "few":
        count = int(person.max()) + 1
        if protocol.people >= count:
            raise DatasetError(
                f"expected few:K with K below {count}, the number of people, got {protocol.people}"
            )
        return [Part((), (), np.where(_drawn(person, protocol.people, seed, label), -1, 0))]
    return _across(real, protocol)


def _drawn(person: Folds, people: int, seed: int, label: LabelNumbers | None) -> np.ndarray:
    """Return (samples,) bool: the clips of the people who are drawn."""
    import numpy as np

    rng = np.random.default_rng(seed)
    wanted = set() if label is None else set(label.tolist())
    for _ in range(MOST_DRAWS):
        drawn = np.isin(person, rng.permutation(int(person.max()) + 1)[:people])
        if label is None or set(label[drawn].tolist()) == wanted:
            return drawn
    raise DatasetError(
        f"expected few:K people who show every class between them, got none of {people}: a larger K"
    )


def _across(real: FlowSet, protocol: Protocol) -> list[Part]:
    import numpy as np

    names = tuple(np.unique(real.dataset).tolist())
    if len(names) < 2:
        raise DatasetError(
            f"expected clips of two data sets or more with --protocol {protocol.kind}, got only {names[0]}"
        )
    rest = len(names) - 1
    sizes = [rest] if protocol.kind == "cd6me" else dict.fromkeys((1, rest))
    parts = []
    for size in sizes:
        for train in combinations(names, size):
            test = tuple(name for name in names if name not in train)
            fold = np.where(np.isin(real.dataset, train), -1, 0)
            parts.append(Part(train, test, fold))
    # Then the data sets that are left out are in order.
    return parts[::-1] if protocol.kind == "cd6me" else parts
