"""Long jobs: a pool of threads with progress and cancelling."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from starlette.exceptions import HTTPException

from mien.errors import MienError
from mien.studio.errors import one_line, without_options
from mien.studio.limits import Limits

log = logging.getLogger("mien.studio")

State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]
JobKind: TypeAlias = Literal["export", "measure", "transfer", "stimuli", "study", "compare"]
Work: TypeAlias = Callable[["Job"], dict[str, Any]]
"""Does the work of a job. It gets the job, to report progress, and returns JSON values."""

OVER = ("done", "failed", "cancelled")
REMEMBERED = 100
"""Number of finished jobs to remember."""


class Cancelled(Exception):
    """Raised within a job's work after the job was cancelled."""


@dataclass(eq=False)
class Job:
    """One long job. Its fields change while it runs; read them with `to_json`."""

    id: str
    kind: JobKind
    title: str
    work: Work = field(repr=False)
    state: State = "waiting"
    done: int = 0
    total: int | None = None
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    _cancel: threading.Event = field(default_factory=threading.Event, repr=False)

    def progress(self, done: int, total: int | None = None) -> None:
        """Report the progress of the work.

        Args:
            done: Steps that are done.
            total: Steps in all; None if the number is not known.

        Raises:
            Cancelled: The job was cancelled, so the work must end.
        """
        if self._cancel.is_set():
            raise Cancelled
        self.done, self.total = done, total

    def reading(self, done: int) -> None:
        """Report the progress of work whose total is not known; see `progress`."""
        self.progress(done, None)

    def cancel(self) -> None:
        """Ask the work to end; a finished job stays as it is."""
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was asked to end."""
        return self._cancel.is_set()

    def run(self) -> None:
        """Do the work; never raises."""
        if self.is_cancelled:
            self.state = "cancelled"
            return
        self.state = "running"
        try:
            self.result = self.work(self)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except MienError as error:
            self._fail(type(error).__name__, one_line(without_options(error)))
        except Exception:
            log.exception("the job %s failed", self.title)
            self._fail("Internal", "an internal error of the studio: see its terminal")

    def _fail(self, kind: str, message: str) -> None:
        self.error = {"kind": kind, "message": message}
        self.state = "failed"

    def to_json(self) -> dict[str, Any]:
        """Return the job as JSON values for the page."""
        state = self.state  # read first: a job whose state is "done" already has its result
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "state": state,
            "done": self.done,
            "total": self.total,
            "result": self.result if state == "done" else None,
            "error": self.error if state == "failed" else None,
        }


class Jobs:
    """The pool of threads and the queue of jobs.

    Args:
        limits: How many jobs may run and wait.
    """

    def __init__(self, limits: Limits) -> None:
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._limits = limits
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, kind: JobKind, title: str, work: Work) -> Job:
        """Queue a job.

        Args:
            kind: Kind of the job.
            title: Name of the job on the page.
            work: Function that does the job.

        Raises:
            HTTPException: 429, too many jobs wait already.
        """
        with self._lock:
            waiting = sum(job.state == "waiting" for job in self._jobs.values())
            if waiting >= self._limits.jobs_waiting:
                raise HTTPException(
                    429,
                    f"{waiting} jobs are waiting already: wait until some are done, or cancel them",
                )
            job = Job(str(next(self._numbers)), kind, title, work)
            self._jobs[job.id] = job
            self._forget_old()
            if len(self._threads) < self._limits.jobs_running:
                thread = threading.Thread(target=self._serve, daemon=True, name="mien-job")
                self._threads.append(thread)
                thread.start()
        self._waiting.put(job)
        return job

    def find(self, job_id: str) -> Job | None:
        """Return the job with an id; None if it is not remembered."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """Return the remembered jobs, newest first."""
        return list(self._jobs.values())[::-1]

    def cancel(self, job: Job) -> None:
        """Cancel a job. A waiting job ends at once."""
        job.cancel()
        with self._lock:
            if job.state == "waiting":
                job.state = "cancelled"

    def close(self) -> None:
        """Cancel all jobs and end the threads."""
        for job in self.all():
            self.cancel(job)
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _serve(self) -> None:
        while (job := self._waiting.get()) is not None:
            if job.state == "waiting":
                job.run()

    def _forget_old(self) -> None:
        over = [job.id for job in self._jobs.values() if job.state in OVER]
        for job_id in over[: max(len(over) - REMEMBERED, 0)]:
            del self._jobs[job_id]
