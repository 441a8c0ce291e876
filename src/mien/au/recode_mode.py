"""The modes of AU re-encoding; imports nothing heavy, so that ``mien --help`` is quick."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from mien.errors import UsageError

RecodeMode: TypeAlias = Literal["none", "linear", "apex", "smooth"]
"""How the AUs that stay are re-encoded; see :func:`mien.au.recode.recode_track`."""

RECODE_MODES: tuple[RecodeMode, ...] = get_args(RecodeMode)
"""All modes."""


def check_mode(mode: object) -> None:
    """Refuse an unknown mode.

    Raises:
        UsageError: It is not one of :data:`RECODE_MODES`.
    """
    if mode not in RECODE_MODES:
        raise UsageError(f"expected mode {', '.join(RECODE_MODES)}, got {mode!r}")
