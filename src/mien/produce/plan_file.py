"""Read a plan from a TOML file."""

from __future__ import annotations

from pathlib import Path

from mien.errors import MienError
from mien.io.toml_file import read_toml
from mien.produce.plan import ProducePlan


def read_plan(path: Path) -> ProducePlan:
    """Read a plan; the path of its portraits is relative to the plan's folder.

    Raises:
        UsageError: The file cannot be read, is not TOML, or is not a plan.
    """
    values = read_toml(path)
    if isinstance(portraits := values.get("portraits"), str):
        values["portraits"] = path.parent / portraits
    try:
        return ProducePlan.from_values(values)
    except MienError as error:
        raise type(error)(f"{path}: {error}") from error
