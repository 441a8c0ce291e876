"""WHAT moves and WHEN: the action units, their tracks, envelopes, presets and statistics."""

from mien.au.catalog import (
    CATALOG,
    RIG_NAMES,
    ActionUnit,
    Side,
    canonical_name,
    parse_au,
    sided_names,
)
from mien.au.envelope import Envelope, Shape
from mien.au.expression import Expression
from mien.au.frame_rate import FrameRate, frame_times, parse_fps
from mien.au.intensity import (
    MAX_INTENSITY,
    intensity_from_level,
    level_from_intensity,
    parse_intensity,
)
from mien.au.presets import PRESETS, Preset, preset
from mien.au.sampler import sample_expression
from mien.au.statistics import statistics_table, typical_timing
from mien.au.track import AUTrack

__all__ = [
    "CATALOG",
    "MAX_INTENSITY",
    "PRESETS",
    "RIG_NAMES",
    "AUTrack",
    "ActionUnit",
    "Envelope",
    "Expression",
    "FrameRate",
    "Preset",
    "Shape",
    "Side",
    "canonical_name",
    "frame_times",
    "intensity_from_level",
    "level_from_intensity",
    "parse_au",
    "parse_fps",
    "parse_intensity",
    "preset",
    "sample_expression",
    "sided_names",
    "statistics_table",
    "typical_timing",
]
