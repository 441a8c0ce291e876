"""An engine of another package: installed as a wheel, and used like Mien's own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from mien.io.clips import open_clip
from mien.io.images import write_png
from mien.io.sidecar import read_sidecar

ENGINE = '''
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mien import EngineSettings, EngineSpec, Frames, setting


@dataclass(frozen=True, kw_only=True)
class TintSettings(EngineSettings):
    """Settings of the tint engine."""

    amount: float = setting(10.0, "Grey levels for each FACS level.", metavar="X", least=0)
    colour: Literal["red", "blue"] = setting("red", "Which channel changes.")


class TintEngine:
    name = "tint"
    known_aus = frozenset({"AU4L", "AU4R", "AU12L", "AU12R"})

    def __init__(self, settings):
        self.settings = settings

    def prepare(self, portrait):
        return TintSession(portrait, self.settings)

    def record(self):
        return {"version": "1.0"}


class TintSession:
    def __init__(self, portrait, settings):
        self.portrait, self.settings = portrait, settings
        self.channel = {"red": 0, "blue": 2}[settings.colour]

    def render(self, track):
        return Frames(
            self.images(track), track, notes=["the skin is tinted"], facts={"frames": len(track)}
        )

    def images(self, track):
        left, top, right, bottom = self.portrait.face.box_px.astype(int)
        for row in track.to_sided():
            image = np.array(self.portrait.image)
            part = image[top:bottom, left:right, self.channel]
            part[:] = np.clip(part + self.settings.amount * row.max(), 0, 255).astype(np.uint8)
            yield image


TINT = EngineSpec(
    name="tint",
    tasks=("generate", "transfer"),
    settings=TintSettings,
    about="Tints the face by the strongest action unit.",
    build=TintEngine,
)
'''


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the engine's wheel is installed in."""
    place = tmp_path_factory.mktemp("wheel")
    wheel = place / "mien_tint-1.0-py3-none-any.whl"
    info = "mien_tint-1.0.dist-info"
    files = {
        "mien_tint.py": ENGINE,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: mien-tint\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[mien.engines]\ntint = mien_tint:TINT\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    site = place / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(site), str(wheel)], check=True)
    return site


