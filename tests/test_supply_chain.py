"""What is installed beside Mien is what was tested, and a release says what is in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from tools.release import build
from tools.release.licences import OF_ASSETS, of_asset, of_package, stated
from tools.release.lock import (
    CONSTRAINTS,
    LOCK,
    Locked,
    disagreements,
    normal,
    read_constraints,
    read_lock,
)
from tools.release.needs import needed, needed_by
from tools.release.sbom import ASSETS, MODELS, sbom

ROOT = Path(__file__).parents[1]
HASHES = frozenset({"0" * 64})


@pytest.fixture(scope="module")
def locked() -> dict[str, Locked]:
    return read_lock(LOCK.read_text())


def test_lock_and_constraints_agree(locked):
    constraints = read_constraints(CONSTRAINTS.read_text())
    assert len(constraints) > 100 and disagreements(constraints, locked) == []


def test_every_requirement_is_locked_with_hashes(locked):
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = facts["optional-dependencies"].values()
    asked = [*facts["dependencies"], *(each for extra in extras for each in extra)]
    names = {normal(re.match(r"[\w.-]+", each)[0]) for each in asked} - {"mien"}
    assert names <= locked.keys(), "run python -m tools.release.lock"
    assert all(entry.hashes for entry in locked.values())
    assert len(locked["numpy"].hashes) > 20  # of all platforms, not of this one alone


def test_the_metadata_agree_with_the_pages():
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    minors = [each.rpartition(".")[2] for each in facts["classifiers"] if ":: Python :: 3." in each]
    assert facts["requires-python"] == f">=3.{minors[0]},<3.{int(minors[-1]) + 1}"
    systems = [each for each in facts["classifiers"] if each.startswith("Operating System")]
    assert [each.rpartition(" :: ")[2] for each in systems] == ["MacOS", "Windows", "Linux"]


def test_no_index_stands_in_what_is_committed():
    for path in (CONSTRAINTS, LOCK):
        assert not re.search(r"://|--(extra-)?index-url|--find-links|@ ", path.read_text())


@pytest.mark.parametrize(
    ("constraints", "lock", "says"),
    [
        ({"a": "1"}, {}, "a is not locked"),
        ({"a": "1"}, {"a": Locked("2", "", HASHES)}, "a is 2, and 1 in constraints.txt"),
        ({"a": "1"}, {"a": Locked("1", "", frozenset())}, "a has no hash"),
        ({}, {"a": Locked("1", "", HASHES)}, "constraints.txt does not have it"),
    ],
)
def test_disagreements_are_found(constraints, lock, says):
    (found,) = disagreements(constraints, lock)
    assert says in found


def test_packages_of_other_platforms_and_their_markers():
    text = "\n".join(
        [
            "# head",
            "a.B==1 ; sys_platform == 'win32' \\",
            f"    --hash=sha256:{'0' * 64} \\",
            f"    --hash=sha256:{'1' * 64}",
            f"c==2 --hash=sha256:{'2' * 64}",
        ]
    )
    lock = read_lock(text)
    assert lock["a-b"].marker == "sys_platform == 'win32'" and len(lock["a-b"].hashes) == 2
    assert lock["c"] == Locked("2", "", frozenset({"2" * 64}))
    assert disagreements({"c": "2"}, lock) == []
    for bad in ("a>=1\n", "a==1\na==1\n", "-r other.txt\n"):
        with pytest.raises(ValueError, match="expected one package"):
            read_lock(bad)


def test_pip_takes_the_hashes(tmp_path, locked):
    """As pip itself reads them: a wheel with other content is refused."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = wheels / "tomlish-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        facts = "tomlish-1.0.dist-info"
        packed.writestr(f"{facts}/METADATA", "Metadata-Version: 2.1\nName: tomlish\nVersion: 1.0\n")
        packed.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        packed.writestr(f"{facts}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    ask = [sys.executable, "-m", "pip", "download", "--no-index", "--find-links", str(wheels)]
    ask += ["--no-deps", "--require-hashes", "--dest", str(tmp_path / "got"), "-r"]
    for number, (given, code) in enumerate([(digest, 0), ("0" * 64, 1)]):
        lock = tmp_path / f"{number}.lock"
        lock.write_text(f"tomlish==1.0 \\\n    --hash=sha256:{given}\n")
        assert read_lock(lock.read_text())["tomlish"].hashes == {given}
        ran = subprocess.run([*ask, str(lock)], capture_output=True, text=True, check=False)
        assert ran.returncode == code, ran.stderr
    assert "DO NOT MATCH THE HASHES" in ran.stderr


def test_the_bill_of_materials(tmp_path, locked):
    wheel = tmp_path / "mien-1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    requires = ["numpy>=1", "torch>=2; extra == 'torch'", "fastapi; extra == 'studio'"]
    bill = json.loads(json.dumps(sbom("1.0", requires, locked, [wheel])))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    me = bill["metadata"]["component"]
    assert me["components"][0]["hashes"][0]["content"] == hashlib.sha256(b"wheel").hexdigest()
    assert "purl" not in me  # whoever looked it up would find another project
    by_name = {each["name"]: each for each in bill["components"]}
    assert by_name["numpy"]["scope"] == "required" and by_name["torch"]["scope"] == "optional"
    assert by_name["numpy"]["purl"] == f"pkg:pypi/numpy@{locked['numpy'].version}"
    assert by_name["numpy"]["licenses"]
    model = by_name["face_landmarker.task"]
    assert model["type"] == "machine-learning-model"
    assert model["hashes"][0]["content"].startswith("64184e229b26")
    refs = [each["bom-ref"] for each in (me, *me["components"], *bill["components"])]
    assert len(refs) == len(set(refs))
    edges = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert {ref for each in edges.values() for ref in each} <= set(refs)
    assert by_name["numpy"]["bom-ref"] in edges[by_name["scipy"]["bom-ref"]]


def test_the_scripts_of_jspsych_are_in_the_bill():
    names = {f"jspsych/{path.name}" for path in (ASSETS / "jspsych").glob("*.js")}
    parts = {each["name"]: each for each in sbom("1.0", [], {}, [])["components"]}
    assert names == {name for name in parts if name.startswith("jspsych/")}
    for name in names:
        script, part = ASSETS / name, parts[name]
        assert f'="{part["version"]}"' in script.read_text("utf-8")
        assert part["hashes"][0]["content"] == hashlib.sha256(script.read_bytes()).hexdigest()
        assert part["licenses"] == [{"license": {"id": "MIT"}}]
        assert part["purl"].startswith("pkg:npm/") and part["purl"].endswith(part["version"])


@pytest.mark.parametrize(
    ("facts", "licence"),
    [
        ("License-Expression: MIT\nLicense: BSD", {"expression": "MIT"}),
        (
            "License: 3-Clause BSD License\nClassifier: License :: OSI Approved :: BSD License",
            {"license": {"name": "3-Clause BSD License"}},
        ),
        (
            "License: UNKNOWN\nClassifier: License :: OSI Approved\n"
            "Classifier: License :: OSI Approved :: MIT License",
            {"license": {"name": "MIT License"}},
        ),
        (
            f"License: {'a text ' * 20}\nClassifier: License :: OSI Approved :: BSD License",
            {"license": {"name": "BSD License"}},
        ),
        ("Classifier: Topic :: Software", None),
    ],
)
def test_licences_are_read_where_packages_state_them(facts, licence):
    assert stated(message_from_string(facts)) == ([] if licence is None else [licence])


def test_a_licence_that_is_not_known_is_said_to_be_unknown():
    (said,) = of_package("no-such-package")["properties"]
    assert said["name"] == "mien:licence" and "not installed" in said["value"]
    assert of_package("numpy").keys() == {"licenses"}


def test_what_the_core_needs_through_others_is_required(locked):
    bill = sbom("1.0", ["ai-edge-litert>=2", "torch; extra == 'torch'"], locked, [])
    scopes = {each["name"]: each.get("scope") for each in bill["components"]}
    for name in ("ai-edge-litert", "flatbuffers", "protobuf", "tqdm", "colorama"):
        assert scopes[name] == "required", name  # colorama: tqdm needs it on Windows
    assert (scopes["torch"], scopes["sympy"]) == ("optional", "optional")


def test_markers_and_extras_decide_what_is_needed():
    lines = [
        "a.B[fast]",
        "old; python_version < '3'",
        "win; sys_platform == 'win32'",
        "x; extra == 'y'",
    ]
    assert needed(lines) == {"a-b": {"fast"}, "win": frozenset()}
    assert "x" in needed(lines, "y") and needed_by("no-such-package") == {}


def test_every_model_has_a_licence():
    models = [path for path in ASSETS.rglob("*") if path.suffix in MODELS]
    stated_for = {path.name: of_asset(path)["licenses"][0]["expression"] for path in models}
    assert len(models) == 10 and set(OF_ASSETS) <= stated_for.keys()
    assert stated_for["model-00001-of-00001.safetensors"] == "Apache-2.0"
    notice = (ROOT / "NOTICE").read_text()
    assert {name for name in OF_ASSETS if f"\n{name}\n" in notice} == OF_ASSETS.keys() - {
        "seen_basis.npz"
    }


def small_project(project: Path) -> Path:
    package = project / "src" / "mien"
    (package / "assets").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "version.py").write_text('__version__ = "1.0"\n')
    (package / "assets" / "a.npz").write_bytes(b"x")
    for name in ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, project / name)
    (project / "tests").mkdir()
    (project / "tests" / "test_a.py").touch()
    (project / "docs").mkdir()
    (project / "docs" / "a.md").touch()
    return project


