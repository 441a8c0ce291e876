"""The ways to re-encode an AU track; imports nothing heavy, so that ``mien --help`` is quick."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from mien.errors import UsageError

RecodeMode: TypeAlias = Literal["recode", "linear", "apex", "smooth"]
"""What becomes of the AUs that stay; see :func:`mien.au.recode.recode_track`."""


def check_mode(mode: str) -> None:
    """Refuse an unknown mode: UsageError."""
    if mode not in get_args(RecodeMode):
        raise UsageError(f"expected mode {', '.join(get_args(RecodeMode))}, got {mode!r}")
