"""Requests for a stimulus sheet, which crosses portraits, expressions, intensities, durations and sides."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from mien.au.expression import Expression
from mien.au.frame_rate import parse_fps
from mien.au.presets import preset
from mien.engines.registry import DEFAULTS
from mien.errors import UsageError
from mien.generate.options import RenderOptions
from mien.stimuli.conditions import TableOptions, slowdown
from mien.stimuli.stimulus import Stimulus, plan_stimuli
from mien.studio.folder import StoredFile
from mien.studio.look import LookModel, shown_chroma
from mien.studio.names import plain_name
from mien.studio.schemas import (
    MAX_ITEMS,
    EnvelopeModel,
    FaceChoice,
    Id,
    Model,
    Rate,
    Settings,
    Word,
    number_or_text,
)
from mien.studio.state import Studio

MOST_CLIPS = 20_000


class ExpressionChoice(Model):
    """A ready expression, or envelopes with a name."""

    preset: Word | None = None
    name: Word | None = None
    envelopes: Annotated[list[EnvelopeModel], Field(max_length=MAX_ITEMS)] | None = None

    def expression(self) -> Expression:
        """Return the core's expression; its name can be part of a file name.

        Raises:
            MienError: Neither or both are given, an unknown preset, or envelopes that make no expression.
        """
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
    """The factors that a sheet crosses, and how its clips are rendered."""

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
    engine: Word = DEFAULTS["generate"]
    settings: Settings = Field(default_factory=dict)
    chroma: Literal["444", "420"] | None = None
    look: LookModel = Field(default_factory=LookModel)
    neutral: bool = False
    prefix: Word = ""
    answers: Annotated[dict[Word, Word], Field(max_length=100)] = Field(default_factory=dict)
    tables: Annotated[list[Literal["csv", "xlsx", "js"]], Field(max_length=3)] = Field(
        default=["csv"]
    )

    @property
    def table(self) -> TableOptions:
        """The options of the table: the prefix of file names and the answers."""
        given = {name: answer for name, answer in self.answers.items() if answer}
        return TableOptions(prefix=self.prefix, answers=given)


def planned(studio: Studio, asked: StimuliRequest) -> tuple[Stimulus, ...]:
    """Return every clip of a sheet.

    Raises:
        MienError: Too many clips, a portrait without the chosen face, or expressions that do not fit.
    """
    count = len(asked.portraits) * len(asked.expressions) * len(asked.intensities)
    count *= len(asked.durations_seconds) * len(asked.sides)
    if asked.neutral:
        count += len(asked.portraits) * len(asked.durations_seconds)
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
        # A face is chosen only if there are several: the table then names it.
        stem += "" if face is None else f"-face{face}" if face != "largest" else "-largest"
        name = stem if stem not in portraits else f"{stem}-{portrait[:6]}"
        portraits[name], faces[name] = stored.path, face
    made = [choice.expression() for choice in asked.expressions]
    expressions = {expression.name: expression for expression in made}
    if len(expressions) < len(made):
        raise UsageError("expected a different name for each expression: rename one of them")
    return plan_stimuli(
        portraits,
        expressions,
        list(dict.fromkeys(asked.intensities)),
        list(dict.fromkeys(asked.durations_seconds)),
        list(dict.fromkeys(asked.sides)),
        faces,
        neutral=asked.neutral,
    )


def check_face(studio: Studio, stored: StoredFile, face: FaceChoice) -> None:
    """Refuse a portrait without the chosen face before any clip is made.

    A face that was found is remembered, because the page plans a sheet at each keystroke.

    Raises:
        FaceError: The portrait has no such face.
    """
    studio.faces.get_or_make(
        (stored.id, face), lambda: studio.portrait(stored.id, face) is not None
    )


def frame_rate(asked: StimuliRequest) -> Fraction:
    """Return the frame rate.

    Raises:
        UsageError: The format cannot have this frame rate. It is refused once here, and not for each clip.
    """
    fps = parse_fps(number_or_text(asked.fps))
    slowdown(asked.format, fps)
    return fps


def render_options(asked: StimuliRequest) -> RenderOptions:
    """Return the options that all clips share.

    Raises:
        UsageError: No such engine, or settings that it does not take.
    """
    return RenderOptions(
        fps=frame_rate(asked),
        lead_seconds=asked.lead_seconds,
        tail_seconds=asked.tail_seconds,
        engine=asked.engine,
        engine_settings=asked.settings,
        chroma=shown_chroma(asked.format, asked.chroma),
        **asked.look.options(),
    )