@pytest.fixture(scope="module")
def mien(installed: Path):
    """Run the command line, or a script, where the engine is installed."""
    places = [str(installed), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}

    def run(*words: object, script: str | None = None) -> subprocess.CompletedProcess[str]:
        start = ["-m", "mien"] if script is None else ["-c", script]
        command = [sys.executable, *start, *map(str, words)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


ENVELOPE = "AU12=4@0-0.04-0.04-0.08"


@pytest.fixture(scope="module")
def driver(mien, tmp_path_factory: pytest.TempPathFactory, face_file: Path) -> Path:
    out = tmp_path_factory.mktemp("driver") / "driver.mkv"
    made = mien("generate", face_file, "--out", out, "--au", ENVELOPE, "--fps", 50)
    assert made.returncode == 0, made.stderr
    return out


def test_generate_takes_its_settings_and_records_it(mien, face_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "tinted.mkv"
    words = ("--engine", "tint", "--amount", 20, "--colour", "blue", "--au", ENVELOPE, "--fps", 50)
    made = mien("generate", face_file, "--out", out, *words)
    assert made.returncode == 0, made.stderr
    assert made.stderr.splitlines()[-1] == "mien: warning: the skin is tinted"
    rest, *_, apex, _, _ = (frame.astype(int) for _, frame in open_clip(out))
    change = (apex - rest).max((0, 1))
    assert change[0] == change[1] == 0 and change[2] > 60
    sidecar = read_sidecar(tmp_path / "tinted.mkv.json")
    assert sidecar.engine == "tint"
    assert sidecar.settings["amount"] == 20.0 and sidecar.settings["colour"] == "blue"
    assert sidecar.settings["network"] == {"version": "1.0", "frames": 5}
    assert sidecar.settings["notes"][-1] == "the skin is tinted"
    shown = mien("generate", "--help")
    assert "--amount X" in shown.stdout and "For tint: Grey levels" in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--amount", -1), "expected --amount a number of at least 0, got -1"),
        (("--colour", "green"), "expected one of blue, red after --colour, got 'green'"),
        (("--au", "AU1=2@0-0.02-0.02-0.04"), "the tint engine does not know AU1"),
    ],
)
def test_what_it_does_not_take_is_refused(
    mien, face_file: Path, tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    what = words if "--au" in words else (*words, "--au", ENVELOPE)
    made = mien("generate", face_file, "--out", tmp_path / "a.mkv", "--engine", "tint", *what)
    assert made.returncode == 2 and said in made.stderr and made.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_transfer_drives_it_by_measured_aus(
    mien, driver: Path, face_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "moved.mkv"
    made = mien("transfer", driver, face_file, "--out", out, "--engine", "tint", "--recode", "none")
    assert made.returncode == 0, made.stderr
    sidecar = read_sidecar(tmp_path / "moved.mkv.json")
    assert sidecar.track is not None and {"AU12L", "AU12R"} & set(sidecar.track.names)
    assert sidecar.settings["colour"] == "red" and sidecar.settings["network"]["frames"] == 5


def test_batch_keeps_its_clips(mien, face_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"portrait,name,aus\n{face_file},one,{ENVELOPE}\n")
    words = (
        "batch",
        table,
        "--out",
        tmp_path / "clips",
        "--engine",
        "tint",
        "--amount",
        5,
        "--json",
    )
    assert json.loads(mien(*words).stdout)["made"] == 1
    assert json.loads(mien(*words).stdout)["kept"] == 1
    words = (*words[:-2], 6, "--json")
    assert json.loads(mien(*words).stdout)["made"] == 1


def test_augment_draws_what_it_can_show(mien, tmp_path: Path, small_face: np.ndarray) -> None:
    people = tmp_path / "people"
    for name, face in (("ann", small_face), ("bob", small_face[:, ::-1])):
        write_png(people / f"{name}.png", np.ascontiguousarray(cv2.resize(face, (160, 192))))
    words = ("--engine", "tint", "--amount", 8, "--count", 2, "--frames", "two", "--no-film")
    made = mien(
        *("augment", "--portraits", people, "--out", tmp_path / "set", *words),
        *("--size", 96, "--flow", "dis", "--emotions", "happiness"),
    )
    assert made.returncode == 0, made.stderr
    assert "warning: tint-0-000000: the skin is tinted" in made.stderr
    with (tmp_path / "set" / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["aus"].strip("LRABCDE") for row in rows} <= {"12", "4", "4+12"}
    sidecar = read_sidecar(tmp_path / "set" / "clips" / "tint-0-000000.mkv.json")
    assert sidecar.settings["amount"] == 8.0
    record = json.loads((tmp_path / "set" / "augment.json").read_text())
    assert record["network"] == {"version": "1.0"}


def test_the_list_and_the_studio_show_it_with_its_settings(mien, tmp_path: Path) -> None:
    listed = json.loads(mien("engines", "--json").stdout)["engines"]
    tint = next(engine for engine in listed if engine["name"] == "tint")
    assert [each["name"] for each in tint["settings"]] == ["amount", "colour"]
    pytest.importorskip("fastapi", reason="needs the extra studio")
    script = f"""
import json
from fastapi.testclient import TestClient
from mien.studio.app import create_app
app = create_app({str(tmp_path / "studio")!r})
with TestClient(app, base_url="http://127.0.0.1") as client:
    client.get(app.state.key.url(""))
    print(json.dumps(client.get("/api/engines").json()))
"""
    shown = mien(script=script)
    assert shown.returncode == 0, shown.stderr
    tint = next(e for e in json.loads(shown.stdout)["engines"] if e["name"] == "tint")
    assert tint["installed"] and set(tint["tabs"]) == {"design", "transfer"}
    assert [each["name"] for each in tint["settings"]] == ["amount", "colour"]
