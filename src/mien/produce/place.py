"""Names in a set's folder, and how to recognise a set. Imports nothing heavy, so that ``mien --help`` is quick."""

from __future__ import annotations

from pathlib import Path

PLAN_NAME = "plan.json"
SHARDS = "shards"


def is_produced(place: Path) -> bool:
    """Return whether a folder is a set of ``mien produce``."""
    return (place / PLAN_NAME).is_file() and (place / SHARDS).is_dir()
