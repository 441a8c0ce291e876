"""Mien makes, measures and judges facial micro-expressions.

What users need stands here; each name is imported when it is first used, so that ``import mien`` is
quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mien.api.evaluate import MotionEvaluation as MotionEvaluation
    from mien.api.evaluate import evaluate_motion as evaluate_motion
    from mien.api.generate import GeneratedClip as GeneratedClip
    from mien.api.generate import generate as generate
    from mien.api.generate import render_frames as render_frames
    from mien.api.measure import Measurement as Measurement
    from mien.api.measure import measure as measure
    from mien.api.transfer import TransferredClip as TransferredClip
    from mien.api.transfer import transfer as transfer
    from mien.au.envelope import Envelope as Envelope
    from mien.au.expression import Expression as Expression
    from mien.au.presets import preset as preset
    from mien.au.sampler import sample_expression as sample_expression
    from mien.au.track import AUTrack as AUTrack
    from mien.errors import MienError as MienError
    from mien.face.portrait import Portrait as Portrait

__version__ = "0.1.0"

_HOMES = {
    "AUTrack": "mien.au.track",
    "Envelope": "mien.au.envelope",
    "Expression": "mien.au.expression",
    "GeneratedClip": "mien.api.generate",
    "Measurement": "mien.api.measure",
    "MienError": "mien.errors",
    "MotionEvaluation": "mien.api.evaluate",
    "Portrait": "mien.face.portrait",
    "TransferredClip": "mien.api.transfer",
    "evaluate_motion": "mien.api.evaluate",
    "generate": "mien.api.generate",
    "measure": "mien.api.measure",
    "preset": "mien.au.presets",
    "render_frames": "mien.api.generate",
    "sample_expression": "mien.au.sampler",
    "transfer": "mien.api.transfer",
}
"""Where each public name lives."""

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Import a public name on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mien' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *_HOMES})
