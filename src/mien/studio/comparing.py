"""Measure the clip that was made from a film, and compare its motion with that of the film."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from mien.common.clip_motion import at_even_rate
from mien.common.picture import Picture
from mien.errors import UsageError
from mien.measure.clip import measure_clip
from mien.measure.options import MeasureOptions
from mien.metrics.motion import compare_motion
from mien.project.render import driver_of, render_open
from mien.studio.errors import not_found, without_options
from mien.studio.jobs import Job
from mien.studio.preview import intensities
from mien.studio.recoding import Measured
from mien.studio.schemas import AnyDesign, Design, Id, Model
from mien.studio.state import StudioHere

router = APIRouter(prefix="/api/comparisons")

SHOWN = ("cosine", "amplitude", "timing")
"""The scores that the page shows; see `mien.metrics.motion.MotionScore`."""


class CompareRequest(Model):
    """A measured film, and the design or transfer that was made from it."""

    measurement: Id
    design: AnyDesign


@router.post("", status_code=202)
def begin(asked: CompareRequest, studio: StudioHere) -> dict[str, Any]:
    """Start a job that makes the clip of a design or a transfer, measures it and compares it with the film."""
    found: Measured | None = studio.measurements.get(asked.measurement)
    if found is None:
        raise not_found("this measurement is no longer remembered: measure the clip again")
    project = studio.project(asked.design)
    if isinstance(asked.design, Design) and studio.track(asked.design) is None:
        raise UsageError("expected at least one action unit that moves, got none: add one")
    studio.portrait(asked.design.portrait, asked.design.face)

    def work(job: Job) -> dict[str, Any]:
        at = studio.project_place
        with studio.folder.scratch() as place:
            picture, driver = Picture.of(project.portrait.locate(at)), driver_of(project, at)
            out = place / "result.mkv"
            render_open(project, picture, driver, out, None, job.progress, job.reading)
            # The clip has one face, and begins with the frame with which the film's part begins.
            made = measure_clip(out, MeasureOptions(), job.reading)
        score = asdict(compare_motion(at_even_rate(found.made.motion), at_even_rate(made.motion)))
        track = Measured("", made).track
        return {
            "score": {name: round(score[name], 3) for name in SHOWN},
            "times_seconds": track.times_seconds.tolist(),
            "raw": intensities(track),
            "notes": [without_options(note) for note in made.motion.notes],
        }

    return studio.jobs.start("compare", project.name or "result", work).to_json()
