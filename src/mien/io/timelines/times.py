"""Read and write times such as ``00:01:02.033``."""

from __future__ import annotations

import re
from pathlib import Path

from mien.errors import BadTrackError
from mien.io.timelines.coded import milliseconds

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?")


def parse_clock(path: Path, line: int, text: str) -> float:
    """Return a time in seconds.

    Raises:
        BadTrackError: The text is not a time.
    """
    match = _CLOCK.fullmatch(text.strip()) if text.isascii() else None
    if match is None or int(match[2]) > 59 or int(match[3]) > 59:
        raise BadTrackError(
            f"{path}, line {line}: expected a time such as 00:01:02.033, got {text.strip()[:40]!r}"
        )
    whole = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return float(f"{whole}.{match[4] or 0}")


def clock_time(seconds: float) -> str:
    """Return a time as text with whole milliseconds, such as ``00:01:02.033``."""
    total = milliseconds(seconds)
    whole, rest = divmod(total, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{rest:03d}"
