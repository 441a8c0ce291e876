"""Write requirements.lock: the versions of constraints.txt with the hashes of all their files, for every platform.

``pip install --require-hashes -r requirements.lock`` installs nothing that differs from what was tested, whatever
the package index answers. Run as ``python -m tools.release.lock`` after constraints.txt or the extras have
changed; it needs uv (https://docs.astral.sh/uv/), which asks the index that uv is set up for. ``--check`` only
compares both files: it asks no index and writes nothing.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
LOCK = ROOT / "requirements.lock"
HEAD = (
    "# Exact versions of all that Mien can use, with the hashes of their files.\n"
    "# Made from constraints.txt by 'python -m tools.release.lock'; do not edit.\n"
)
FREE = {"pip", "setuptools"}
"""Packages that constraints.txt leaves to the environment."""

_ENTRY = re.compile(r"([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*(?:\\|--hash|$)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True)
class Locked:
    """A locked package.

    Attributes:
        version: Version of the package.
        marker: Marker of the environments in which it is installed; empty for all.
        hashes: SHA-256 of its files.
    """

    version: str
    marker: str
    hashes: frozenset[str]


def normal(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_constraints(text: str) -> dict[str, str]:
    """Return the version of each package in constraints.txt."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    pairs = [line.split("==") for line in lines if line]
    return {normal(name): version for name, version in pairs}


def read_lock(text: str) -> dict[str, Locked]:
    """Return each package in requirements.lock.

    Raises:
        ValueError: A line is neither a package nor a hash, or a package occurs twice.
    """
    found: dict[str, Locked] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", "\n".join(_lines(text))):
        match = _ENTRY.match(entry)
        if match is None or normal(match[1]) in found:
            raise ValueError(f"expected one package with its hashes, got {entry[:60]!r}")
        hashes = frozenset(_HASH.findall(entry))
        found[normal(match[1])] = Locked(match[2], match[3] or "", hashes)
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def disagreements(constraints: dict[str, str], locked: dict[str, Locked]) -> list[str]:
    """Return the differences of the two files, one line each."""
    found = [f"{name} is not locked" for name in sorted(constraints.keys() - locked.keys())]
    for name, entry in sorted(locked.items()):
        if not entry.hashes:
            found.append(f"{name} has no hash")
        if name not in constraints:
            # constraints.txt does not have packages of other platforms than the one on which it was made.
            if not entry.marker and name not in FREE:
                found.append(f"{name} is locked, and constraints.txt does not have it")
        elif entry.version != constraints[name]:
            found.append(f"{name} is {entry.version}, and {constraints[name]} in constraints.txt")
    return found


def compile_lock(out: Path) -> None:
    """Ask uv for the hashes.

    Raises:
        SystemExit: uv is missing or failed.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("expected the program uv, got none: see https://docs.astral.sh/uv/")
    words = ["pip", "compile", "pyproject.toml", "--all-extras", "-c", CONSTRAINTS.name]
    words += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    words += ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
    done = subprocess.run([uv, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    out.write_text(HEAD + done.stdout, encoding="utf-8")


def main() -> int:
    """Write the file, or check it; return 1 if it does not agree with constraints.txt."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare; asks nothing")
    if not parser.parse_args().check:
        compile_lock(LOCK)
    found = disagreements(
        read_constraints(CONSTRAINTS.read_text(encoding="utf-8")),
        read_lock(LOCK.read_text(encoding="utf-8")),
    )
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
