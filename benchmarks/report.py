"""Print one JSON line per result, with what is needed to reproduce it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from mien import __version__

PORTRAITS = Path(__file__).resolve().parents[2] / "shared" / "data" / "portraits"
"""Portraits for benchmarks that need many faces; they are not part of the project."""


def report(name: str, config: dict[str, Any], result: dict[str, Any]) -> None:
    """Print one result as a JSON line."""
    line = {"benchmark": name, "config": config, **result, **_circumstances()}
    print(json.dumps(line), flush=True)


def _circumstances() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return {
        "mien": __version__,
        "commit": commit.stdout.strip() or None,
        "device": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),  # includes this benchmark's own load
    }


def near_neutral(folder: Path, count: int) -> list[Path]:
    """Return the first portraits of the folder's list of near-neutral ones."""
    names = (folder / "near_neutral.txt").read_text().split()
    return [folder / name for name in names[:count]]
