"""Stimulus sheets: many clips and the table that an experiment reads."""

from __future__ import annotations

import csv
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from mien.errors import UsageError
from mien.stimuli.condition_files import CONDITIONS, FILES, TableKind, check_kinds
from mien.stimuli.conditions import COLUMNS, au_columns, condition
from mien.stimuli.stimulus_sheet import BATCH, make_stimuli
from mien.studio.cells import Plan
from mien.studio.errors import not_found, without_options
from mien.studio.jobs import Job
from mien.studio.names import plain_name
from mien.studio.sheet import StimuliRequest, frame_rate, planned, render_options
from mien.studio.state import StudioHere

router = APIRouter(prefix="/api/stimuli")

_SHOWN_ROWS = 5

MEDIA_TYPES = {
    "csv": "text/csv",
    "js": "text/javascript",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.post("/plan")
def plan(asked: StimuliRequest, studio: StudioHere) -> dict[str, Any]:
    """Return the number of clips and the first rows of the table, without making any clip."""
    plain_name(asked.name, "name of the sheet")
    stimuli, fps = planned(studio, asked), frame_rate(asked)
    common = render_options(asked)  # refuses settings that the engine does not take
    check_kinds(asked.tables)
    plan = Plan(stimuli, common)
    studio.plans.put(plan.id, plan)
    masks = float(common.mask_frames(float(fps)) / fps)
    around = asked.lead_seconds + asked.tail_seconds + masks
    ending = "" if asked.format == "png" else f".{asked.format}"
    aus = au_columns(stimuli)
    return {
        "id": plan.id,
        "clips": len(stimuli),
        "names": [stimulus.name for stimulus in stimuli],
        "seconds_of_video": round(sum(s.expression.duration_seconds + around for s in stimuli), 3),
        "columns": [*COLUMNS, *aus],
        "first_rows": [
            condition(
                s,
                f"{s.name}{ending}",
                "",
                fps,
                lead_seconds=asked.lead_seconds,
                tail_seconds=asked.tail_seconds,
                kind=asked.format,
                look=common,
                table=asked.table,
                aus=aus,
            )
            for s in stimuli[:_SHOWN_ROWS]
        ],
    }


@router.post("", status_code=202)
def begin(asked: StimuliRequest, studio: StudioHere) -> dict[str, Any]:
    """Start a job that makes a sheet. The same name again completes the sheet."""
    folder = studio.folder.part("stimuli") / plain_name(asked.name, "name of the sheet")
    links = [path for path in [folder, *folder.glob("*")] if path.is_symlink()]
    if links:
        raise UsageError(
            f"expected files, got the link {links[0].name} in the sheet's folder: remove it, or "
            "choose another name for the sheet"
        )
    stimuli, common = planned(studio, asked), render_options(asked)
    check_kinds(asked.tables)

    def work(job: Job) -> dict[str, Any]:
        job.progress(0, len(stimuli))
        made = make_stimuli(
            stimuli,
            folder,
            common=common,
            kind=asked.format,
            table=asked.table,
            tables=tuple(dict.fromkeys(asked.tables)),
            on_row=job.progress,
            credentials=studio.credentials(asked.format),
        )
        failed = [
            {"name": row.name, "error": without_options(row.error)}
            for row in made.rows
            if row.status == "failed"
        ]
        return {
            "folder": str(folder),
            "table": CONDITIONS,
            "tables": [FILES[kind] for kind in dict.fromkeys(asked.tables)],
            "made": made.count("made"),
            "kept": made.count("kept"),
            "failed": failed,
            "rows": len(made.rows),
        }

    return studio.jobs.start("stimuli", asked.name, work).to_json()


@router.get("")
def list_sheets(studio: StudioHere) -> dict[str, Any]:
    """List the sheets that were started. A cancelled sheet may have no table yet, and then 0 rows."""
    found = []
    for folder in sorted(filter(studio.folder.has, studio.folder.part("stimuli").iterdir())):
        rows = 0
        if studio.folder.has(folder / CONDITIONS):
            with (folder / CONDITIONS).open(encoding="utf-8", newline="") as file:
                rows = sum(1 for _ in csv.reader(file)) - 1
        elif not (folder / BATCH).is_file():
            continue
        found.append({"name": folder.name, "rows": rows, "path": str(folder)})
    return {"sheets": found}


@router.get("/{name}/conditions.{kind}", response_class=FileResponse)
def get_conditions(name: str, kind: TableKind, studio: StudioHere) -> FileResponse:
    """Send a sheet's table."""
    file = FILES[kind]
    table = studio.folder.part("stimuli") / plain_name(name, "name of the sheet") / file
    if not studio.folder.has(table):
        raise not_found(f"no sheet {name!r} with a table {file} is here")
    return FileResponse(table, filename=f"{name} {file}", media_type=MEDIA_TYPES[kind])
