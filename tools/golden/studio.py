"""The studio as a step: started on a free port, asked over HTTP, ended with Ctrl-C."""

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
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from tools.golden.place import Place
from tools.golden.step import Ran

SECONDS = 120
"""How long a job may take."""


class Studio:
    """A running studio.

    Args:
        place: Where it runs.
        answers: The folder that takes its answers.
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
        found = re.search(r"http://[\d.]+:\d+", self.said)
        self.address = found[0] if found else ""

    def ask(
        self, path: str, body: bytes | None = None, method: str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request; return the status and the answer."""
        request = Request(self.address + path, body, headers, method=method)
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()

    def json(
        self, path: str, body: Mapping[str, Any] | None = None, method: str | None = None
    ) -> Any:
        """Send JSON; return the JSON of the answer."""
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        _, answer = self.ask(path, content, method, **headers)
        return json.loads(answer) if answer else None

    def keep(self, name: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Write the JSON of an answer and its status into a file, and return it."""
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        status, answer = self.ask(path, content, **headers)
        value = json.loads(answer)
        self._write(name, {"status": status, "answer": value})
        return value

    def keep_bytes(self, name: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        """Write the bytes of an answer into a file."""
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        (self.answers / name).write_bytes(self.ask(path, content, **headers)[1])

    def upload(self, path: str, file: Path) -> Any:
        """Send a file; return the JSON of the answer."""
        _, answer = self.ask(
            path, file.read_bytes(), **{"Content-Type": "application/octet-stream"}
        )
        return json.loads(answer)

    def finish(self, name: str, path: str, body: Mapping[str, Any]) -> Any:
        """Begin a job, wait for it, write it into a file and return its result."""
        job = self.json(path, body)
        end = time.monotonic() + SECONDS
        while job.get("state") in ("waiting", "running") and time.monotonic() < end:
            time.sleep(0.05)
            job = self.json(f"/api/jobs/{job['id']}")
        job.pop("id", None)
        self._write(name, job)
        return job.get("result")

    def end(self) -> Ran:
        """Interrupt it; return what it said."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=30)
        return Ran(self.process.returncode, self.said + out, err)

    def _write(self, name: str, value: Any) -> None:
        (self.answers / name).write_text(json.dumps(value), encoding="utf-8")


def run_studio(place: Place) -> Ran:
    """Start a studio, ask it what its page asks, and end it."""
    answers = place.work / "studio" / "answers"
    answers.mkdir(parents=True)
    studio = Studio(place, answers)
    try:
        if studio.address:
            _ask_all(studio, place.work)
    finally:
        ran = studio.end()
    return ran


def _ask_all(studio: Studio, work: Path) -> None:
    from tools.golden.steps_motion import ENVELOPES, SMILE

    portrait = studio.upload("/api/portraits?name=face.png", work / "in/portrait.png")
    design = {
        "portrait": portrait["id"],
        "envelopes": ENVELOPES,
        "duration_seconds": 0.2,
        "fps": "50",
    }
    studio.keep("portrait.json", f"/api/portraits/{portrait['id']}")
    _exports(studio, design)
    _previews(studio, design, portrait["id"])
    _transfers(studio, portrait["id"], work / SMILE)
    _sheet(studio, portrait["id"])
    _refusals(studio, design)
    _write_api(studio)


def _exports(studio: Studio, design: dict[str, Any]) -> None:
    for kind in ("mkv", "mp4", "gif", "png", "csv", "project"):
        asked = {"design": design, "kind": kind, "file_name": f"smile {kind}"}
        made = studio.finish(f"export-{kind}.json", "/api/exports", asked)
        ending = ".zip" if kind == "png" else Path(made["name"]).suffix
        studio.keep_bytes(f"export-{kind}{ending}", f"/api/exports/{quote(made['name'])}")
    studio.keep("code.json", "/api/code", {"design": design})
    studio.json("/api/projects/first", {"design": design}, "PUT")
    studio.keep("project.json", "/api/projects/first")


def _previews(studio: Studio, design: dict[str, Any], portrait: str) -> None:
    look = {"design": design, "size_px": 128, "format": "png"}
    studio.keep_bytes("frame.png", "/api/preview/frame", look | {"time_seconds": 0.1})
    difference = {"time_seconds": 0.1, "view": "difference", "magnify": 4}
    studio.keep_bytes("difference.png", "/api/preview/frame", look | difference)
    studio.keep_bytes("clip.stream", "/api/preview/clip", look | {"step": 3})
    studio.keep("motion.json", "/api/preview/motion", {"design": design})
    studio.keep("check.json", "/api/preview/check", {"design": design})
    studio.keep("regions.json", f"/api/portraits/{portrait}/regions")


def _transfers(studio: Studio, portrait: str, driver: Path) -> None:
    clip = studio.upload("/api/clips?name=driver.mkv", driver)
    studio.keep("driver.json", f"/api/clips/{clip['id']}")
    measured = studio.finish("measured.json", f"/api/clips/{clip['id']}/measure", {})
    for mode in ("none", "linear", "apex", "smooth"):
        asked = {"mode": mode, "threshold": 0.2}
        studio.keep(f"recoded-{mode}.json", f"/api/measurements/{measured['id']}/recode", asked)
    design = {"portrait": portrait, "clip": clip["id"], "engine": "mesh"}
    asked = {"design": design, "size_px": 128}
    made = studio.finish("transfer.json", "/api/transfers", asked)
    studio.keep_bytes("transfer.stream", f"/api/transfers/{made['id']}/frames")
    studio.keep("arrows.json", f"/api/transfers/{made['id']}/motion")
    design["engine"] = "rig"
    for kind in ("mkv", "csv"):
        asked = {"design": design, "kind": kind, "file_name": "moved"}
        studio.finish(f"export-transfer-{kind}.json", "/api/exports", asked)


def _sheet(studio: Studio, portrait: str) -> None:
    asked = {
        "name": "study 1",
        "portraits": [portrait],
        "expressions": [{"preset": "happiness"}],
        "intensities": [1, 3],
        "durations_seconds": [0.1],
        "sides": ["left", "both"],
        "fps": "50",
        "lead_seconds": 0.04,
    }
    studio.keep("sheet-plan.json", "/api/stimuli/plan", asked)
    studio.finish("sheet.json", "/api/stimuli", asked)


def _refusals(studio: Studio, design: dict[str, Any]) -> None:
    studio.keep("refused-field.json", "/api/exports", {"design": design | {"loud": 1}})
    studio.keep("refused-empty.json", "/api/exports", {"design": design | {"envelopes": []}})
    studio.keep("refused-portrait.json", "/api/portraits/0000000000000000")
    query = urlencode({"name": "a.png"})
    studio.keep("refused-picture.json", f"/api/portraits?{query}", {"no": "picture"})
    status, answer = studio.ask("/api/exports", Host="example.com")
    studio._write("refused-host.json", {"status": status, "answer": json.loads(answer)})
    status, answer = studio.ask("/api/exports", Origin="http://example.com")
    studio._write("refused-origin.json", {"status": status, "answer": json.loads(answer)})


def _write_api(studio: Studio) -> None:
    """Write all routes and schemas, without words for people and names of functions."""
    words = {"description", "summary", "title", "operationId"}

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: bare(each)
                for key, each in value.items()
                if key not in words or isinstance(each, dict)
            }
        return [bare(each) for each in value] if isinstance(value, list) else value

    found = studio.json("/openapi.json")
    studio._write("openapi.json", bare(found))
