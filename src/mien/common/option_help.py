"""How options that several commands share are named and read on the command line.

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
    """Describe an option; its help shows the default unless that is empty.

    Args:
        metavar: Placeholder of its value, such as ``SECONDS``.
        name: The option's name without dashes; the field's name by default.
        help: Its help; the field's docstring by default.
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
    """Read an option as text; for fields that Python code may fill with values of several types."""
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
        few = len(text) <= MOST_DIGITS  # Python refuses to read thousands
        return int(text) if few and text.isascii() and text.isdigit() else None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None
