"""Check option values when options are made, before any slow work.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from numbers import Integral
from typing import TYPE_CHECKING, SupportsFloat

from mien.errors import UsageError
from mien.io.plain_values import plain_value

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def make_plain(options: DataclassInstance) -> None:
    """Replace NumPy's scalars in the fields of options by plain Python values, so that JSON can hold them.

    Args:
        options: A dataclass, frozen or not; changed in place.
    """
    for each in fields(options):
        object.__setattr__(options, each.name, plain_value(getattr(options, each.name)))


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
    """Return words as people list them: ``a, b or c``."""
    return f"{', '.join(words[:-1])} or {words[-1]}"
