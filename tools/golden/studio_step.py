"""The studio as a step: started on a free port, sent the requests of its page, ended with Ctrl-C."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .place import Place
from .prepare import ENVELOPES, SMILE
from .step import Ran
from .studio_client import Studio

_FACTS = ("about", "catalogue", "engines", "presets", "emotions", "samples")
_LISTS = ("portraits", "clips", "projects", "exports", "stimuli", "jobs")


def run_studio(place: Place) -> Ran:
    """Start a studio, send it the requests of its page, and end it."""
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
    picture = (work / "in/portrait.png").read_bytes()
    portrait = studio.json("/api/portraits?name=face.png", picture)["id"]
    design = {
        "portrait": portrait,
        "envelopes": ENVELOPES,
        "duration_seconds": 0.2,
        "fps": "50",
    }
    _facts(studio)
    _portraits(studio, portrait, work)
    _exports(studio, design)
    _previews(studio, design)
    _transfers(studio, portrait, work)
    _sheet(studio, portrait)
    _refusals(studio, design)
    for name in _LISTS:
        studio.keep(f"list-{name}.json", f"/api/{name}")


def _facts(studio: Studio) -> None:
    for name in _FACTS:
        studio.keep(f"{name}.json", f"/api/{name}")
    smile = {"name": "happiness", "intensity": "C", "side": "left", "duration_seconds": 0.3}
    studio.keep("preset.json", "/api/expressions/preset", smile)
    studio.keep("drawn.json", "/api/expressions/sample", {"emotion": "fear", "seed": 5})
    studio.write("openapi.json", _without_words(studio.json("/openapi.json")))


def _without_words(value: Any) -> Any:
    """Return an OpenAPI description without texts for people and without function names."""
    words = {"description", "summary", "title", "operationId"}
    if isinstance(value, dict):
        return {
            key: _without_words(each)
            for key, each in value.items()
            if key not in words or isinstance(each, dict)
        }
    return [_without_words(each) for each in value] if isinstance(value, list) else value


def _portraits(studio: Studio, portrait: str, work: Path) -> None:
    studio.keep("portrait.json", f"/api/portraits/{portrait}")
    studio.keep("regions.json", f"/api/portraits/{portrait}/regions")
    studio.keep_bytes("picture.jpg", f"/api/portraits/{portrait}/picture?size_px=96")
    two = (work / "in/two.png").read_bytes()
    studio.keep("two-faces.json", "/api/portraits?name=two.png", two)
    studio.keep("sample.json", "/api/samples/astronaut", b"")


def _exports(studio: Studio, design: dict[str, Any]) -> None:
    for kind in ("mkv", "mp4", "gif", "png", "csv", "project"):
        asked = {"design": design, "kind": kind, "file_name": f"smile {kind}"}
        made = studio.finish(f"export-{kind}.json", "/api/exports", asked)
        ending = ".zip" if kind == "png" else Path(made["name"]).suffix
        studio.keep_bytes(f"export-{kind}{ending}", f"/api/exports/{quote(made['name'])}")
    studio.keep("code.json", "/api/code", {"design": design})
    studio.keep("project-put.json", "/api/projects/first", {"design": design}, "PUT")
    studio.keep("project-get.json", "/api/projects/first")


def _previews(studio: Studio, design: dict[str, Any]) -> None:
    look = {"design": design, "size_px": 128, "format": "png"}
    studio.keep_bytes("frame.png", "/api/preview/frame", look | {"time_seconds": 0.1})
    difference: dict[str, Any] = {"time_seconds": 0.1, "view": "difference", "magnify": 4}
    studio.keep_bytes("difference.png", "/api/preview/frame", look | difference)
    studio.keep_bytes("clip.stream", "/api/preview/clip", look | {"step": 3})
    studio.keep("motion.json", "/api/preview/motion", {"design": design})
    studio.keep("check.json", "/api/preview/check", {"design": design})


def _transfers(studio: Studio, portrait: str, work: Path) -> None:
    clip = studio.json("/api/clips?name=driver.mkv", (work / SMILE).read_bytes())
    studio.keep("driver.json", f"/api/clips/{clip['id']}")
    studio.keep_bytes("driver.stream", f"/api/clips/{clip['id']}/frames?size_px=64")
    picture = (work / "in/portrait.png").read_bytes()
    rows = 2 * (struct.pack("<I", len(picture)) + picture)
    studio.keep("pictures.json", "/api/clips/frames?name=row&fps=25", rows)
    measured = studio.finish("measured.json", f"/api/clips/{clip['id']}/measure", {})
    for mode in ("none", "linear", "apex", "smooth"):
        asked: dict[str, Any] = {"mode": mode, "threshold": 0.2}
        studio.keep(f"recoded-{mode}.json", f"/api/measurements/{measured['id']}/recode", asked)
    fitted: dict[str, Any] = {"mode": "smooth", "threshold": 0.2, "portrait": portrait}
    studio.keep("recoded-fitted.json", f"/api/measurements/{measured['id']}/recode", fitted)
    design = {"portrait": portrait, "clip": clip["id"], "engine": "mesh"}
    made = studio.finish("transfer.json", "/api/transfers", {"design": design, "size_px": 128})
    studio.keep_bytes("transfer.stream", f"/api/transfers/{made['id']}/frames")
    studio.keep("arrows.json", f"/api/transfers/{made['id']}/motion")
    studio.keep("transfer-code.json", "/api/code", {"design": design})
    design["engine"] = "rig"
    for kind in ("mkv", "csv", "project"):
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
    studio.keep_bytes("conditions.csv", f"/api/stimuli/{quote('study 1')}/conditions.csv")


def _refusals(studio: Studio, design: dict[str, Any]) -> None:
    studio.keep("refused-field.json", "/api/exports", {"design": design | {"loud": 1}})
    studio.keep("refused-empty.json", "/api/exports", {"design": design | {"envelopes": []}})
    studio.keep("refused-name.json", "/api/exports", {"design": design, "file_name": "../clip"})
    studio.keep("refused-portrait.json", "/api/portraits/0000000000000000")
    studio.keep("refused-picture.json", "/api/portraits?name=a.png", b"no picture")
    studio.keep("refused-clip.json", "/api/clips?name=a.mp4", b"no clip")
    studio.keep("refused-project.json", "/api/projects/open", b'{"mien_project": 2}')
    studio.keep("refused-host.json", "/api/exports", Host="example.com")
    studio.keep("refused-origin.json", "/api/exports", Origin="http://example.com")
