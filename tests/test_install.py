"""What people are told to install: this copy of Mien, and never a name that somebody else may own."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from mien import install
from mien.engines.spec import Extra
from mien.install import install_command, own_extra

ROOT = Path(__file__).parents[1]
BARE = re.compile(r"""pip3?\s+install\s+(?:-\S+\s+(?:\S+\.txt\s+)?)*["'`]?mien\b(?!/)""")
READ = ("src/**/*.py", "src/**/*.js", "src/**/*.html", "tests/**/*.py", "tools/**/*.py")
READ += ("benchmarks/**/*.py", "docs/**/*.md", "*.md", "Makefile", ".ci/*", "constraints.txt")


def test_nothing_tells_anybody_to_install_the_bare_name():
    files = [path for pattern in READ for path in ROOT.glob(pattern) if path.is_file()]
    assert len(files) > 500
    found = [path for path in files if BARE.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in found if path != Path(__file__)] == []
    bare = ("pip install mien", 'pip install "mien[x]"', "pip install -U -c a.txt 'mien[x]'")
    assert all(map(BARE.search, bare)), "the search finds what it is for"
    assert not BARE.search('pip install -c constraints.txt -e ".[demo]"')


def test_a_checkout_names_its_folder():
    pip = f"{sys.executable} -m pip"
    assert install_command("torch") == f'{pip} install -e "{ROOT}[torch]"'


def test_the_command_belongs_to_this_python(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/opt/a-b/.venv/bin/python3.11")
    assert install_command("torch").startswith("/opt/a-b/.venv/bin/python3.11 -m pip install -e ")
    for unusual in ("/my folder/python", "", None):
        monkeypatch.setattr(sys, "executable", unusual)
        assert install_command("torch").startswith("pip install -e ")


class Installed:
    def __init__(self, noted: str | None) -> None:
        self.noted = noted

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self.noted


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Mien in a place of its own, as pip puts it."""
    monkeypatch.setattr(
        install, "__file__", str(tmp_path / "site-packages" / "mien" / "install.py")
    )

    def note(noted: object) -> None:
        text = None if noted is None else json.dumps(noted)
        monkeypatch.setattr("importlib.metadata.distribution", lambda name: Installed(text))

    return note


def test_a_wheel_names_its_file(tmp_path, elsewhere):
    wheel = tmp_path / "my wheels" / "mien-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.touch()
    elsewhere({"url": wheel.as_uri(), "archive_info": {}})
    assert install_command("torch") == f'{sys.executable} -m pip install "{wheel}[torch]"'


@pytest.mark.parametrize(
    "noted",
    [None, {}, {"url": "file:///no/such/mien.whl"}, {"url": "https://example.com/mien.whl"}, []],
)
def test_where_nothing_is_known_the_user_puts_the_path(elsewhere, noted):
    elsewhere(noted)
    said = install_command("torch")
    assert '-m pip install "PATH[torch]" with' in said and "folder or wheel" in said
    assert not BARE.search(said)


def test_engines_of_other_packages_name_theirs():
    assert own_extra("mien[torch]") == "torch" and own_extra("tint[torch]") is None
    assert Extra("tint[torch]", ("json",)).command == 'pip install "tint[torch]"'
    assert Extra("mien[torch]", ("json",)).command == install_command("torch")
    assert own_extra("mien") is None and own_extra("mienx[torch]") is None
