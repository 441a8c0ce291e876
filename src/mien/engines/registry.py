"""The engines by name. Other packages add theirs through the entry-point group ``mien.engines``."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from mien.engines.base import Engine
from mien.engines.rig.engine import RigEngine
from mien.errors import UsageError


def _ulme_gan() -> Engine:
    from mien.engines.ulme_gan.engine import UlmeGanEngine

    return UlmeGanEngine()


BUILT_IN: dict[str, Callable[[], Engine]] = {"rig": RigEngine, "ulme-gan": _ulme_gan}
"""Mien's own engines; each is made without arguments, with its default settings."""

ENTRY_POINT_GROUP = "mien.engines"


def engine_names() -> tuple[str, ...]:
    """The names of all installed engines, Mien's own first."""
    plugged_in = {entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)}
    return (*BUILT_IN, *sorted(plugged_in - BUILT_IN.keys()))


def make_engine(name: str) -> Engine:
    """Make an engine by its name.

    Raises:
        UsageError: No engine of that name is installed.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]()
    for entry in entry_points(group=ENTRY_POINT_GROUP, name=name):
        return entry.load()()
    raise UsageError(f"expected an engine out of {', '.join(engine_names())}, got {name!r}")
