"""Say for which platforms each extra has a wheel of every package, at the versions of constraints.txt.

Run as ``python -m tools.release.platforms``: it prints the table of docs/install.md, and writes it there with
``--write``. It needs uv (https://docs.astral.sh/uv/), which asks the index that uv is set up for. Nothing is installed
and no wheel is downloaded: uv resolves all extras and says which files each package has.

Environment markers such as ``sys_platform == 'win32'`` are evaluated for the target platform. pip evaluates them for
the computer on which it runs, also with ``--platform``, so pip's answer would have packages of the wrong system.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

from .lock import CONSTRAINTS, ROOT, normal, read_constraints

# Not a plain import: mypy knows this file as doc_tables, a name that "python -m" does not find.
doc_tables = import_module("tools.doc_tables")

PAGE: Path = doc_tables.DOCS / "install.md"
NAME = "platforms"
PYTHONS = ((3, 11), (3, 12), (3, 13))
GLIBC_MINOR = 28
"""Wheels for Linux may need at most this glibc, 2.28: that of Debian 10, Ubuntu 20.04 and RHEL 8."""
MACOS = (14, 0)
"""Wheels for macOS may need at most this version."""

Lock = dict[str, dict[str, Any]]
"""The packages of uv's lock file by name."""


@dataclass(frozen=True)
class Platform:
    """A system and a kind of processor.

    Attributes:
        label: The column's header.
        system: What ``sys_platform`` is there.
        machine: What ``platform_machine`` is there.
        tags: The platform tags of the wheels that can be installed.
    """

    label: str
    system: str
    machine: str
    tags: tuple[str, ...]

    def markers(self, python: tuple[int, int]) -> dict[str, str]:
        """Return the values of all environment markers for a version of Python."""
        version = ".".join(map(str, python))
        names = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
        return {
            "extra": "",
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": "nt" if self.system == "win32" else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": names[self.system],
            "platform_version": "",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": self.system,
        }

    def wheel_tags(self, python: tuple[int, int]) -> frozenset[Tag]:
        """Return the tags of all wheels that a version of CPython can install."""
        name = f"cp{python[0]}{python[1]}"
        own = cpython_tags(python, abis=[name], platforms=self.tags)
        return frozenset((*own, *compatible_tags(python, name, self.tags)))


def _manylinux(machine: str, oldest: int) -> Iterator[str]:
    yield from (f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC_MINOR, oldest - 1, -1))
    old = {"manylinux2014": 17, "manylinux2010": 12, "manylinux1": 5}
    yield from (f"{name}_{machine}" for name, minor in old.items() if minor >= oldest)


PLATFORMS = (
    Platform("Linux x86-64", "linux", "x86_64", tuple(_manylinux("x86_64", 5))),
    Platform("Linux arm64", "linux", "aarch64", tuple(_manylinux("aarch64", 17))),
    Platform("macOS arm64", "darwin", "arm64", tuple(mac_platforms(MACOS, "arm64"))),
    Platform("macOS x86-64", "darwin", "x86_64", tuple(mac_platforms(MACOS, "x86_64"))),
    Platform("Windows x86-64", "win32", "AMD64", ("win_amd64",)),
)


def needed(lock: Lock, extra: str, markers: dict[str, str]) -> set[str]:
    """Return the packages that Mien with an extra installs.

    Args:
        lock: The packages, Mien among them.
        extra: The extra's name; empty for the core.
        markers: The values of all environment markers.

    Returns:
        Names without Mien's.
    """
    waiting: list[tuple[str, str]] = [("mien", ""), ("mien", extra)]
    done: set[tuple[str, str]] = set()
    while waiting:
        name, part = each = waiting.pop()
        if each in done:
            continue
        done.add(each)
        package = lock[name]
        links = package.get("optional-dependencies", {}).get(part, []) if part else []
        for link in links if part else package.get("dependencies", []):
            if "marker" not in link or Marker(link["marker"]).evaluate(markers):
                waiting += [(link["name"], each) for each in ("", *link.get("extra", ()))]
    return {name for name, _ in done} - {"mien"}


