"""Routes of jobs: progress, results and cancelling."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from mien.studio.errors import not_found
from mien.studio.jobs import Job
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/jobs")


@router.get("")
def list_jobs(studio: StudioHere) -> dict[str, Any]:
    """List the remembered jobs, newest first."""
    return {"jobs": [job.to_json() for job in studio.jobs.all()]}


@router.get("/{job}")
def get_job(job: str, studio: StudioHere) -> dict[str, Any]:
    """Return a job's state, progress and result."""
    return _job(studio, job).to_json()


@router.delete("/{job}")
def cancel_job(job: str, studio: StudioHere) -> dict[str, Any]:
    """Cancel a job; a finished job stays as it is."""
    found = _job(studio, job)
    studio.jobs.cancel(found)
    return found.to_json()


def _job(studio: Studio, job_id: str) -> Job:
    found = studio.jobs.find(job_id)
    if found is None:
        raise not_found(f"no job {job_id[:40]!r} is remembered")
    return found
