"""Functions name the option that a wrong keyword means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mien
from mien.common.clip_path import check_clip_path
from mien.common.option_names import from_keywords
from mien.errors import UnreadableImageError, UsageError
from mien.generate.options import ClipOptions
from mien.measure.options import MeasureOptions

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "augment": lambda **options: mien.augment("no", "no", **options),
    "batch": lambda **options: mien.batch("no", "no", **options),
    "evaluate_aus": lambda **options: mien.evaluate_aus("no", "no", **options),
    "evaluate_images": lambda **options: mien.evaluate_images("no", **options),
    "evaluate_motion": lambda **options: mien.evaluate_motion("no", "no", **options),
    "evaluate_reconstruction": lambda **options: mien.evaluate_reconstruction("no", **options),
    "flow_pairs": lambda **options: mien.flow_pairs("no", "no", **options),
    "flows": lambda **options: mien.flows("no", "no", **options),
    "generate": lambda **options: mien.generate("no", "no.mp4", **options),
    "measure": lambda **options: mien.measure("no", **options),
    "recode": lambda **options: mien.recode("no", "no", **options),
    "transfer": lambda **options: mien.transfer("no", "no", "no.mp4", **options),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_unknown_option_is_an_error_of_the_user(name: str) -> None:
    with pytest.raises(UsageError, match=rf"^mien\.{name} has no option 'zzz': expected "):
        FUNCTIONS[name](zzz=1)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("lead", "lead_seconds"),
        ("expresion", "expression"),
        ("FPS", "fps"),
        ("tail", "tail_seconds"),
    ],
)
def test_the_option_that_is_probably_meant_is_named(given: str, meant: str) -> None:
    with pytest.raises(UsageError) as error:
        from_keywords(ClipOptions, "mien.generate", {given: 1})
    assert str(error.value) == f"mien.generate has no option {given!r}: did you mean {meant}?"


def test_options_are_made_and_required_ones_are_asked_for() -> None:
    assert from_keywords(MeasureOptions, "f", {"face": 2}) == MeasureOptions(face=2)
    with pytest.raises(UsageError, match=r"mien\.augment needs the option 'count': give count="):
        mien.augment("no", "no")


@pytest.mark.parametrize("clip", [[np.zeros((4, 4, 3), np.uint8)], b"clip.mp4", None])
def test_a_clip_that_is_no_path_is_refused(clip: Any) -> None:
    with pytest.raises(UsageError, match=r"mien\.measure expects the path .* got .*open_sink"):
        mien.measure(clip)
    with pytest.raises(UsageError, match=r"mien\.transfer expects the path"):
        mien.transfer(clip, "face.png", "out.mp4")
    check_clip_path("clip.mp4", "f")


def test_a_portrait_that_is_no_picture_is_refused() -> None:
    wrong: Any = [1, 2]
    with pytest.raises(UnreadableImageError, match=r"expected a picture file, .* got list"):
        mien.generate(wrong, "no.mp4", expression="happiness")
