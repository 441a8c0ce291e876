"""Read a design from a TOML file."""

from __future__ import annotations

from pathlib import Path

from mien.errors import MienError, UsageError
from mien.experiment.design import Design
from mien.io.toml_file import read_toml


def read_design(path: Path) -> Design:
    """Read a design; the path of its portraits is relative to the file.

    Raises:
        UsageError: The file cannot be read, is not TOML, or is not a design.
    """
    values = read_toml(path)
    if isinstance(portraits := values.get("portraits"), str):
        values["portraits"] = path.parent / portraits
    try:
        return Design.from_values(values)
    except MienError as error:
        raise UsageError(f"{path}: {error}") from error
