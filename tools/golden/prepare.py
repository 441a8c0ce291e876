"""Make inputs of a step from the files of other steps, just before the step runs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from PIL import Image

from .inputs_datasets import CASME2_HEADER, write_table

Prepare = Callable[[Path], None]

SMILE = "driver-smile/clip.mkv"
FROWN = "driver-frown/clip.mkv"

ENVELOPES: list[dict[str, Any]] = [
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


def copied(source: str, target: str) -> Prepare:
    """Return a function that copies the folder of a step, so that another step can continue with it."""

    def copy(work: Path) -> None:
        shutil.copytree(work / source, work / target)

    return copy


def uneven_gif(target: str) -> Prepare:
    """Return a function that makes a GIF of the smile whose frames have different durations."""

    def make(work: Path) -> None:
        pictures = _pictures(work / SMILE)
        lasts = [(20, 40, 20, 30)[index % 4] for index in range(len(pictures))]
        (work / target).parent.mkdir()
        pictures[0].save(
            work / target, save_all=True, append_images=pictures[1:], duration=lasts, loop=0
        )

    return make


def lost_face(target: str) -> Prepare:
    """Return a function that makes a folder of frames: the smile, whose last frames show no face."""

    def make(work: Path) -> None:
        (work / target).mkdir(parents=True)
        for number, picture in enumerate(_pictures(work / SMILE)):
            grey = Image.new("RGB", picture.size, (120, 120, 120))
            shown = picture if number < 12 else grey
            shown.save(work / target / f"frame{number:03d}.png")

    return make


def filmed_casme2(target: str) -> Prepare:
    """Return a function that makes a copy of CASME II with filmed faces: a smile, a frown, and a missing clip."""

    def make(work: Path) -> None:
        root = work / target
        rows: list[tuple[object, ...]] = [CASME2_HEADER]
        for subject, clip, apex, emotion in (
            (1, SMILE, 8, "happiness"),
            (2, FROWN, "/", "disgust"),
        ):
            folder = root / "raw" / f"sub{subject:02d}" / "EP01_01"
            folder.mkdir(parents=True)
            pictures = _pictures(work / clip)
            for number, picture in enumerate(pictures, 1):
                picture.save(folder / f"img{number}.jpg", quality=95)
            rows.append((subject, "EP01_01", "", 1, apex, len(pictures), "", "12", emotion))
        rows.append((3, "EP01_01", "", 1, 3, 5, "", "4", "surprise"))
        write_table(root / "CASME2-coding-20140508.csv", rows)

    return make


def design_project(name: str) -> Prepare:
    """Return a function that writes the project of a design into the folder of a step."""
    motion = {
        "kind": "envelopes",
        "envelopes": ENVELOPES,
        "duration_seconds": 0.24,
        "fps": "50",
        "seed": None,
        "emotion": None,
    }
    return _project(name, "rig", {"shading": False}, lambda work: motion)


def transfer_project(name: str) -> Prepare:
    """Return a function that writes the project of a transfer into the folder of a step."""
    return _project(
        name,
        "mesh",
        {"strength": 1.2, "blinks": False},
        lambda work: {"kind": "transfer", "driver": _reference(work, SMILE)},
    )


def _project(
    name: str, engine: str, options: dict[str, Any], motion: Callable[[Path], dict[str, Any]]
) -> Prepare:
    def write(work: Path) -> None:
        (work / name).mkdir()
        record = {
            "mien_project": 1,
            "mien_version": "0",
            "name": name,
            "portrait": _reference(work, "in/portrait.png"),
            "face": None,
            "motion": motion(work),
            "engine": engine,
            "options": options,
        }
        (work / name / "project.json").write_text(json.dumps(record), encoding="utf-8")

    return write


def _reference(work: Path, file: str) -> dict[str, str]:
    content = (work / file).read_bytes()
    return {"path": f"../{file}", "sha256": hashlib.sha256(content).hexdigest()}


def _pictures(clip: Path) -> list[Image.Image]:
    with av.open(str(clip)) as container:
        return [Image.fromarray(f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
