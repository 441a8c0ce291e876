"""Mien makes, measures and judges facial micro-expressions.

What users need stands here; each name is imported when it is first used, so that ``import mien`` is
quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mien.version import __version__

if TYPE_CHECKING:
    from mien.au.envelope import Envelope as Envelope
    from mien.au.expression import Expression as Expression
    from mien.au.presets import preset as preset
    from mien.au.sampler import sample_expression as sample_expression
    from mien.au.track import AUTrack as AUTrack
    from mien.errors import MienError as MienError
    from mien.evaluate.motion import MotionEvaluation as MotionEvaluation
    from mien.evaluate.motion import evaluate_motion as evaluate_motion
    from mien.face.portrait import Portrait as Portrait
    from mien.generate.clip import GeneratedClip as GeneratedClip
    from mien.generate.clip import generate as generate
    from mien.generate.clip import render_frames as render_frames
    from mien.measure.clip import Measurement as Measurement
    from mien.measure.clip import measure as measure
    from mien.transfer.clip import TransferredClip as TransferredClip
    from mien.transfer.clip import transfer as transfer


_HOMES = {
    "AUTrack": "mien.au.track",
    "Envelope": "mien.au.envelope",
    "Expression": "mien.au.expression",
    "GeneratedClip": "mien.generate.clip",
    "Measurement": "mien.measure.clip",
    "MienError": "mien.errors",
    "MotionEvaluation": "mien.evaluate.motion",
    "Portrait": "mien.face.portrait",
    "TransferredClip": "mien.transfer.clip",
    "evaluate_motion": "mien.evaluate.motion",
    "generate": "mien.generate.clip",
    "measure": "mien.measure.clip",
    "preset": "mien.au.presets",
    "render_frames": "mien.generate.clip",
    "sample_expression": "mien.au.sampler",
    "transfer": "mien.transfer.clip",
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