def test_two_builds_have_the_same_bytes(tmp_path):
    """Also with other times, permissions and places of the source."""
    first = small_project(tmp_path / "one" / "project")
    second = small_project(tmp_path / "another" / "folder")
    for number, path in enumerate(sorted(second.rglob("*"), reverse=True)):
        if path.is_file():
            path.chmod(0o600)
        os.utime(path, (10**9 + number, 10**9 + number))
    before = os.umask(0o077)
    try:
        others = build.build(second, tmp_path / "dist2")
    finally:
        os.umask(before)
    made = build.build(first, tmp_path / "dist1")
    assert [each.name for each in made] == [each.name for each in others]
    assert [each.read_bytes() for each in made] == [each.read_bytes() for each in others]
    assert sorted((tmp_path / "dist1").iterdir()) == sorted(made)


def test_the_archives_have_the_asked_date(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    archive, wheel = build.build(small_project(tmp_path / "project"), tmp_path / "dist")
    dates = {each.date_time for each in zipfile.ZipFile(wheel).infolist()}
    assert dates == {(2001, 9, 9, 1, 46, 40)}
    with tarfile.open(archive) as packed:
        members = packed.getmembers()
        names = {each.name.partition("/")[2] for each in members}
    assert {each.mtime for each in members} == {1000000000}
    assert {(each.uid, each.gid, each.uname, each.gname) for each in members} == {(0, 0, "", "")}
    assert {"README.md", "docs/a.md", "src/mien/assets/a.npz"} <= names
    assert not any(name.startswith("tests") for name in names)  # they need files of the checkout


def test_a_release_of_a_small_project_is_whole(tmp_path):
    """Built as the real one is; a file that is in no wheel is found."""
    project = small_project(tmp_path / "project")
    package = project / "src" / "mien"
    before = {path for path in project.rglob("*")}
    archive, wheel = build.build(project, tmp_path / "dist")
    assert (
        archive.suffixes[-2:] == [".tar", ".gz"] and {path for path in project.rglob("*")} == before
    )
    assert "mien/assets/a.npz" in zipfile.ZipFile(wheel).namelist()
    assert any(each.startswith("numpy") for each in build.requirements(wheel))
    (package / "forgotten.dat").write_bytes(b"x")
    with pytest.raises(SystemExit, match=r"lacks 1 files, such as mien/forgotten\.dat"):
        build.build(project, tmp_path / "dist")
