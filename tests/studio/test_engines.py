"""The engines' list, and an engine of another package through all of the studio's routes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mien.cli.main import main
from mien.engines import registry
from mien.engines.registry import BUILT_IN
from mien.install import install_command
from mien.io.clips import open_clip
from mien.io.images import read_image
from mien.io.openface import read_openface
from mien.io.sidecar import read_sidecar, sidecar_path
from tests.studio.tint import BROKEN, TINT

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "src" / "mien" / "studio"


def listed(client: Any) -> dict[str, Any]:
    return {each["name"]: each for each in client.get("/api/engines").json()["engines"]}


def test_the_list_is_made_from_the_specs(client):
    answer = client.get("/api/engines").json()
    assert answer["defaults"] == {"design": "rig", "transfer": "mesh"}
    found = {each["name"]: each for each in answer["engines"]}
    assert list(found) == list(BUILT_IN)
    for name, spec in BUILT_IN.items():
        assert found[name]["text"] == spec.about
        assert found[name]["speed"] == ("fast" if spec.fast else "slow")
        assert found[name]["uses_aus"] == spec.uses_aus
        shown = [each["name"] for each in found[name]["settings"]]
        assert shown == [each.name for each in spec.settings.described() if not each.advanced]
    assert [each["name"] for each in found["mesh"]["settings"]] == ["gaze", "head_motion"]
    assert found["rig"]["aus"] is None
    driving = next(each for each in found["mraa"]["settings"] if each["name"] == "driving")
    assert driving["choices"] == ["relative", "absolute"]  # "avd" needs a folder
    if found["ulme-gan"]["installed"]:
        assert {"AU12L", "AU17", "AU43L"} <= set(found["ulme-gan"]["aus"])
        assert "AU28" not in found["ulme-gan"]["aus"]


def test_an_engine_whose_packages_are_missing(client, monkeypatch):
    monkeypatch.setattr("mien.engines.spec.find_spec", lambda name: None)
    found = listed(client)
    assert found["rig"]["installed"] and found["mesh"]["installed"]
    assert not found["fomm"]["installed"]
    assert found["fomm"]["why_not"] == install_command("torch")


def test_an_engine_that_cannot_be_made_says_why(client, monkeypatch):
    def fail(settings: Any) -> None:
        raise RuntimeError("no\nlicence")

    found = registry._PluggedIn({"tint": replace(TINT, build=fail)}, {})
    monkeypatch.setattr(registry, "_plugged_in", lambda: found)
    engine = listed(client)["tint"]
    assert not engine["installed"] and engine["why_not"] == "no licence"


def test_no_engine_is_named_in_the_studio():
    allowed = {"engines_zh.js"}  # translations by the engine's name
    for file in [*SCRIPTS.rglob("*.py"), *SCRIPTS.rglob("*.js")]:
        text = file.read_text(encoding="utf-8")
        named = [name for name in BUILT_IN if f'"{name}"' in text or f"'{name}'" in text]
        assert file.name in allowed or not named, (file.name, named)


def test_engines_with_chinese_words_have_them_for_every_setting():
    """An engine without any is shown in English."""
    text = (SCRIPTS / "static" / "js" / "engines_zh.js").read_text(encoding="utf-8")
    translated = [s for s in BUILT_IN.values() if re.search(rf'^  "?{s.name}"?: {{', text, re.M)]
    assert len(translated) >= 5
    for spec in translated:
        for each in spec.settings.described():
            if not each.advanced and each.kind != "path":
                assert re.search(rf"\b{each.name}: {{\s+label:", text), each.name


def test_an_engine_of_another_package_is_listed(client, tint):
    found = listed(client)
    engine = found["tint"]
    assert engine["installed"] and engine["tabs"] == ["design", "transfer"]
    assert engine["aus"] == ["AU12L", "AU12R"] and engine["uses_aus"]
    kinds = {each["name"]: each["kind"] for each in engine["settings"]}
    assert kinds == {
        "levels": "number",
        "darker": "switch",
        "channel": "choice",
        "rows": "whole number",
        "label": "text",
    }
    broken = found["broken"]
    assert not broken["installed"] and broken["why_not"] == BROKEN


def test_its_settings_reach_the_preview(client, design, face_file, tint):
    still = read_image(face_file).astype(int)

    def change(**settings: Any) -> np.ndarray:
        asked = {
            "design": design | {"engine": "tint", "settings": settings},
            "time_seconds": 0.1,
            "format": "png",
        }
        answer = client.post("/api/preview/frame", json=asked)
        assert answer.status_code == 200, answer.text
        made = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
        return np.median((made.astype(int) - still).reshape(-1, 3), axis=0)

    assert change().tolist() == [20, 20, 20]  # 5 levels at an intensity of 4
    # Each in turn: a preview of other settings must not come from the cache.
    assert change(levels=2).tolist() == [8, 8, 8]
    assert change(levels=2, channel="green").tolist() == [0, 8, 0]
    assert change(darker=True, levels=2.0).tolist() == [-8, -8, -8]
    assert change().tolist() == [20, 20, 20]
    warm = {"portrait": design["portrait"], "engine": "tint", "settings": {"levels": 2}}
    assert client.post("/api/preview/warm", json=warm).status_code == 204


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"shading": True}, "shading needs engine rig, got engine tint"),
        ({"levels": -1}, "expected levels a number of at least 0, got -1"),
        ({"levels": 10**400}, "expected levels a number of at least 0, got"),
        ({"darker": "yes"}, "expected darker true or false, got 'yes'"),
        ({"channel": ["red"]}, "expected channel red or green, got ['red']"),
        ({"rows": 1.5}, "expected rows a whole number of at least 1, got 1.5"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(client, design, portrait, tint, settings, says):
    wrong = design | {"engine": "tint", "settings": settings}
    sheet = {
        **{"name": "s", "portraits": [portrait["id"]], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1], "durations_seconds": [0.2], "engine": "tint", "settings": settings},
    }
    for route, asked in (
        ("/api/preview/frame", {"design": wrong}),
        ("/api/preview/check", {"design": wrong}),
        ("/api/exports", {"design": wrong}),
        ("/api/code", {"design": wrong}),
        ("/api/stimuli/plan", sheet),
    ):
        answer = client.post(route, json=asked)
        assert answer.status_code == 422, route
        error = answer.json()["error"]
        assert error["kind"] == "UsageError" and error["message"].startswith(says), route
    answer = client.put("/api/projects/a", json={"design": wrong})
    assert answer.status_code == 422


def test_an_engine_that_is_not_there_or_not_for_designs(client, design, tint):
    for name in ("broken", "nothing", "mesh"):
        answer = client.post("/api/exports", json={"design": design | {"engine": name}})
        assert answer.status_code == 422 and answer.json()["error"]["kind"] == "UsageError"
    answer = client.post("/api/exports", json={"design": design | {"engine": "broken"}})
    assert "broken_package" in answer.json()["error"]["message"]


def test_export_project_and_code_keep_the_settings(
    client, design, finish, tint, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    chosen = {"levels": 4, "rows": 40, "darker": False}
    mine = design | {"engine": "tint", "settings": chosen}
    job = finish(client.post("/api/exports", json={"design": mine, "kind": "mkv"}))
    assert job["state"] == "done", job
    path = Path(job["result"]["path"])
    made = [frame.astype(int) for _, frame in open_clip(path)]
    assert np.median((made[5] - made[0])[:40]) == 16 and not (made[5] - made[0])[40:].any()
    record = read_sidecar(sidecar_path(path)).settings
    assert (record["levels"], record["rows"], record["secret"]) == (4, 40, 3)

    client.put("/api/projects/tinted", json={"design": mine})
    place = tmp_path / "studio" / "projects" / "tinted.json"
    # In the file as ever: flat, and without what has its default.
    assert json.loads(place.read_text())["options"] == {"levels": 4, "rows": 40}
    opened = client.get("/api/projects/tinted").json()["design"]
    assert (opened["engine"], opened["settings"]) == ("tint", {"levels": 4, "rows": 40})
    assert main(["render", str(place), "--out", "rendered.mkv"]) == 0
    said = client.post("/api/code", json={"design": opened, "file_name": "again"}).json()
    assert "'levels': 4" in said["python"] and "engine_settings=" in said["python"]
    exec(said["python"], {})
    (tmp_path / "again.mkv").rename(tmp_path / "python.mkv")
    words = shlex.split(said["command"])
    assert "--levels 4.0 --rows 40" in said["command"] and main(words[1:]) == 0
    for name in ("rendered.mkv", "python.mkv", "again.mkv"):
        same = [frame for _, frame in open_clip(tmp_path / name)]
        assert np.array_equal(same, made), name


def test_a_transfer_and_its_table(client, design, portrait, finish, tint):
    smile = finish(client.post("/api/exports", json={"design": design, "kind": "mkv"}))["result"]
    content = client.get(smile["url"]).content
    clip = client.post("/api/clips?name=driver.mkv", content=content).json()
    transfer = {"portrait": portrait["id"], "clip": clip["id"], "engine": "tint", "recode": "none"}
    transfer |= {"settings": {"darker": True}, "threshold": 0}
    job = finish(client.post("/api/transfers", json={"design": transfer, "size_px": 128}))
    assert job["state"] == "done", job
    assert set(job["result"]["intensities"]) <= {"AU12", "AU12L", "AU12R"}
    assert any("does not know" in note for note in job["result"]["notes"])
    other = transfer | {"settings": {}}
    again = finish(client.post("/api/transfers", json={"design": other, "size_px": 128}))
    assert again["result"]["id"] != job["result"]["id"]
    table = finish(client.post("/api/exports", json={"design": transfer, "kind": "csv"}))
    assert len(read_openface(table["result"]["path"]).track) == 11
    client.put("/api/projects/carried", json={"design": transfer})
    opened = client.get("/api/projects/carried").json()["design"]
    assert opened["settings"] == {"darker": True} and opened["recode"] == "none"
    wrong = transfer | {"settings": {"gaze": True}}
    answer = client.post("/api/transfers", json={"design": wrong})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == ("gaze needs engine mesh, got engine tint")


def test_projects_of_before(client, design, finish, portrait, tmp_path):
    """Files that an earlier studio wrote: options without a place of their own for settings."""
    client.put("/api/projects/a", json={"design": design | {"settings": {"shading": False}}})
    place = tmp_path / "studio" / "projects" / "a.json"
    record = json.loads(place.read_text())
    assert record["options"] == {"shading": False}
    smile = finish(client.post("/api/exports", json={"design": design, "kind": "mkv"}))["result"]
    content = client.get(smile["url"]).content
    clip = client.post("/api/clips?name=driver.mkv", content=content).json()
    driver = {"path": "../clips/driver.mkv", "sha256": clip["sha256"]}
    record |= {"motion": {"kind": "transfer", "driver": driver}, "engine": "mesh"}
    record["options"] = {"gaze": True, "head_motion": False, "strength": 2.0}
    opened = client.post("/api/projects/open", content=json.dumps(record)).json()["design"]
    assert opened["settings"] == {"gaze": True, "head_motion": False}
    assert opened["strength"] == 2.0 and "gaze" not in opened
    assert client.put("/api/projects/b", json={"design": opened}).status_code == 200
    saved = json.loads((tmp_path / "studio" / "projects" / "b.json").read_text())
    assert saved["options"] == {"strength": 2.0, "gaze": True}
    record["options"] = {"shading": True}
    refused = client.post("/api/projects/open", content=json.dumps(record))
    assert refused.status_code == 422 and "unknown option 'shading'" in refused.text


def test_a_sheet_with_settings(client, portrait, finish, tint, tmp_path):
    asked = {
        **{"name": "tinted", "portraits": [portrait["id"]], "intensities": [4]},
        "expressions": [{"name": "smile", "envelopes": [_smile()]}],
        **{"durations_seconds": [0.1], "fps": "50", "format": "mkv"},
        **{"engine": "tint", "settings": {"levels": 4}},
    }
    made = finish(client.post("/api/stimuli", json=asked))["result"]
    assert (made["made"], made["failed"]) == (1, [])
    (clip,) = (tmp_path / "studio" / "stimuli" / "tinted").glob("*.mkv")
    frames = np.stack([frame for _, frame in open_clip(clip)]).astype(int)
    assert np.median(frames - frames[0], axis=(1, 2, 3)).max() == pytest.approx(16, abs=1)
    # Other settings are other clips.
    again = finish(client.post("/api/stimuli", json=asked | {"settings": {"levels": 9}}))["result"]
    assert (again["made"], again["kept"]) == (1, 0)


def _smile() -> dict[str, Any]:
    times = {"onset_seconds": 0, "apex_start_seconds": 0.04, "apex_end_seconds": 0.06}
    return {"au": "AU12", **times, "offset_seconds": 0.1, "peak_intensity": 4}


def test_an_installed_entry_point(tmp_path, face_file):
    """A package with an entry point, in a process of its own."""
    site = tmp_path / "site"
    facts = site / "tint-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: tint\nVersion: 1\n")
    points = "[mien.engines]\ntint = tests.studio.tint:TINT\nbad = tests.studio.nothing:SPEC\n"
    (facts / "entry_points.txt").write_text(points)
    script = tmp_path / "ask.py"
    script.write_text(
        f"""
import json
from pathlib import Path
from mien.studio.app import create_app
from tests.studio.visitor import visitor
from mien.install import install_command

with visitor(create_app({str(tmp_path / "studio")!r})) as client:
    engines = {{each["name"]: each for each in client.get("/api/engines").json()["engines"]}}
    face = Path({str(face_file)!r}).read_bytes()
    portrait = client.post("/api/portraits?name=face.png", content=face).json()["id"]
    design = {{"portrait": portrait, "engine": "tint", "settings": {{"levels": 9}}}}
    frame = client.post("/api/preview/frame", json={{"design": design}})
    print(json.dumps([engines["tint"]["settings"], engines["bad"], frame.status_code]))
"""
    )
    paths = os.pathsep.join([str(site), str(ROOT), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    settings, bad, status = json.loads(done.stdout.splitlines()[-1])
    assert [each["name"] for each in settings] == ["levels", "darker", "channel", "rows", "label"]
    assert not bad["installed"] and "tests.studio.nothing" in bad["why_not"]
    assert status == 200
