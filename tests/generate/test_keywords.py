"""The typed keywords of the public functions are the fields of their options."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import get_type_hints

import pytest

import mien
from mien.augment.keywords import AugmentKeywords
from mien.augment.options import AugmentOptions
from mien.generate.keywords import ClipKeywords, RenderKeywords
from mien.generate.options import ClipOptions, RenderOptions
from mien.transfer.keywords import TransferKeywords
from mien.transfer.options import TransferOptions


@pytest.mark.parametrize(
    ("keywords", "options"),
    [
        (ClipKeywords, ClipOptions),
        (RenderKeywords, RenderOptions),
        (TransferKeywords, TransferOptions),
        (AugmentKeywords, AugmentOptions),
    ],
)
def test_keywords_are_the_options_fields(keywords: type, options: type) -> None:
    assert set(get_type_hints(keywords)) == {field.name for field in fields(options)}


def test_no_public_function_takes_anything() -> None:
    for name in mien.__all__:
        made = getattr(mien, name)
        if inspect.isfunction(made):
            for parameter in inspect.signature(made).parameters.values():
                assert str(parameter.annotation) != "Any", f"{name}({parameter})"
