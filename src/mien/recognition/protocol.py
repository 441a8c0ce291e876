"""Which clips are for training and which are tested: leave one subject out, across data sets, or from a few people.

CD6ME (:mod:`mien.recognition.cd6me`) is also across data sets: it leaves one out at a time.
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
"""Most attempts to draw people who together show every class."""

_FEW = re.compile(r"few:(\d{1,6})")


@dataclass(frozen=True)
class Protocol:
    """How real clips are divided.

    Attributes:
        kind: ``loso`` leaves one subject out at a time; ``cross`` learns from one or several data sets and
            tests on the others; ``few`` learns from a few people, drawn by the seed, and tests on all others; ``cd6me``
            leaves one data set out at a time.
        people: Number of people to train on, for ``few``; else 0.
    """

    kind: Kind
    people: int = 0

    @classmethod
    def parse(cls, text: str) -> Protocol:
        """Read ``loso``, ``cross``, ``few:K`` or ``cd6me``.

        Raises:
            UsageError: The text is something else.
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
        train: The data sets to train on, for ``cross`` and ``cd6me``; else empty.
        test: The data sets that are tested, for ``cross`` and ``cd6me``; else empty.
        fold: (samples,) each clip's fold. The clips of a fold are scored by a model that is trained on the clips of
            all other folds. Clips of fold -1 are training clips of every fold and are never tested.
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
        protocol: How to divide them.
        seed: Seed of the draw of people, for ``few``.
        label: (samples,) classes, for ``few``: people are drawn until together they show every class.

    Returns:
        One part for ``loso`` and ``few``. For ``cross`` one part for each data set as the only one to train on; with
        three or more data sets then also one for each as the only one that is tested. For ``cd6me`` one part for each
        data set as the only one that is tested.

    Raises:
        DatasetError: There are too few data sets or people, or no drawn people show all classes.
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
        f"expected few:K people who together show every class, got none for K = {people}: give a larger K"
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
    # Reversed, the data sets that are left out are in the order of their names.
    return parts[::-1] if protocol.kind == "cd6me" else parts
