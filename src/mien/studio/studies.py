"""Studies with people: a recognition task that is ready to run, built from portraits of the studio."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import Field

from mien.errors import UsageError
from mien.experiment.build import build_study
from mien.experiment.design import Design
from mien.experiment.filling import filling_notes
from mien.experiment.jspsych import PAGE
from mien.experiment.stimuli import study_stimuli, trial_count
from mien.experiment.study_files import RECORD
from mien.generate.resting import resting_notes, turn_notes
from mien.studio.errors import not_found, without_options
from mien.studio.jobs import Job
from mien.studio.names import plain_name
from mien.studio.schemas import Id, Model, Word
from mien.studio.sheet import MOST_CLIPS
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/studies")

Words = Annotated[list[Word], Field(min_length=1, max_length=100)]


class StudyRequest(Model):
    """The factors that a study crosses, and how it is shown; see `mien.experiment.design.Design`."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    portraits: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    expressions: Words
    intensities: Annotated[list[float], Field(min_length=1, max_length=20)]
    durations_ms: Annotated[list[float], Field(min_length=1, max_length=20)]
    sides: Annotated[list[Word], Field(min_length=1, max_length=3)] = Field(default=["both"])
    form: Word = "clip"
    mask: Word = "none"
    mask_ms: float = 100.0
    catch_trials: int = 0
    repetitions: int = 1
    blocks: int = 1
    size: int = 512
    oval: bool = False
    refresh_hz: int = 60
    disclosure: Word = "before"
    programs: Words = Field(default=["jspsych"])

    def design(self) -> Design:
        """Return the core's design.

        Raises:
            UsageError: Too many stimuli, a value out of its range, or values that contradict each other.
        """
        count = len(self.portraits) * len(self.expressions) * len(self.intensities)
        count *= len(self.durations_ms) * len(self.sides)
        if count > MOST_CLIPS:
            raise UsageError(f"expected at most {MOST_CLIPS} clips, got {count}: choose fewer")
        values = self.model_dump()
        values["intensities"] = [f"{each:g}" for each in self.intensities]
        try:
            return Design.from_values({**values, "portraits": "portraits"})
        except UsageError as error:
            raise UsageError(str(error).replace("another refresh_hz", "another screen")) from error


@router.post("/plan")
def plan(asked: StudyRequest, studio: StudioHere) -> dict[str, Any]:
    """Return the numbers of stimuli and trials of a study, and notes on its portraits."""
    plain_name(asked.name, "name of the study")
    design = asked.design()
    stimuli = study_stimuli(design, _portraits(studio, asked))
    notes: list[str] = []
    for portrait in dict.fromkeys(asked.portraits):
        seen = studio.portrait(portrait, None)
        name = studio.file("portraits", portrait).name
        notes += [
            *resting_notes(name, seen.face),
            *turn_notes(name, seen.face),
            *filling_notes(name, seen, design.look),
        ]
    return {
        "stimuli": len(stimuli),
        "trials": trial_count(design, stimuli),
        "notes": [without_options(note) for note in notes],
    }


@router.post("", status_code=202)
def begin(asked: StudyRequest, studio: StudioHere) -> dict[str, Any]:
    """Start a job that builds a study. The same request again completes it."""
    folder = studio.folder.part("studies") / plain_name(asked.name, "name of the study")
    if folder.is_symlink():
        raise UsageError(f"expected a folder, got the link {folder.name}: choose another name")
    design, portraits = asked.design(), _portraits(studio, asked)

    def work(job: Job) -> dict[str, Any]:
        made = build_study(design, folder, job.progress, portraits=portraits)
        page = (
            f"/api/studies/{quote(folder.name)}/files/{PAGE}?any_screen"
            if "jspsych" in design.programs
            else None
        )
        return {
            "folder": str(folder),
            "stimuli": made.stimuli,
            "trials": made.trials,
            "training": made.training,
            "notes": [without_options(note) for note in made.notes],
            "page": page,
        }

    return studio.jobs.start("study", asked.name, work).to_json()


@router.get("")
def list_studies(studio: StudioHere) -> dict[str, Any]:
    """List the studies that were started."""
    found = sorted(filter(studio.folder.has, studio.folder.part("studies").iterdir()))
    return {
        "studies": [
            {"name": each.name, "path": str(each)} for each in found if (each / RECORD).is_file()
        ]
    }


@router.get("/{name}/files/{place:path}", response_class=FileResponse)
def get_file(name: str, place: str, studio: StudioHere) -> FileResponse:
    """Send a file of a study, so that its page can be tried."""
    folder = studio.folder.part("studies") / plain_name(name, "name of the study")
    file = folder / place
    if ".." in Path(place).parts or not studio.folder.has(file) or not file.is_file():
        raise not_found(f"no file {place} of a study {name!r} is here")
    return FileResponse(file)


def _portraits(studio: Studio, asked: StudyRequest) -> dict[str, Path]:
    """Return the path of each picture by its original name without suffix."""
    found: dict[str, Path] = {}
    for portrait in dict.fromkeys(asked.portraits):
        stored = studio.file("portraits", portrait)
        stem = Path(stored.name).stem.replace(".", "-")
        found[stem if stem not in found else f"{stem}-{portrait[:6]}"] = stored.path
    return found
