"""Stimulus sheets: many clips and the table that an experiment reads."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import Field

from mien.au.expression import Expression
from mien.au.frame_rate import parse_fps
from mien.au.presets import preset
from mien.errors import UsageError
from mien.generate.options import RenderOptions
from mien.stimuli.stimulus_sheet import (
    BATCH,
    COLUMNS,
    CONDITIONS,
    Stimulus,
    condition,
    make_stimuli,
    plan_stimuli,
    slowdown,
)
from mien.studio.errors import not_found, without_options
from mien.studio.folder import StoredFile
from mien.studio.jobs import Job
from mien.studio.names import plain_name
from mien.studio.schemas import (
    EnvelopeModel,
    FaceChoice,
    Id,
    Model,
    Rate,
    Word,
    number_or_text,
)
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/stimuli")

MOST_CLIPS = 20_000
_SHOWN_ROWS = 5


class ExpressionChoice(Model):
    """A ready expression, or envelopes with a name."""

    preset: Word | None = None
    name: Word | None = None
    envelopes: Annotated[list[EnvelopeModel], Field(max_length=500)] | None = None

    def expression(self) -> Expression:
        """The same for the core; its name is a file name."""
        if (self.preset is None) == (self.envelopes is None):
            raise UsageError("expected either a preset or a name with envelopes for an expression")
        if self.preset is not None:
            return preset(self.preset)
        name = plain_name(self.name or "", "name of the expression")
        return Expression(tuple(model.envelope() for model in self.envelopes or ()), name)


class PortraitChoice(Model):
    """A portrait and which of its faces moves."""

    id: Id
    face: FaceChoice = None


AnyPortrait: TypeAlias = Id | PortraitChoice
"""The id alone is enough for a picture of one face."""


class StimuliRequest(Model):
    """Everything a sheet crosses."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    portraits: Annotated[list[AnyPortrait], Field(min_length=1, max_length=1000)]
    expressions: Annotated[list[ExpressionChoice], Field(min_length=1, max_length=100)]
    intensities: Annotated[list[float], Field(min_length=1, max_length=20)]
    durations_seconds: Annotated[list[Annotated[float, Field(gt=0, le=60)]], Field(max_length=20)]
    sides: list[Literal["left", "right", "both"]] = Field(default=["both"], max_length=3)
    fps: Rate = "200"
    lead_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0
    tail_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0
    format: Literal["mp4", "mkv", "gif", "png"] = "mp4"
    engine: Word = "rig"
    chroma: Literal["444", "420"] | None = None


def planned(studio: Studio, asked: StimuliRequest) -> tuple[Stimulus, ...]:
    """Every clip of a sheet."""
    count = len(asked.portraits) * len(asked.expressions) * len(asked.intensities)
    count *= len(asked.durations_seconds) * len(asked.sides)
    if count > MOST_CLIPS:
        raise UsageError(f"expected at most {MOST_CLIPS} clips, got {count}: choose fewer")
    portraits: dict[str, Path] = {}
    faces: dict[str, FaceChoice] = {}
    choices = (
        (each.id, each.face) if isinstance(each, PortraitChoice) else (each, None)
        for each in asked.portraits
    )
    for portrait, face in dict.fromkeys(choices):
        stored = studio.file("portraits", portrait)
        check_face(studio, stored, face)
        stem = Path(stored.name).stem.replace(".", "-")
        # A face is chosen only where there are several: the table says which.
        stem += "" if face is None else f"-face{face}" if face != "largest" else "-largest"
        name = stem if stem not in portraits else f"{stem}-{portrait[:6]}"
        portraits[name], faces[name] = stored.path, face
    made = [choice.expression() for choice in asked.expressions]
    expressions = {expression.name: expression for expression in made}
    if len(expressions) < len(made):
        raise UsageError("expected each expression's name once: call one of them differently")
    return plan_stimuli(
        portraits,
        expressions,
        list(dict.fromkeys(asked.intensities)),
        list(dict.fromkeys(asked.durations_seconds)),
        list(dict.fromkeys(asked.sides)),
        faces,
    )


