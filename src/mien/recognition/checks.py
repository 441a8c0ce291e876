"""Refuse flow sets on which recognition cannot be evaluated fairly."""

from __future__ import annotations

from mien.datasets.names import STATISTICS_NAMES
from mien.errors import DatasetError
from mien.io.flow_sets import FlowSet
from mien.recognition.generated import codes_drawn_from
from mien.recognition.options import RecognitionOptions

FIGURE_NAMES = (
    *("model", "seeds", "full", "confusion", "leak", "without", "gain"),
    *("protocol", "parts"),
)
"""Keys of the result; no data set may have one of these names."""


def check_real(real: FlowSet) -> None:
    """Refuse real maps that cannot be tested by leaving out one subject at a time.

    Raises:
        DatasetError: A data set is named like a key of the result, a clip has no class, there is only
            one subject, or a class has clips of fewer than two subjects.
    """
    if taken := set(real.dataset.tolist()) & set(FIGURE_NAMES):
        raise DatasetError(
            f"expected data sets with names other than the result's keys, got {min(taken)!r}: rename it"
        )
    if unclassed := len(real) - sum(real.counts.values()):
        raise DatasetError(
            f"expected clips of the three classes, got {unclassed} of none: measure them without --coded"
        )
    if len(real.subjects) < 2:
        raise DatasetError(
            f"expected clips of two subjects or more to leave one out, got {len(real.subjects)}"
        )
    for name, count in real.counts.items():
        if not count:
            raise DatasetError(f"expected clips of every class, got none of class {name}")
    for number, name in enumerate(real.counts):
        people = set(real.subject[real.label == number].tolist())
        if len(people) == 1:
            raise DatasetError(
                f"expected {name} clips of two subjects or more, got only {people.pop()}'s: "
                "without that subject there is nothing to learn the class from"
            )


def check_codes(real: FlowSet, source: str) -> None:
    """Refuse maps that were generated from AU codes of a data set that is tested on.

    Args:
        real: The maps that are tested on.
        source: Where the generated maps come from; see `mien.recognition.generated.read_generated`.

    Raises:
        DatasetError: The maps have codes of a tested data set, or their record cannot be read.
    """
    codes = codes_drawn_from(source)
    tested = sorted(set(real.dataset.tolist()))
    if seen := [name for name in tested if STATISTICS_NAMES.get(name) in codes]:
        raise DatasetError(
            f"expected generated maps without AU codes of a tested data set, got codes of {seen[0]}: "
            "make a set of other data sets' codes with mien augment --datasets"
        )


def check_generated(real: FlowSet, generated: FlowSet, options: RecognitionOptions) -> None:
    """Refuse generated maps that leak test data, or that nothing can be learned from.

    Raises:
        DatasetError: A map shows a test subject or has no class, there are no maps, or, if only
            generated maps are trained on, a class has none.
    """
    if both := set(real.subjects) & set(generated.subjects):
        raise DatasetError(
            f"expected generated maps without a test subject, got {min(both)} in both sets"
        )
    if sum(generated.counts.values()) < len(generated):
        raise DatasetError("expected generated maps of the three classes, got some of none")
    if not len(generated):
        raise DatasetError("expected generated maps, got none")
    for name, count in generated.counts.items():
        if not count and options.train == "generated":
            raise DatasetError(
                f"expected generated maps of every class with --train generated, got none of {name}"
            )
