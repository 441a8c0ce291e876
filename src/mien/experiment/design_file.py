"""Read a design from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from mien.errors import MienError, UsageError
from mien.experiment.design import Design
from mien.io.plain_file import read_file

MAX_BYTES = 1_000_000


def read_design(path: Path) -> Design:
    """Read a design; the place of its portraits is relative to the file.

    Raises:
        UsageError: It cannot be read, is not TOML, or is not a design.
    """
    content = read_file(path, UsageError, MAX_BYTES)
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"cannot read {path}: it is not TOML ({error})") from error
    if isinstance(portraits := values.get("portraits"), str):
        values["portraits"] = path.parent / portraits
    try:
        return Design.from_values(values)
    except MienError as error:
        raise UsageError(f"{path}: {error}") from error