def check_face(studio: Studio, stored: StoredFile, face: FaceChoice) -> None:
    """Refuse a portrait without the face that is chosen, before any clip is made.

    A good one is looked at once: a sheet is planned anew at each keystroke.
    """
    studio.faces.get_or_make(
        (stored.id, face), lambda: studio.portrait(stored.id, face) is not None
    )


def rate(asked: StimuliRequest) -> Fraction:
    """Frames a second; one that the format cannot have is refused once, not at every clip."""
    fps = parse_fps(number_or_text(asked.fps))
    slowdown(asked.format, fps)
    return fps


def render_options(asked: StimuliRequest) -> RenderOptions:
    """What is common to all clips."""
    return RenderOptions(
        fps=rate(asked),
        lead_seconds=asked.lead_seconds,
        tail_seconds=asked.tail_seconds,
        engine=asked.engine,
        chroma=asked.chroma,
    )


@router.post("/plan")
def plan(asked: StimuliRequest, studio: StudioHere) -> dict[str, Any]:
    """How many clips there will be, without making any."""
    plain_name(asked.name, "name of the sheet")
    stimuli, fps = planned(studio, asked), rate(asked)
    around = asked.lead_seconds + asked.tail_seconds
    ending = "" if asked.format == "png" else f".{asked.format}"
    return {
        "clips": len(stimuli),
        "seconds_of_video": round(sum(s.expression.duration_seconds + around for s in stimuli), 3),
        "columns": list(COLUMNS),
        "first_rows": [
            condition(
                s, f"{s.name}{ending}", "", fps, lead_seconds=asked.lead_seconds, kind=asked.format
            )
            for s in stimuli[:_SHOWN_ROWS]
        ],
    }


@router.post("", status_code=202)
def begin(asked: StimuliRequest, studio: StudioHere) -> dict[str, Any]:
    """Begin to make a sheet; the same name again completes it."""
    folder = studio.folder.part("stimuli") / plain_name(asked.name, "name of the sheet")
    stimuli, common = planned(studio, asked), render_options(asked)

    def work(job: Job) -> dict[str, Any]:
        job.progress(0, len(stimuli))
        made = make_stimuli(stimuli, folder, common=common, kind=asked.format, on_row=job.progress)
        failed = [
            {"name": row.name, "error": without_options(row.error)}
            for row in made.rows
            if row.status == "failed"
        ]
        return {
            "folder": str(folder),
            "table": CONDITIONS,
            "made": made.count("made"),
            "kept": made.count("kept"),
            "failed": failed,
            "rows": len(made.rows),
        }

    return studio.jobs.start("stimuli", asked.name, work).to_json()


@router.get("")
def list_sheets(studio: StudioHere) -> dict[str, Any]:
    """All sheets that were begun; one that was cancelled may have no table yet, and then no rows."""
    found = []
    for folder in sorted(studio.folder.part("stimuli").iterdir()):
        rows = 0
        if (folder / CONDITIONS).is_file():
            with (folder / CONDITIONS).open(encoding="utf-8", newline="") as file:
                rows = sum(1 for _ in csv.reader(file)) - 1
        elif not (folder / BATCH).is_file():
            continue
        found.append({"name": folder.name, "rows": rows, "path": str(folder)})
    return {"sheets": found}


@router.get("/{name}/conditions.csv", response_class=FileResponse)
def get_conditions(name: str, studio: StudioHere) -> FileResponse:
    """A sheet's table."""
    table = studio.folder.part("stimuli") / plain_name(name, "name of the sheet") / CONDITIONS
    if not table.is_file():
        raise not_found(f"no sheet {name!r} with a table is here")
    return FileResponse(table, filename=f"{name} conditions.csv", media_type="text/csv")
