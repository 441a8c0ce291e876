"""Run a studio in its own process, send it requests over HTTP, and write its answers into files."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

from .place import Place
from .step import Ran

SECONDS = 400
"""Longest wait for an answer or a job."""

Body = Mapping[str, Any] | bytes | None
"""Content of a request: JSON, the bytes of a file, or nothing."""


class Studio:
    """A running studio.

    Args:
        place: The place where it runs.
        answers: The folder for its answers.
    """

    def __init__(self, place: Place, answers: Path) -> None:
        self.answers = answers
        self.process = subprocess.Popen(
            place.mien(["studio", "--no-browser", "--port", "0", "--folder", "studio/files"]),
            cwd=place.work,
            env=place.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.search(r"(http://[\d.]+:\d+)\S*", self.said)
        self.address = found[1] if found else ""
        self.open = build_opener(HTTPCookieProcessor()).open
        if found:
            self.open(found[0], timeout=SECONDS).close()  # its key becomes a cookie

    def ask(
        self, path: str, body: Body = None, method: str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request; return the status and the answer."""
        kind = "application/octet-stream"
        if isinstance(body, Mapping):
            body, kind = json.dumps(body).encode(), "application/json"
        if body is not None:
            headers["Content-Type"] = kind
        request = Request(self.address + path, body, headers, method=method)
        try:
            with self.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()

    def json(self, path: str, body: Body = None, method: str | None = None) -> Any:
        """Send a request; return the JSON of the answer."""
        _, answer = self.ask(path, body, method)
        return json.loads(answer) if answer else None

    def keep(
        self, name: str, path: str, body: Body = None, method: str | None = None, **headers: str
    ) -> Any:
        """Write the JSON of an answer and its status into a file, and return it."""
        status, answer = self.ask(path, body, method, **headers)
        value = json.loads(answer) if answer else None
        self.write(name, {"status": status, "answer": value})
        return value

    def keep_bytes(self, name: str, path: str, body: Body = None) -> None:
        """Write the bytes of an answer into a file."""
        (self.answers / name).write_bytes(self.ask(path, body)[1])

    def finish(self, name: str, path: str, body: Body) -> Any:
        """Begin a job, wait for it, write it into a file and return its result."""
        job = self.json(path, body)
        end = time.monotonic() + SECONDS
        while job.get("state") in ("waiting", "running") and time.monotonic() < end:
            time.sleep(0.05)
            job = self.json(f"/api/jobs/{job['id']}")
        self.write(name, job)
        return job.get("result")

    def write(self, name: str, value: Any) -> None:
        """Write JSON into a file."""
        (self.answers / name).write_text(json.dumps(value), encoding="utf-8")

    def end(self) -> Ran:
        """Interrupt the studio; return its exit code and what it printed."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        return Ran(self.process.returncode, self.said + out, err)
