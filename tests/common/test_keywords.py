"""Functions take options as typed keywords: a mirror of each dataclass, which must not drift."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from mien.common.cut_options import CutKeywords, CutOptions
from mien.errors import UsageError
from mien.evaluate.motion import evaluate_motion
from mien.evaluate.options import EvaluateKeywords, EvaluateOptions
from mien.flows import flows
from mien.flows.options import FlowsKeywords, FlowsOptions
from mien.measure import measure
from mien.measure.options import MeasureKeywords, MeasureOptions
from mien.recode import recode
from mien.recode.options import RecodeKeywords, RecodeOptions


@pytest.mark.parametrize(
    ("options", "keywords"),
    [
        (CutOptions, CutKeywords),
        (MeasureOptions, MeasureKeywords),
        (EvaluateOptions, EvaluateKeywords),
        (FlowsOptions, FlowsKeywords),
        (RecodeOptions, RecodeKeywords),
    ],
)
def test_keywords_mirror_the_options(options: type[Any], keywords: type[Any]) -> None:
    hints = get_type_hints(options)
    assert get_type_hints(keywords) == {field.name: hints[field.name] for field in fields(options)}
    assert not keywords.__required_keys__


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        (lambda **options: measure("no such clip", **options), {"face": 0}),
        (lambda **options: evaluate_motion("no", "no", **options), {"scale": "half"}),
        (lambda **options: flows("no such set", "no", **options), {"flow": "farneback"}),
        (lambda **options: recode("no.csv", "no.csv", **options), {"mode": "nonsense"}),
    ],
)
def test_options_are_checked_before_any_work(
    function: Callable[..., Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match=f"--{next(iter(wrong))}"):
        function(**wrong)


@pytest.mark.parametrize(
    ("function", "keywords"),
    [
        (measure, "MeasureKeywords"),
        (evaluate_motion, "EvaluateKeywords"),
        (flows, "FlowsKeywords"),
        (recode, "RecodeKeywords"),
    ],
)
def test_functions_take_these_keywords(function: Callable[..., Any], keywords: str) -> None:
    assert inspect.signature(function).parameters["options"].annotation == f"Unpack[{keywords}]"
