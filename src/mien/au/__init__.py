"""Action units (what moves) and their courses (when): tracks, envelopes, presets and statistics.

Each name is imported on its first use, so that the command line can list modes and levels of AUs
without importing NumPy, and ``mien --help`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mien.au.catalog import CATALOG as CATALOG
    from mien.au.catalog import RIG_NAMES as RIG_NAMES
    from mien.au.catalog import ActionUnit as ActionUnit
    from mien.au.catalog import Side as Side
    from mien.au.catalog import canonical_name as canonical_name
    from mien.au.catalog import parse_au as parse_au
    from mien.au.catalog import sided_names as sided_names
    from mien.au.envelope import Envelope as Envelope
    from mien.au.envelope import Shape as Shape
    from mien.au.expression import Expression as Expression
    from mien.au.frame_rate import FrameRate as FrameRate
    from mien.au.frame_rate import frame_times as frame_times
    from mien.au.frame_rate import parse_fps as parse_fps
    from mien.au.intensity import MAX_INTENSITY as MAX_INTENSITY
    from mien.au.intensity import intensity_from_level as intensity_from_level
    from mien.au.intensity import level_from_intensity as level_from_intensity
    from mien.au.intensity import parse_intensity as parse_intensity
    from mien.au.presets import PRESETS as PRESETS
    from mien.au.presets import Preset as Preset
    from mien.au.presets import preset as preset
    from mien.au.sampler import sample_expression as sample_expression
    from mien.au.statistics import statistics_table as statistics_table
    from mien.au.statistics import typical_timing as typical_timing
    from mien.au.track import AUTrack as AUTrack

_NAMES = {
    "catalog": (
        *("CATALOG", "RIG_NAMES", "ActionUnit", "Side"),
        *("canonical_name", "parse_au", "sided_names"),
    ),
    "envelope": ("Envelope", "Shape"),
    "expression": ("Expression",),
    "frame_rate": ("FrameRate", "frame_times", "parse_fps"),
    "intensity": (
        "MAX_INTENSITY",
        "intensity_from_level",
        "level_from_intensity",
        "parse_intensity",
    ),
    "presets": ("PRESETS", "Preset", "preset"),
    "sampler": ("sample_expression",),
    "statistics": ("statistics_table", "typical_timing"),
    "track": ("AUTrack",),
}
_HOMES = {name: f"mien.au.{module}" for module, names in _NAMES.items() for name in names}
"""The module of each public name."""

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mien.au' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *_HOMES})
