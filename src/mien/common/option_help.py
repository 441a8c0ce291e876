"""How options of several commands are named and read on the command line.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import tyro
from tyro.constructors import PrimitiveConstructorSpec

from mien.errors import UsageError


def option(metavar: str, name: str | None = None, help: str | None = None) -> Any:
    """Name what an option takes, and leave out empty defaults in its help."""
    return tyro.conf.arg(
        name=name,
        metavar=metavar,
        help=help,
        help_behavior_hint=lambda default: (
            "" if default in ("", "None") else f"(default: {default})"
        ),
    )


def as_text(metavar: str) -> PrimitiveConstructorSpec[Any]:
    """Take text on the command line for a field that Python may fill in several types."""
    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=metavar,
        instance_from_str=lambda words: words[0],
        is_instance=lambda value: isinstance(value, str | float | Fraction | int | None),
        str_from_instance=lambda value: [str(value)],
    )


def face_choice(face: Any, name: str = "--face") -> int | Literal["largest"] | None:
    """Read which face is meant: its number from 1, or the largest.

    Raises:
        UsageError: neither.
    """
    if face is None or face == "largest":
        return face
    try:
        return int(face)
    except (TypeError, ValueError):
        raise UsageError(f"expected {name} N (from 1) or {name} largest, got {face}") from None
