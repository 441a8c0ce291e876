"""Who is learned from and who is tested: leave one subject out, across data sets, or from a few people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from mien.errors import DatasetError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from mien.io.flow_sets import FlowSet
    from mien.recognition.types import Folds

_FEW = re.compile(r"few:(\d{1,6})")


@dataclass(frozen=True)
class Protocol:
    """How real clips are divided.

    Attributes:
        kind: ``loso`` leaves one subject out at a time; ``cross`` learns from one or several data sets and
            tests on the others; ``few`` learns from a few people, drawn by the seed, and tests on all others.
        people: How many, for ``few``.
    """

    kind: Literal["loso", "cross", "few"]
    people: int = 0

    @classmethod
    def parse(cls, text: str) -> Protocol:
        """Read ``loso``, ``cross`` or ``few:K``.

        Raises:
            UsageError: Anything else.
        """
        if text == "loso":
            return cls("loso")
        if text == "cross":
            return cls("cross")
        found = _FEW.fullmatch(text)
        if found is None or int(found[1]) < 1:
            raise UsageError(
                f"expected --protocol loso, cross or few:K with K of 1 or more, got {text}"
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
        train: The data sets that are learned from, for ``cross``; else empty.
        test: The data sets that are tested on, for ``cross``; else empty.
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


def parts_of(real: FlowSet, protocol: Protocol, seed: int) -> list[Part]:
    """Divide real clips.

    Args:
        real: The clips.
        protocol: How.
        seed: Which people are drawn, for ``few``.

    Returns:
        One part for ``loso`` and ``few``; for ``cross`` one for each single data set that is learned from, then,
        with three or more, one for each that is tested alone.

    Raises:
        DatasetError: Too few data sets or people.
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
        chosen = np.random.default_rng(seed).permutation(count)[: protocol.people]
        return [Part((), (), np.where(np.isin(person, chosen), -1, 0))]
    return _across(real)


def _across(real: FlowSet) -> list[Part]:
    import numpy as np

    names = tuple(np.unique(real.dataset).tolist())
    if len(names) < 2:
        raise DatasetError(
            f"expected clips of two data sets or more with --protocol cross, got only {names[0]}"
        )
    sizes = dict.fromkeys((1, len(names) - 1))
    parts = []
    for size in sizes:
        for train in combinations(names, size):
            test = tuple(name for name in names if name not in train)
            fold = np.where(np.isin(real.dataset, train), -1, 0)
            parts.append(Part(train, test, fold))
    return parts
