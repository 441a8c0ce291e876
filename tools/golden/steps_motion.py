"""Steps that follow a clip's motion: ``measure``, ``transfer``, ``evaluate motion``, ``recode``, ``render``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .place import Place
from .prepare import FROWN, SMILE, design_project, lost_face, transfer_project, uneven_gif
from .step import Ran, Step, step
from .studio_step import run_studio

API_SCRIPT = Path(__file__).with_name("api_script.py")


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
        step("measure-still", "measure driver-still/clip.mkv --out @/aus.csv --apex"),
        step(
            "measure-lost",
            "measure @/frames --fps 50 --out @/aus.csv --json --plot @/page.png",
            prepare=lost_face("measure-lost/frames"),
            after=("driver-smile",),
        ),
        step("measure-openface", "generate in/tinted.png --aus measure/aus.csv --out @/clip.mkv"),
    ]


def _transferred() -> list[Step]:
    to = f"transfer {SMILE} in/mirrored.png --out @/clip.mkv"
    return [
        step("transfer-mesh", f"{to} --json"),
        step("transfer-mesh-all", f"{to} --gaze --head-motion --no-blinks --strength 1.5"),
        step(
            "transfer-mesh-part",
            f"transfer {SMILE} in/tinted.png --start 0.06 --end 0.2 --baseline median "
            "--scale fast --fps 25 --chroma 420 --out @/clip.mp4",
        ),
        step(
            "transfer-mesh-baseline",
            f"transfer {FROWN} in/portrait.png --baseline 2 --out @/clip.gif",
        ),
        step("transfer-mesh-face", f"transfer {FROWN} in/two.png --face 2 --out @/clip"),
        step(
            "transfer-uneven",
            "transfer @/driver.gif in/portrait.png --out @/clip.mkv --json",
            prepare=uneven_gif("transfer-uneven/driver.gif"),
            after=("driver-smile",),
        ),
        step("transfer-alpha", f"transfer {FROWN} in/clear.png --end 0.1 --out @/clip.mkv"),
        step("transfer-rig", f"{to} --engine rig --json"),
        step(
            "transfer-rig-smooth",
            f"{to} --engine rig --recode smooth --threshold 0.2 --strength 0.8",
        ),
        step("transfer-rig-linear", f"{to} --engine rig --recode linear --no-blinks"),
        step("transfer-net", f"{to} --engine ulme-gan --json"),
        step("transfer-net-apex", f"{to} --engine ulme-gan --recode apex --threshold 0"),
    ]


def _points() -> list[Step]:
    to = f"transfer {SMILE} in/mirrored.png --end 0.2 --out @/clip.mkv"
    return [
        step("transfer-fomm", f"{to} --engine fomm --json"),
        step("transfer-fomm-ewp", f"{to} --engine fomm --prior ewp --no-blinks"),
        step("transfer-fomm-points", f"{to} --engine fomm --points 128 --no-calibrate"),
        step("transfer-fomm-measured", f"{to} --engine fomm --jacobians measured --strength 0.7"),
        step(
            "transfer-fomm-weights",
            f"{to} --engine fomm --weights export-fomm/weights --no-calibrate",
        ),
        step(
            "transfer-fomm-found",
            f"{to} --engine fomm --weights export-fomm-published/weights --no-calibrate",
        ),
        step("transfer-mraa", f"{to} --engine mraa --json"),
        step(
            "transfer-mraa-median",
            f"{to} --engine mraa --no-calibrate --no-blinks --baseline median",
        ),
        step(
            "transfer-mraa-weights",
            f"{to} --engine mraa --weights export-mraa/weights --no-calibrate",
        ),
    ]


def _compared() -> list[Step]:
    return [
        step(
            "evaluate-motion",
            f"evaluate motion {SMILE} transfer-mesh/clip.mkv --plot @/page.png "
            "--video @/both.mp4 --magnify 3 --slow 4",
        ),
        step(
            "evaluate-motion-json",
            f"evaluate motion {SMILE} transfer-fomm/clip.mkv --end 0.2 --scale fast --json",
        ),
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
            prepare=design_project("render-design"),
        ),
        step(
            "render-transfer",
            "render @/project.json --out @/clip.mp4 --chroma 420",
            prepare=transfer_project("render-transfer"),
            after=("driver-smile",),
        ),
        Step("api", run=run_api),
        Step("studio", code=130, run=run_studio, after=("driver-smile",)),
    ]


def run_api(place: Place) -> Ran:
    """Run the script that uses Mien from Python."""
    done = subprocess.run(
        [sys.executable, API_SCRIPT],
        cwd=place.work,
        env=place.env,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
