"""Steps that follow a clip's motion: ``measure``, ``transfer``, ``evaluate motion``, ``recode``, ``render``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.golden.step import Step, step
from tools.golden.studio import run_studio

SMILE = "driver-smile/clip.mkv"
FROWN = "driver-frown/clip.mkv"

ENVELOPES = [
    {
        "au": au,
        "onset_seconds": 0.02,
        "apex_start_seconds": 0.08,
        "apex_end_seconds": 0.1,
        "offset_seconds": 0.18,
        "peak_intensity": peak,
        "shape": shape,
    }
    for au, peak, shape in (("AU12L", 4.0, "minimum_jerk"), ("AU4", 2.0, "smooth"))
]


def motion_steps() -> list[Step]:
    """Return the steps."""
    return [*_measured(), *_transferred(), *_points(), *_compared(), *_recoded(), *_projects()]


def _measured() -> list[Step]:
    return [
        step(
            "measure",
            f"measure {SMILE} --out @/aus.csv --apex --plot @/page.png --overlay @/mesh.mkv",
        ),
        step("measure-json", f"measure {FROWN} --out @/aus.csv --json"),
        step(
            "measure-part",
            f"measure {SMILE} --start 0.04 --end 0.24 --baseline median "
            "--scale fast --out @/aus.csv --json",
        ),
        step(
            "measure-folder",
            "measure generate-png/clip --fps 50 --baseline 1 --out @/aus.csv --apex",
        ),
        step("measure-openface", "generate in/tinted.png --aus measure/aus.csv --out @/clip.mkv"),
    ]


def _transferred() -> list[Step]:
    to = f"transfer {SMILE} in/mirrored.png --out @/clip.mkv"
    return [
        step("mesh", f"{to} --json"),
        step("mesh-all", f"{to} --gaze --head-motion --no-blinks --strength 1.5"),
        step(
            "mesh-part",
            f"transfer {SMILE} in/tinted.png --start 0.06 --end 0.2 --baseline median "
            "--scale fast --fps 25 --chroma 420 --out @/clip.mp4",
        ),
        step("mesh-baseline", f"transfer {FROWN} in/portrait.png --baseline 2 --out @/clip.gif"),
        step("mesh-face", f"transfer {FROWN} in/two.png --face 2 --out @/clip"),
        step("rig", f"{to} --engine rig --json"),
        step("rig-smooth", f"{to} --engine rig --recode smooth --threshold 0.2 --strength 0.8"),
        step("rig-linear", f"{to} --engine rig --recode linear --no-blinks"),
        step("net-transfer", f"{to} --engine ulme-gan --json"),
        step("net-transfer-apex", f"{to} --engine ulme-gan --recode apex --threshold 0"),
    ]


def _points() -> list[Step]:
    to = f"transfer {SMILE} in/mirrored.png --end 0.2 --out @/clip.mkv"
    return [
        step("fomm", f"{to} --engine fomm --json"),
        step("fomm-ewp", f"{to} --engine fomm --prior ewp --no-blinks"),
        step("fomm-points", f"{to} --engine fomm --points 128 --no-calibrate"),
        step("fomm-measured", f"{to} --engine fomm --jacobians measured --strength 0.7"),
        step("fomm-weights", f"{to} --engine fomm --weights export-fomm/weights --no-calibrate"),
        step(
            "fomm-found",
            f"{to} --engine fomm --weights export-fomm-published/weights --no-calibrate",
        ),
        step("mraa", f"{to} --engine mraa --json"),
        step("mraa-median", f"{to} --engine mraa --no-calibrate --no-blinks --baseline median"),
        step("mraa-weights", f"{to} --engine mraa --weights export-mraa/weights --no-calibrate"),
    ]


def _compared() -> list[Step]:
    return [
        step(
            "alike",
            f"evaluate motion {SMILE} mesh/clip.mkv --plot @/page.png "
            "--video @/both.mp4 --magnify 3 --slow 4",
        ),
        step("alike-json", f"evaluate motion {SMILE} fomm/clip.mkv --end 0.2 --scale fast --json"),
    ]


def _recoded() -> list[Step]:
    track = "recode in/track.csv --json --out @/track"
    return [
        step("recode-recode", f"{track}.csv --mode recode"),
        step("recode-linear", f"{track}.csv --mode linear --apex 1"),
        step("recode-apex", f"{track}.json --mode apex --portrait-au AU12=0.2 --apex-time 0.08"),
        step("recode-smooth", f"{track}.json --mode smooth --strength 1.2"),
        step("recode-openface", "recode in/openface.csv --out @/track.csv"),
        step("recode-measured", "recode measure/aus.csv --threshold 0.1 --json --out @/track.json"),
    ]


def _projects() -> list[Step]:
    return [
        step(
            "render-design",
            "render @/project.json --out @/clip.mkv --json",
            prepare=_project("render-design", _design),
        ),
        step(
            "render-transfer",
            "render @/project.json --out @/clip.mp4 --chroma 420",
            prepare=_project("render-transfer", _transfer),
            after=("driver-smile",),
        ),
        Step("studio", code=130, run=run_studio, after=("driver-smile",)),
    ]


def _project(name: str, motion: Callable[[Path], dict[str, Any]]) -> Callable[[Path], None]:
    """Return what writes a project of the studio into the folder of a step."""

    def write(work: Path) -> None:
        (work / name).mkdir()
        record = {
            "mien_project": 1,
            "mien_version": "0",
            "name": name,
            "portrait": _reference(work, "in/portrait.png"),
            "face": None,
            **motion(work),
        }
        (work / name / "project.json").write_text(json.dumps(record), encoding="utf-8")

    return write


def _design(work: Path) -> dict[str, Any]:
    motion = {
        "kind": "envelopes",
        "envelopes": ENVELOPES,
        "duration_seconds": 0.24,
        "fps": "50",
        "seed": None,
        "emotion": None,
    }
    return {"motion": motion, "engine": "rig", "options": {"shading": False}}


def _transfer(work: Path) -> dict[str, Any]:
    motion = {"kind": "transfer", "driver": _reference(work, SMILE)}
    return {"motion": motion, "engine": "mesh", "options": {"strength": 1.2, "blinks": False}}


def _reference(work: Path, file: str) -> dict[str, str]:
    content = (work / file).read_bytes()
    return {"path": f"../{file}", "sha256": hashlib.sha256(content).hexdigest()}
