"""The fields of requests. Ranges that the core checks are left to the core, whose errors are clearer."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from mien.au.envelope import Envelope
from mien.au.recode_mode import RecodeMode
from mien.engines.registry import DEFAULTS
from mien.errors import UsageError
from mien.studio.engines import changed_settings

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Word: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
FaceChoice: TypeAlias = Annotated[int, Field(ge=1, le=1000)] | Literal["largest"] | None
Rate: TypeAlias = Word | float
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=86_400)]
Seed: TypeAlias = Annotated[int, Field(ge=0, lt=2**63)]
Baseline: TypeAlias = Literal["first", "median"] | Annotated[int, Field(ge=0, le=10**6)]
Settings: TypeAlias = Annotated[dict[Word, JsonValue], Field(max_length=100)]
"""An engine's settings by name; the engine itself checks names and values."""

MAX_ITEMS = 500


class Model(BaseModel):
    """A request. Unknown fields, NaN and infinity are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EnvelopeModel(Model):
    """The course of one AU; see `mien.au.envelope.Envelope`."""

    au: Word
    onset_seconds: Seconds
    apex_start_seconds: Seconds
    apex_end_seconds: Seconds
    offset_seconds: Seconds
    peak_intensity: float
    shape: Literal["linear", "smooth", "minimum_jerk"] = "smooth"

    def envelope(self) -> Envelope:
        """Return the core's envelope.

        Raises:
            BadTrackError: The times or the intensity do not make an envelope.
        """
        return Envelope(**self.model_dump())


class Design(Model):
    """A portrait and the envelopes that move it."""

    portrait: Id
    face: FaceChoice = None
    envelopes: list[EnvelopeModel] = Field(default=[], max_length=MAX_ITEMS)
    duration_seconds: Annotated[float, Field(gt=0, le=60)] = 0.5
    fps: Rate = "200"
    engine: Word = DEFAULTS["generate"]
    settings: Settings = Field(default_factory=dict)
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    name: Word = ""
    seed: Seed | None = None
    emotion: Word | None = None

    def options(self) -> dict[str, Any]:
        """Return a project's options: a strength other than 1, and the engine's settings that differ from defaults.

        Raises:
            UsageError: No such engine, or settings that it does not take.
        """
        options: dict[str, Any] = {} if self.strength == 1.0 else {"strength": self.strength}
        return options | changed_settings(self.engine, "generate", self.settings)


class MeasureRequest(Model):
    """Which part of a clip is measured, and how; see `mien.measure.options`."""

    baseline: Baseline = "first"
    start_seconds: Seconds | None = None
    end_seconds: Seconds | None = None
    fps: Rate | None = None
    scale: Literal["full", "fast"] = "full"
    face: FaceChoice = None


class TransferDesign(Model):
    """A portrait and the clip whose motion it receives."""

    portrait: Id
    face: FaceChoice = None
    clip: Id
    engine: Word = DEFAULTS["transfer"]
    settings: Settings = Field(default_factory=dict)
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    blinks: bool = True
    recode: RecodeMode | None = None
    threshold: Annotated[float, Field(ge=0, le=5)] = 0.5
    baseline: Baseline = "first"
    start_seconds: Seconds | None = None
    end_seconds: Seconds | None = None
    fps: Rate | None = None
    scale: Literal["full", "fast"] = "full"
    driver_face: FaceChoice = None
    name: Word = ""

    def options(self) -> dict[str, Any]:
        """Return a project's options that differ from their defaults, including the engine's settings.

        Raises:
            UsageError: No such engine, or settings that it does not take.
        """
        own = ("portrait", "face", "clip", "engine", "settings", "name")
        given = self.model_dump(exclude_defaults=True)
        options = {name: value for name, value in given.items() if name not in own}
        return options | changed_settings(self.engine, "transfer", self.settings)


AnyDesign: TypeAlias = Design | TransferDesign


def number_or_text(rate: Rate) -> str:
    """Return a frame rate as the command line takes it.

    Raises:
        UsageError: An empty text.
    """
    if isinstance(rate, str):
        if not rate.strip():
            raise UsageError("expected a frame rate such as 200 or 30000/1001, got none")
        return rate
    return repr(rate)
