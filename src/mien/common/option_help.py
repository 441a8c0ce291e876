"""Helpers that define options of the command line: help, placeholder, and how values are read.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import tyro
from tyro.constructors import PrimitiveConstructorSpec

from mien.errors import UsageError

FaceChoice: TypeAlias = int | Literal["largest"] | None
"""Which of several faces: its number from the left, from 1, or the largest; None for the only one."""


def option(metavar: str, name: str | None = None, help: str | None = None) -> Any:
    """Describe an option; its help shows the default unless that is empty or None.

    Args:
        metavar: Placeholder of the value, such as ``SECONDS``.
        name: The option's name without dashes; None for the field's name.
        help: The help text; None for the field's docstring.
    """
    return tyro.conf.arg(
        name=name,
        metavar=metavar,
        help=help,
        help_behavior_hint=lambda default: (
            "" if default in ("", "None") else f"(default: {default})"
        ),
    )


def as_text(metavar: str) -> PrimitiveConstructorSpec[Any]:
    """Read an option as text, for a field that can hold values of several types in Python."""
    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=metavar,
        instance_from_str=lambda words: words[0],
        is_instance=lambda value: isinstance(value, str | float | Fraction | int | None),
        str_from_instance=lambda value: [str(value)],
    )


MOST_DIGITS = 18
"""Most digits of a whole number that is given as text."""


def face_choice(face: object, name: str = "--face") -> FaceChoice:
    """Return which face is meant: its number from 1, the largest, or None for the only one.

    Args:
        face: A whole number, also as text; ``"largest"``; or None.
        name: The option, for the message.

    Raises:
        UsageError: Anything else, such as 0, 2.7 or True.
    """
    if face is None:
        return None
    if face == "largest":
        return "largest"
    number = whole_number(face)
    if number is None or number < 1:
        raise UsageError(f"expected {name} N (from 1) or {name} largest, got {face!r}")
    return number


def whole_number(value: object) -> int | None:
    """Return a whole number that is given as a number or as text; None for any other value."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        few = len(text) <= MOST_DIGITS  # Python refuses texts of thousands of digits
        return int(text) if few and text.isascii() and text.isdigit() else None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None
