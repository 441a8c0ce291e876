from __future__ import annotations

from dataclasses import fields

import pytest

from mien.errors import UsageError
from mien.flow_pairs.options import FlowPairsKeywords, FlowPairsOptions


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"count": 0}, "--count of 1 or more"),
        ({"count": 2.5}, "--count as a whole number, got 2.5"),
        ({"count": 1, "seed": -1}, "--seed of 0 or more"),
        ({"count": 1, "size": 63}, "--size of 64 or more"),
        ({"count": 1, "size": 2049}, "--size from 64 to 2048, got 2049"),
        ({"count": 1, "validation": 1.0}, "--validation from 0 to below 1, got 1"),
    ],
)
def test_values_out_of_range(wrong: dict[str, float], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        FlowPairsOptions(**wrong)  # type: ignore[arg-type]


def test_keywords_are_the_fields() -> None:
    assert list(FlowPairsKeywords.__annotations__) == [f.name for f in fields(FlowPairsOptions)]
