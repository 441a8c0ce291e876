"""The table of platforms names exactly the packages that a platform has no wheel of."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tools.doc_tables import read_table
from tools.release.platforms import (
    NAME,
    PAGE,
    PLATFORMS,
    cell,
    needed,
    project_text,
    read_uv_lock,
    table,
    without_wheel,
)

ROOT = Path(__file__).parents[1]
BY_LABEL = {each.label: each for each in PLATFORMS}
LINUX, WINDOWS = BY_LABEL["Linux x86-64"], BY_LABEL["Windows x86-64"]
MAC, INTEL_MAC = BY_LABEL["macOS arm64"], BY_LABEL["macOS x86-64"]


def package(*files: str, **facts: object) -> dict[str, object]:
    return {"wheels": [{"url": f"https://example.com/a/{file}#sha"} for file in files], **facts}


LOCK = {
    "mien": {
        "dependencies": [
            {"name": "plain"},
            {"name": "only-windows", "marker": "sys_platform == 'win32'"},
            {"name": "only-new", "marker": "python_full_version >= '3.13'"},
        ],
        "optional-dependencies": {"x": [{"name": "fast", "extra": ["more"]}], "y": []},
    },
    "plain": package("plain-1-py3-none-any.whl", dependencies=[{"name": "plain"}]),
    "only-windows": package("only_windows-1-cp311-cp311-win_amd64.whl"),
    "only-new": package("only_new-1-cp313-cp313-manylinux_2_28_x86_64.whl"),
    "fast": package(
        "fast-1-cp39-abi3-macosx_11_0_universal2.whl",
        "fast-1-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "fast-1-cp39-abi3-manylinux_2_34_aarch64.whl",
        "fast-1-cp314-cp314-win_amd64.whl",
        sdist={},
        **{"optional-dependencies": {"more": [{"name": "further"}]}},
    ),
    "further": package("further-1-py2.py3-none-any.whl"),
}


def test_markers_are_those_of_the_target() -> None:
    assert needed(LOCK, "", LINUX.markers((3, 12))) == {"plain"}
    assert needed(LOCK, "", WINDOWS.markers((3, 12))) == {"plain", "only-windows"}
    assert needed(LOCK, "", LINUX.markers((3, 13))) == {"plain", "only-new"}


def test_extras_of_packages_are_followed() -> None:
    assert needed(LOCK, "x", LINUX.markers((3, 11))) == {"plain", "fast", "further"}


@pytest.mark.parametrize(
    ("platform", "extra", "lacking"),
    [
        (LINUX, "x", ()),
        (MAC, "x", ()),
        (INTEL_MAC, "x", ()),
        (BY_LABEL["Linux arm64"], "x", ("`fast` (source)",)),  # needs a newer glibc
        (WINDOWS, "", ("`only-windows`",)),  # for Python 3.11 only
        (WINDOWS, "x", ("`fast` (source)", "`only-windows`")),
    ],
)
def test_a_missing_wheel_is_named(platform, extra, lacking) -> None:
    assert without_wheel(LOCK, extra, platform, (3, 12)) == lacking


def test_versions_of_python_that_differ_are_listed() -> None:
    assert cell({"3.11": (), "3.12": ()}) == "yes"
    assert cell({"3.11": ("`a`", "`b`"), "3.12": ("`a`", "`b`")}) == "`a`, `b`"
    assert cell({"3.11": (), "3.12": ("`a`",), "3.13": ()}) == "3.11, 3.13: yes; 3.12: `a`"
    assert "| core | yes | 3.11, 3.12: yes; 3.13: `only-new` |" in table(LOCK, ["x"])


def test_two_versions_of_a_package_are_refused() -> None:
    entry = '[[package]]\nname = "{}"\nversion = "{}"\n'
    assert read_uv_lock(entry.format("a", 1) + entry.format("b", 1))["b"]["version"] == "1"
    with pytest.raises(ValueError, match="one version of a, got two"):
        read_uv_lock(entry.format("a", 1) + entry.format("a", 2))


def test_uv_is_asked_for_all_extras_at_the_pinned_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = tomllib.loads(project_text(project, {"numpy": "2.0"}))
    assert asked["project"]["dependencies"] == project["dependencies"]
    assert asked["project"]["optional-dependencies"] == project["optional-dependencies"]
    assert asked["project"]["requires-python"] == ">=3.11,<3.14"
    assert asked["tool"]["uv"]["constraint-dependencies"] == ["numpy==2.0"]


def test_the_page_has_a_row_for_each_extra() -> None:
    rows = read_table(PAGE, NAME).splitlines()[2:]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    named = [row.split("|")[1].strip() for row in rows if row.startswith("|")]
    message = "run python -m tools.release.platforms --write"
    assert named == ["core", *(f"`{extra}`" for extra in extras)], message
