"""Read a plan from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from mien.errors import MienError, UsageError
from mien.io.plain_file import read_file
from mien.produce.plan import ProducePlan

MAX_PLAN_BYTES = 1_000_000


def read_plan(path: Path) -> ProducePlan:
    """Read a plan; the place of its portraits is relative to the file.

    Raises:
        UsageError: It cannot be read, is not TOML, or is not a plan.
    """
    content = read_file(path, UsageError, MAX_PLAN_BYTES)
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"cannot read {path}: it is not TOML ({error}); see mien produce"
        ) from error
    if isinstance(portraits := values.get("portraits"), str):
        values["portraits"] = path.parent / portraits
    try:
        return ProducePlan.from_values(values)
    except MienError as error:
        raise type(error)(f"{path}: {error}") from error
