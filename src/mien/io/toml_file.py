"""Read a TOML file that a person wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.io.plain_file import read_file

MAX_BYTES = 1_000_000


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file's values.

    Raises:
        UsageError: The file cannot be read, or is not TOML.
    """
    content = read_file(path, UsageError, MAX_BYTES)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"cannot read {path}: it is not TOML ({error}); save it as plain text with straight quotes"
        ) from error
