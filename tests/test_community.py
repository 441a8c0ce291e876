"""What GitHub and citation managers read beside the code is whole."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tools import make_readme_animation as animation

import mien

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_citation() -> None:
    """What CFF 1.2.0 requires, and no address or person that was made up."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    keys = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    assert {"cff-version", "message", "title", "authors"} <= set(keys) == {*keys}
    allowed = {"abstract", "authors", "cff-version", "keywords", "license", "message", "title"}
    assert set(keys) <= allowed | {"type", "version", "date-released", "doi", "repository-code"}
    assert "cff-version: 1.2.0" in text and re.search(r"^type: software$", text, re.MULTILINE)
    assert f"\nversion: {mien.__version__}\n" in text
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.search(r"^date-released: (.+)$", text, re.MULTILINE)
    assert released and f"\n## [{mien.__version__}] - {released[1]}\n" in changes
    licence = re.search(r"^license: (.+)$", text, re.MULTILINE)
    assert licence and f'license = "{licence[1]}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_issue_templates(template: Path) -> None:
    yaml = pytest.importorskip("yaml")
    form = yaml.safe_load(template.read_text(encoding="utf-8"))
    if template.name == "config.yml":
        return
    assert {"name", "description", "body"} <= form.keys()
    fields = [each for each in form["body"] if each["type"] != "markdown"]
    assert any(each.get("validations", {}).get("required") for each in fields)
    names = [each["id"] for each in fields]
    assert len(names) == len(set(names)) and all(each["attributes"]["label"] for each in fields)


def test_no_page_names_an_invented_address() -> None:
    pages = [*ROOT.glob("*.md"), ROOT / "CITATION.cff", *(ROOT / ".github").rglob("*.*")]
    assert len(pages) > 8
    for page in pages:
        assert not re.search(r"[\w.]+@[\w-]+\.[a-z]{2}", page.read_text(encoding="utf-8")), page


def test_the_moving_picture() -> None:
    from PIL import Image

    assert animation.OUT.stat().st_size <= animation.MAX_BYTES
    with Image.open(animation.OUT) as picture:
        assert picture.size == (852, 308)
        assert b"compositeSynthetic" in picture.info["xmp"]
        shown_ms = 0
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            shown_ms += picture.info["duration"]
    true, slow = animation.times_seconds()
    assert shown_ms == len(true) * animation.FRAME_MS
    label = animation.labels()[0]
    assert label == f"true speed: {animation.moving_seconds():.2f} s" == "true speed: 0.37 s"
    # At true speed the course runs as the clock does; slowed it takes eight times as long.
    step = animation.FRAME_MS / 1000
    assert abs(true[1] - true[0] - step) < 1e-9 and abs(slow[1] - slow[0] - step / 8) < 1e-9


def test_the_start_scripts() -> None:
    shell = ROOT / "start_studio.command"
    subprocess.run(["sh", "-n", shell], check=True)
    assert shell.stat().st_mode & 0o111
    batch = (ROOT / "start_studio.bat").read_bytes()
    assert batch.count(b"\n") == batch.count(b"\r\n") > 20
    for text in (shell.read_text(), batch.decode("ascii")):
        assert "-c constraints.txt" in text and '".[studio]"' in text and "-m mien studio" in text


def test_the_start_script_installs_once_and_starts(tmp_path: Path) -> None:
    """With a Python that only writes down how it is called."""
    script = tmp_path / "a folder" / "start_studio.command"
    script.parent.mkdir()
    script.write_bytes((ROOT / script.name).read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    python = programs / "python3.11"
    python.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$@" >> "$LOG"\n'
        '[ "$2" = venv ] && mkdir -p .venv/bin && cp "$0" .venv/bin/python\nexit "${FAIL:-0}"\n'
    )
    python.chmod(0o755)
    log = tmp_path / "log"

    def start(*words: str, fail: str = "0") -> subprocess.CompletedProcess[str]:
        log.unlink(missing_ok=True)
        paths = f"{programs}:/usr/bin:/bin"
        return subprocess.run(
            ["sh", script, *words],
            env={"PATH": paths, "LOG": str(log), "FAIL": fail},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    failed = start(fail="1")
    assert failed.returncode == 1 and "cannot make the folder .venv" in failed.stderr
    assert start("--port", "0").returncode == 0
    venv, install, studio = ["", *log.read_text().splitlines()][-3:]
    assert venv == "-m venv .venv"  # again: the first try may have left one without pip
    assert install.endswith("-c constraints.txt -e .[studio]")
    assert studio == "-m mien studio --port 0"
    assert start().returncode == 0 and log.read_text() == "-m mien studio\n"


def test_the_image_copies_what_it_needs() -> None:
    """Each file that the Dockerfile copies is there, and not ignored; its extras exist."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()
    ]
    assert "pyproject.toml" in copied and "src" in copied
    for name in copied:
        assert (ROOT / name).exists() and f"!{name.removeprefix('./')}" in allowed, name
    extras = re.search(r'"\.\[(.+)\]"', text)
    assert extras is not None
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(
        re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras[1].split(",")
    )
