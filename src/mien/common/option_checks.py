"""Check option values when options are made, before any slow work.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from numbers import Integral
from typing import TYPE_CHECKING, SupportsFloat, get_args, get_type_hints

from mien.errors import UsageError
from mien.io.json_file import MAX_WHOLE
from mien.io.plain_values import plain_value

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


_KINDS = {int: "a whole number", float: "a number", bool: "true or false"}


def make_plain(options: DataclassInstance) -> None:
    """Replace NumPy's scalars in the fields of options by plain Python values, so that JSON can hold them.

    Args:
        options: A dataclass, frozen or not; changed in place.

    Raises:
        UsageError: A value of another type than its field, such as text for a number, as a project file may have.
    """
    for each in fields(options):
        object.__setattr__(options, each.name, plain_value(getattr(options, each.name)))
    for name, kinds in _numeric_fields(type(options)).items():
        value = getattr(options, name)
        if type(value) not in kinds and not (type(value) is int and float in kinds):
            wanted = " or ".join(_KINDS[kind] for kind in kinds if kind in _KINDS)
            raise UsageError(f"expected --{name.replace('_', '-')} as {wanted}, got {value!r}")
        if type(value) is int and abs(value) > MAX_WHOLE:
            raise UsageError(
                f"expected --{name.replace('_', '-')} up to 2**63, got {value!r:.40}..."
            )


@cache
def _numeric_fields(options: type[DataclassInstance]) -> dict[str, tuple[type, ...]]:
    """Return the fields that can hold only numbers, bools or None, each with its possible types."""
    found = {}
    for name, hint in get_type_hints(options).items():
        kinds = (hint,) if isinstance(hint, type) else get_args(hint)
        if kinds and all(kind in (*_KINDS, type(None)) for kind in kinds):
            found[name] = kinds
    return {each.name: found[each.name] for each in fields(options) if each.name in found}


def check_choice(option: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse a value that is not one of the allowed words.

    Args:
        option: The option as users type it, such as ``--mode``.
        value: The given value.
        allowed: All valid values, two or more.

    Raises:
        UsageError: Another value; the message lists the allowed ones.
    """
    if value not in allowed:
        raise UsageError(f"expected {option} {either(allowed)}, got {value!r}")


def check_number(option: str, value: object, least: float, most: float = math.inf) -> None:
    """Refuse a value that is not a finite number from ``least`` to ``most``, both included.

    Args:
        option: The option as users type it, such as ``--strength``.
        value: The given value.
        least: Smallest number allowed.
        most: Largest number allowed.

    Raises:
        UsageError: Another value, such as NaN.
    """
    number = math.nan
    if isinstance(value, SupportsFloat) and not isinstance(value, bool):
        number = float(value)
    if not (least <= number <= most and math.isfinite(number)):
        wanted = f"of {least:g} or more" if most == math.inf else f"from {least:g} to {most:g}"
        raise UsageError(f"expected {option} {wanted}, got {value!r}")


def check_scale(option: str, value: object) -> None:
    """Refuse a scale that is not above 0 and at most 5; None is allowed.

    Args:
        option: The option as users type it, such as ``--scale``.
        value: The FACS intensity that other values stand for, or None.

    Raises:
        UsageError: Another value.
    """
    if value is None:
        return
    if not (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 5):
        raise UsageError(f"expected {option} above 0 and up to 5, got {value!r}")


def check_whole(option: str, value: object, least: int) -> None:
    """Refuse a value that is not a whole number of ``least`` or more.

    Args:
        option: The option as users type it, such as ``--seeds``.
        value: The given value.
        least: Smallest number allowed.

    Raises:
        UsageError: Another value, such as 2.5 or True.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise UsageError(f"expected {option} of {least} or more (a whole number), got {value!r}")


def either(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``a, b or c``."""
    return f"{', '.join(words[:-1])} or {words[-1]}"
