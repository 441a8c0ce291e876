"""Mien makes, measures and judges facial micro-expressions.

Everything that users need has a name here. Each is imported when it is first used, so that ``import mien`` is quick.

| name | what it does |
|---|---|
| `generate`, `render_frames` | a portrait and action units to a clip, or to frames in memory |
| `transfer` | the movement of a clip onto a portrait |
| `measure` | the action units in a clip |
| `recode` | a measured AU table, re-encoded |
| `batch`, `augment` | many clips from a table; a labelled data set from portraits |
| `flows`, `flow_pairs` | flow maps of a data set; pictures with the exact flow between them |
| `train`, `build_faces`, `build_clips`, `export_weights`, `import_weights` | networks |
| `evaluate_images`, `evaluate_motion`, `evaluate_aus`, `evaluate_reconstruction` | how good a result is |
| `verify` | whether an output is complete and unaltered |
| `evaluate_recognition`, `evaluate_realism` | how good flow maps are for recognition |
| `AUTrack`, `Envelope`, `Expression`, `preset`, `sample_expression` | what moves, and when |
| `read_track`, `write_track`, `read_openface`, `write_openface` | AU tracks in and out |
| `engine_specs`, `make_engine`, `EngineSpec`, `EngineSettings`, `setting` | engines: the list, and new ones |
| `Driver`, `Frames` | what engines take and give |
| `Portrait`, `MienError` | a picture with its face; the base of all errors |
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# These functions have the names of their packages. They are bound here and not lazily: otherwise the first import from
# mien.transfer would replace the function by the package. They import nothing heavy until they are called. As a
# consequence `import mien.transfer.clip as clip` fails; docs/python.md says what to write instead.
from mien.augment import augment as augment
from mien.flow_pairs import flow_pairs as flow_pairs
from mien.flows import flows as flows
from mien.generate import generate as generate
from mien.measure import measure as measure
from mien.recode import recode as recode
from mien.transfer import transfer as transfer
from mien.verify import verify as verify
from mien.version import __version__

if TYPE_CHECKING:
    from mien.au.envelope import Envelope as Envelope
    from mien.au.expression import Expression as Expression
    from mien.au.presets import preset as preset
    from mien.au.sampler import sample_expression as sample_expression
    from mien.au.track import AUTrack as AUTrack
    from mien.engines.base import Driver as Driver
    from mien.engines.base import Frames as Frames
    from mien.engines.registry import engine_specs as engine_specs
    from mien.engines.registry import make_engine as make_engine
    from mien.engines.settings import EngineSettings as EngineSettings
    from mien.engines.settings import setting as setting
    from mien.engines.spec import EngineSpec as EngineSpec
    from mien.errors import MienError as MienError
    from mien.evaluate.aus import AUEvaluation as AUEvaluation
    from mien.evaluate.aus import evaluate_aus as evaluate_aus
    from mien.evaluate.images import ImageEvaluation as ImageEvaluation
    from mien.evaluate.images import evaluate_images as evaluate_images
    from mien.evaluate.motion import MotionEvaluation as MotionEvaluation
    from mien.evaluate.motion import evaluate_motion as evaluate_motion
    from mien.evaluate.reconstruction import Reconstruction as Reconstruction
    from mien.evaluate.reconstruction import evaluate_reconstruction as evaluate_reconstruction
    from mien.face.portrait import Portrait as Portrait
    from mien.generate.clip import GeneratedClip as GeneratedClip
    from mien.generate.frames import render_frames as render_frames
    from mien.io.openface import read_openface as read_openface
    from mien.io.openface import write_openface as write_openface
    from mien.io.tracks import read_track as read_track
    from mien.io.tracks import write_track as write_track
    from mien.measure.clip import Measurement as Measurement
    from mien.recognition.evaluate import evaluate_recognition as evaluate_recognition
    from mien.recognition.realism import evaluate_realism as evaluate_realism
    from mien.stimuli.batch import batch as batch
    from mien.training.run import build_clips as build_clips
    from mien.training.run import build_faces as build_faces
    from mien.training.run import export_weights as export_weights
    from mien.training.run import import_weights as import_weights
    from mien.training.run import train as train
    from mien.transfer.clip import TransferredClip as TransferredClip

_HOMES = {
    "AUEvaluation": "mien.evaluate.aus",
    "AUTrack": "mien.au.track",
    "Driver": "mien.engines.base",
    "EngineSettings": "mien.engines.settings",
    "EngineSpec": "mien.engines.spec",
    "Envelope": "mien.au.envelope",
    "Expression": "mien.au.expression",
    "Frames": "mien.engines.base",
    "GeneratedClip": "mien.generate.clip",
    "ImageEvaluation": "mien.evaluate.images",
    "Measurement": "mien.measure.clip",
    "MienError": "mien.errors",
    "MotionEvaluation": "mien.evaluate.motion",
    "Portrait": "mien.face.portrait",
    "Reconstruction": "mien.evaluate.reconstruction",
    "TransferredClip": "mien.transfer.clip",
    "batch": "mien.stimuli.batch",
    "build_clips": "mien.training.run",
    "build_faces": "mien.training.run",
    "engine_specs": "mien.engines.registry",
    "evaluate_aus": "mien.evaluate.aus",
    "evaluate_images": "mien.evaluate.images",
    "evaluate_motion": "mien.evaluate.motion",
    "evaluate_realism": "mien.recognition.realism",
    "evaluate_recognition": "mien.recognition.evaluate",
    "evaluate_reconstruction": "mien.evaluate.reconstruction",
    "export_weights": "mien.training.run",
    "import_weights": "mien.training.run",
    "make_engine": "mien.engines.registry",
    "preset": "mien.au.presets",
    "read_openface": "mien.io.openface",
    "read_track": "mien.io.tracks",
    "render_frames": "mien.generate.frames",
    "sample_expression": "mien.au.sampler",
    "setting": "mien.engines.settings",
    "train": "mien.training.run",
    "write_openface": "mien.io.openface",
    "write_track": "mien.io.tracks",
}
"""The module of each name that is imported at its first use."""

_EAGER = ["augment", "flow_pairs", "flows", "generate", "measure", "recode", "transfer", "verify"]
"""The names that are bound above."""

__all__ = ["__version__"]
__all__ += [*_EAGER, *_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mien' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *_HOMES})
