"""Convert the values of a design's file to the types of the design's fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.errors import UsageError

_LISTS: Mapping[str, type] = {
    "expressions": str,
    "intensities": str,
    "durations_ms": float,
    "sides": str,
    "backgrounds": str,
    "answers": str,
    "programs": str,
}
_TEXTS = ("portraits", "name", "form", "mask", "consent", "disclosure")
_SWITCHES = ("oval", "photodiode")
_NUMBERS = ("neutral_ms", "mask_ms")


def typed(name: str, value: Any) -> Any:
    """Convert a value of a file to the type of its field.

    Raises:
        UsageError: The value has another type.
    """
    if name in _LISTS:
        return _list(name, value if isinstance(value, list) else [value])
    if name in _TEXTS:
        if not isinstance(value, (str, Path)):
            raise UsageError(f"expected {name} as text, got {value!r}")
        return Path(value) if name == "portraits" else value
    if name in _SWITCHES:
        if not isinstance(value, bool):
            raise UsageError(f"expected {name} as true or false, got {value!r}")
        return value
    if name == "background_intensity":
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise UsageError(f"expected {name} as a level A to E or a number, got {value!r}")
        return str(value)
    number = name in _NUMBERS
    if isinstance(value, bool) or not isinstance(value, (int, float) if number else int):
        kind = "number" if number else "whole number"
        raise UsageError(f"expected {name} as a {kind}, got {value!r}")
    return float(value) if number else value


def _list(name: str, values: list[Any]) -> tuple[Any, ...]:
    numbers = _LISTS[name] is float
    allowed = (int, float) if numbers else (str, int, float)
    for each in values:
        if isinstance(each, bool) or not isinstance(each, allowed):
            kind = "numbers" if numbers else "words"
            raise UsageError(f"expected {name} as a list of {kind}, got {each!r}")
    return tuple(float(each) if numbers else str(each) for each in values)
