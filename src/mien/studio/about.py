"""What the page shows of Mien itself: action units, engines, presets, limits."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Literal, get_args

from fastapi import APIRouter
from pydantic import Field

from mien.au.catalog import CATALOG, sided_names
from mien.au.envelope import Shape
from mien.au.expression import Expression
from mien.au.presets import PRESETS, preset
from mien.au.sampler import sample_expression
from mien.au.statistics import MAX_SECONDS, statistics_table
from mien.engines.registry import engine_names
from mien.io.images import MAX_PIXELS
from mien.studio.schemas import Model, Seconds, Seed, Word
from mien.studio.state import StudioHere
from mien.version import __version__

router = APIRouter(prefix="/api")

LEVELS = (
    ("A", "trace"),
    ("B", "slight"),
    ("C", "marked"),
    ("D", "severe"),
    ("E", "maximum"),
)
"""FACS levels and what the manual calls them, from intensity 1 on."""

FORMATS = (
    ("mp4", False, "plays everywhere with 420; keeps all colour with 444"),
    ("mkv", True, "lossless: every pixel as rendered"),
    ("gif", False, "for slides and pages; plays slower than life"),
    ("png", True, "one picture a frame, lossless"),
    ("csv", True, "the action units frame by frame, in OpenFace's columns"),
    ("project", True, "opens again here, and with mien render"),
)

ENGINES = {
    "rig": ("fast", "Moves the portrait's own pixels by a face rig: sharp, exact, in real time."),
    "mesh": ("fast", "Carries the driver's whole motion over, also what no action unit describes."),
    "ulme-gan": ("slow", "A trained network repaints the face; for research and comparison."),
    "fomm": ("slow", "A trained network follows 18 points of the face; for comparison."),
    "mraa": ("slow", "A trained network follows 18 regions of the face; for comparison."),
}
"""Speed and purpose of Mien's own engines."""

CARRIERS = ("mesh", "rig", "ulme-gan", "fomm", "mraa")
"""What can carry a driver's whole motion."""

NETWORKS = ("ulme-gan", "fomm", "mraa")
"""What needs PyTorch."""


@router.get("/about")
def about(studio: StudioHere) -> dict[str, Any]:
    """Versions, limits and words."""
    limits = studio.limits
    return {
        "version": __version__,
        "folder": str(studio.folder.root),
        "synthetic_note": "Everything made here is synthetic, and every file says so.",
        "me_limit_seconds": MAX_SECONDS,
        "max_intensity": 5,
        "levels": [
            {"level": level, "intensity": number, "meaning": meaning}
            for number, (level, meaning) in enumerate(LEVELS, 1)
        ],
        "shapes": list(get_args(Shape)),
        "limits": {
            "picture_bytes": limits.picture_bytes,
            "picture_pixels": MAX_PIXELS,
            "clip_bytes": limits.clip_bytes,
            "clip_frames": limits.clip_frames,
            "duration_seconds": limits.duration_seconds,
        },
        "formats": [{"kind": k, "lossless": lossless, "note": n} for k, lossless, n in FORMATS],
    }


@router.get("/catalogue")
def catalogue() -> dict[str, Any]:
    """Every action unit, in the order of all tables."""
    return {
        "aus": [
            {
                "name": unit.name,
                "number": unit.number,
                "facs_name": unit.facs_name,
                "muscle": unit.muscle,
                "sided": unit.sided,
                "names": [unit.name, *(n for n in sided_names(unit.name) if n != unit.name)],
                "openface": unit.openface_intensity,
            }
            for unit in CATALOG.values()
        ]
    }


@router.get("/engines")
def engines() -> dict[str, Any]:
    """Every engine, and whether it can be used."""
    has_torch = find_spec("torch") is not None and find_spec("safetensors") is not None
    found = []
    for name in dict.fromkeys(("rig", "mesh", *engine_names(), *CARRIERS)):
        speed, text = ENGINES.get(name, ("slow", "Added by another package."))
        tabs = ["design"] if name in engine_names() else []
        tabs += ["transfer"] if name in CARRIERS else []
        installed = name not in NETWORKS or has_torch
        found.append(
            {
                "name": name,
                "tabs": tabs,
                "installed": installed,
                "why_not": None if installed else 'pip install "mien[torch]"',
                "speed": speed,
                "text": text,
                "aus": _known_units(name) if installed else None,
            }
        )
    return {"engines": found}


def _known_units(name: str) -> list[str] | None:
    if name != "ulme-gan":
        return None
    from mien.engines.ulme_gan.engine import bundled_weights
    from mien.engines.weights import read_card

    return list(read_card(bundled_weights()).config["aus"])


@router.get("/presets")
def presets() -> dict[str, Any]:
    """The ready expressions."""
    return {
        "presets": [
            expression_json(found.expression()) | {"why": found.why} for found in PRESETS.values()
        ]
    }


@router.get("/emotions")
def emotions() -> dict[str, Any]:
    """What "surprise me" can draw from."""
    table = statistics_table()
    counts = {
        emotion: sum(
            combination.rows
            for found in table.tables.values()
            for combination in found.get(emotion, ())
        )
        for emotion in table.emotions
    }
    return {
        "emotions": [{"name": name, "clips": clips} for name, clips in counts.items()],
        "datasets": list(table.datasets),
    }


class PresetRequest(Model):
    """A ready expression."""

    name: Word
    intensity: float | Word | None = None
    side: Literal["left", "right", "both"] = "both"
    duration_seconds: Seconds | None = None


class SampleRequest(Model):
    """A realistic expression, drawn."""

    emotion: Word
    seed: Seed = 0
    datasets: list[Word] = Field(default=[], max_length=20)
    intensity: float | Word | None = None
    side: Literal["left", "right", "both"] = "both"


@router.post("/expressions/preset")
def make_preset(asked: PresetRequest) -> dict[str, Any]:
    """A ready expression at an intensity, on a side, of a length."""
    expression = preset(asked.name, asked.intensity)
    if asked.duration_seconds is not None:
        expression = expression.with_duration(asked.duration_seconds)
    return expression_json(expression.side(asked.side))


@router.post("/expressions/sample")
def make_sample(asked: SampleRequest) -> dict[str, Any]:
    """Surprise me: an expression like those that people have coded."""
    expression = sample_expression(asked.emotion, asked.seed, asked.datasets or None)
    if asked.intensity is not None:
        expression = expression.with_peak(asked.intensity)
    return expression_json(expression.side(asked.side))


def expression_json(expression: Expression) -> dict[str, Any]:
    """An expression as the page sees it."""
    return expression.to_dict() | {
        "duration_seconds": expression.duration_seconds,
        "onset_seconds": expression.onset_seconds,
        "apex_seconds": expression.apex_seconds,
        "peak_intensity": expression.peak_intensity,
    }