def without_wheel(
    lock: Lock, extra: str, platform: Platform, python: tuple[int, int]
) -> tuple[str, ...]:
    """Return the packages that have no wheel for a platform and a version of Python, in Markdown."""
    tags = platform.wheel_tags(python)
    names = sorted(needed(lock, extra, platform.markers(python)))
    return tuple(
        f"`{name}` (source)" if "sdist" in lock[name] else f"`{name}`"
        for name in names
        if not _fits(lock[name].get("wheels", ()), tags)
    )


def _fits(wheels: Iterable[dict[str, Any]], tags: frozenset[Tag]) -> bool:
    files = (wheel["url"].rpartition("/")[2].partition("#")[0] for wheel in wheels)
    return any(tags & parse_wheel_filename(file)[3] for file in files)


def cell(lacking: dict[str, tuple[str, ...]]) -> str:
    """Return a cell of the table.

    Args:
        lacking: The packages without a wheel by version of Python.

    Returns:
        "yes" if there are none, else their names. Versions of Python that differ are listed one by one.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for python, names in lacking.items():
        groups.setdefault(names, []).append(python)
    told = {names: ", ".join(names) or "yes" for names in groups}
    if len(groups) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{', '.join(pythons)}: {told[names]}" for names, pythons in groups.items())


def table(lock: Lock, extras: Iterable[str]) -> str:
    """Return the table in Markdown: a row for the core and one for each extra, a column for each platform."""
    rows = []
    for extra in ("", *extras):
        row = [f"`{extra}`" if extra else "core"]
        for platform in PLATFORMS:
            lacking = {
                f"3.{python[1]}": without_wheel(lock, extra, platform, python) for python in PYTHONS
            }
            row.append(cell(lacking))
        rows.append(row)
    header = ("", *(platform.label for platform in PLATFORMS))
    return str(doc_tables.markdown_table(header, rows))


def read_uv_lock(text: str) -> Lock:
    """Return the packages of uv's lock file by name.

    Raises:
        ValueError: A package that stands there in two versions.
    """
    found: Lock = {}
    for package in tomllib.loads(text)["package"]:
        if found.setdefault(package["name"], package) is not package:
            raise ValueError(f"expected one version of {package['name']}, got two: pin it")
    return found


def project_text(project: dict[str, Any], constraints: dict[str, str]) -> str:
    """Return a pyproject.toml for uv with Mien's requirements and pins, without what builds it."""
    lines = ["[project]", 'name = "mien"', 'version = "0"']
    lines.append(f'requires-python = ">=3.{PYTHONS[0][1]},<3.{PYTHONS[-1][1] + 1}"')
    lines.append(f"dependencies = {json.dumps(project['dependencies'])}")
    lines.append("[project.optional-dependencies]")
    extras = project["optional-dependencies"].items()
    lines += [f"{name} = {json.dumps(asked)}" for name, asked in extras]
    pins = [f"{name}=={version}" for name, version in constraints.items()]
    lines += ["[tool.uv]", "package = false", f"constraint-dependencies = {json.dumps(pins)}"]
    return "\n".join(lines) + "\n"


def resolve(project: dict[str, Any]) -> Lock:
    """Ask uv for all packages and their files.

    Raises:
        SystemExit: uv is missing or failed.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("expected the program uv, got none: see https://docs.astral.sh/uv/")
    constraints = read_constraints(CONSTRAINTS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(
            project_text(project, constraints), encoding="utf-8"
        )
        done = subprocess.run([uv, "lock", "--quiet"], cwd=folder, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        return read_uv_lock((Path(folder) / "uv.lock").read_text(encoding="utf-8"))


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write it into docs/{PAGE.name}")
    write = parser.parse_args().write
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = table(resolve(project), map(normal, project["optional-dependencies"]))
    newest = f"glibc 2.{GLIBC_MINOR} and macOS {MACOS[0]}"
    made += (
        f"\n*Python 3.11 to 3.13, {newest}, the index's files of {datetime.now(UTC):%Y-%m-%d}*\n"
    )
    print(made, end="")
    if write:
        doc_tables.write_table(PAGE, NAME, made)


if __name__ == "__main__":
    main()
