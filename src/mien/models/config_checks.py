"""Check the types and bounds of the values in a network's config, which may come from a file."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from mien.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LARGEST = {"image_px": 1024, "scale": 64, "mask_kernel": 63, "layers": 16}
"""Largest value of some fields of whole numbers, by field name."""

LARGEST_COUNT = 64
"""Largest number of blocks, halvings and modes, the fields whose names end in one of `COUNTS`."""
COUNTS = ("blocks", "downs", "modes")

LARGEST_SIZE = 16_384
"""Largest of all other whole numbers, such as channels."""

MOST_ITEMS = 256
"""Most items of a list, such as AUs."""


def check_config(config: DataclassInstance) -> None:
    """Refuse a config with a value of another type than its field, or larger than any network needs.

    This runs before a network is built, so that a file cannot make Mien allocate terabytes.

    Args:
        config: A dataclass with fields of whole numbers, numbers, texts, bools and tuples.

    Raises:
        UsageError: A value of a wrong type, a number that is too large or not finite, or a tuple that is too long.
    """
    for name, kinds in _kinds(type(config)).items():
        _check(name, getattr(config, name), kinds)


@cache
def _kinds(config: type[DataclassInstance]) -> dict[str, frozenset[type]]:
    """Return which of int, float, bool, tuple and NoneType each field accepts; str if it accepts none of them."""
    hints = get_type_hints(config)
    simple = (int, float, bool, type(None))
    found = {}
    for each in fields(config):
        hint: Any = hints[each.name]
        parts = [hint] if hint in simple else get_args(hint)
        kinds = {part for part in parts if part in simple}
        if getattr(hint, "__origin__", None) is tuple:
            kinds = {tuple}
        found[each.name] = frozenset(kinds or {str})
    return found


def _check(name: str, value: object, kinds: frozenset[type]) -> None:
    if type(value) is int and float in kinds:
        value = float(value)
    if type(value) not in kinds:
        wanted = " or ".join(sorted(kind.__name__ for kind in kinds))
        raise UsageError(f"expected {name} of kind {wanted}, got {value!r}")
    if type(value) is int:
        most = LARGEST.get(name, LARGEST_COUNT if name.endswith(COUNTS) else LARGEST_SIZE)
        if value > most:
            raise UsageError(f"expected {name} of at most {most}, got {value}")
    elif isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"expected a finite {name}, got {value}")
    elif isinstance(value, tuple):
        if len(value) > MOST_ITEMS:
            raise UsageError(f"expected at most {MOST_ITEMS} {name}, got {len(value)}")
        for item in value:
            if type(item) is int and item > LARGEST_SIZE:
                raise UsageError(f"expected {name} of at most {LARGEST_SIZE}, got {item}")
