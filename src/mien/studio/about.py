"""Facts about Mien that the page shows: versions, limits, action units and ready expressions."""

from __future__ import annotations

from typing import Any, Literal, get_args

from fastapi import APIRouter
from pydantic import Field

from mien.au.catalog import CATALOG, sided_names
from mien.au.envelope import Shape
from mien.au.expression import Expression
from mien.au.presets import PRESETS, preset
from mien.au.sampler import sample_expression
from mien.au.statistics import MAX_SECONDS, statistics_table
from mien.io.images import MAX_PIXELS, PICTURE_SUFFIXES
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
"""The FACS levels, from intensity 1 on, with their names in the manual."""

FORMATS = (
    ("mp4", False, "plays everywhere with 420; keeps the full colour resolution with 444"),
    ("mkv", True, "lossless: every pixel as rendered"),
    ("gif", False, "for slides and web pages; plays slower than the real motion"),
    ("png", True, "one picture for each frame, lossless"),
    ("csv", True, "the action units of each frame, in OpenFace's columns"),
    ("project", True, "opens again here, and with mien render"),
)


@router.get("/about")
def about(studio: StudioHere) -> dict[str, Any]:
    """Return the version, the folder, the limits, the FACS levels and the export formats."""
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
        "picture_suffixes": list(PICTURE_SUFFIXES),
        "formats": [{"kind": k, "lossless": lossless, "note": n} for k, lossless, n in FORMATS],
    }


@router.get("/catalogue")
def catalogue() -> dict[str, Any]:
    """List the action units in the order of the catalogue."""
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


@router.get("/presets")
def presets() -> dict[str, Any]:
    """List the ready expressions."""
    return {
        "presets": [
            expression_json(found.expression()) | {"why": found.why} for found in PRESETS.values()
        ]
    }


@router.get("/emotions")
def emotions() -> dict[str, Any]:
    """List the emotions that expressions are drawn from, with the number of coded clips, and the data sets."""
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
    """A ready expression, and how to change it."""

    name: Word
    intensity: float | Word | None = None
    side: Literal["left", "right", "both"] = "both"
    duration_seconds: Seconds | None = None


class SampleRequest(Model):
    """An expression to draw from the statistics of coded clips."""

    emotion: Word
    seed: Seed = 0
    datasets: list[Word] = Field(default=[], max_length=20)
    intensity: float | Word | None = None
    side: Literal["left", "right", "both"] = "both"


@router.post("/expressions/preset")
def make_preset(asked: PresetRequest) -> dict[str, Any]:
    """Return a ready expression with the requested intensity, side and duration."""
    expression = preset(asked.name, asked.intensity)
    if asked.duration_seconds is not None:
        expression = expression.with_duration(asked.duration_seconds)
    return expression_json(expression.side(asked.side))


@router.post("/expressions/sample")
def make_sample(asked: SampleRequest) -> dict[str, Any]:
    """Draw an expression from the statistics of coded micro-expressions."""
    expression = sample_expression(asked.emotion, asked.seed, asked.datasets or None)
    if asked.intensity is not None:
        expression = expression.with_peak(asked.intensity)
    return expression_json(expression.side(asked.side))


def expression_json(expression: Expression) -> dict[str, Any]:
    """Return an expression as JSON values for the page."""
    return expression.to_dict() | {
        "duration_seconds": expression.duration_seconds,
        "onset_seconds": expression.onset_seconds,
        "apex_seconds": expression.apex_seconds,
        "peak_intensity": expression.peak_intensity,
    }
