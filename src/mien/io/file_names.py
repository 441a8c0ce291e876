"""Refuse file names that no file system can hold, and show any name without control characters."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mien.errors import OutputError

MAX_NAME_BYTES = 255
"""Longest name of a file or folder, in bytes of UTF-8."""

_NOT_SHOWN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters but the line break
    "\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"  # reading direction, other line breaks
    "\ud800-\udfff]"  # bytes of names that are not UTF-8
)


def check_name(path: Path) -> None:
    """Refuse a path with a part that cannot be a name.

    Raises:
        OutputError: A part is longer than `MAX_NAME_BYTES`, or has characters that no name can have.
    """
    for part in path.parts:
        try:
            length = len(os.fsencode(part))
        except UnicodeEncodeError:
            length = 0
        if not length or "\0" in part:
            raise OutputError(
                f"expected a file name, got characters that no file name can have in {part!r}"
            )
        if length > MAX_NAME_BYTES:
            raise OutputError(
                f"expected a name of at most {MAX_NAME_BYTES} bytes, got {length} in {part[:20]}...{part[-20:]}: "
                "choose a shorter one"
            )


def visible(text: str) -> str:
    r"""Return text with escapes such as ``\x1b`` for control characters and for characters that cannot be printed.

    File names and damaged files may hold any characters, also some that move a terminal's cursor, change its title or
    turn the reading direction.
    """
    return _NOT_SHOWN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
