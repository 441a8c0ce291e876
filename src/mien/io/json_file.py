"""Read JSON whose numbers and depth stay within bounds.

Python's own reader accepts ``Infinity``, ``1e999`` and whole numbers of any length, and fails on deep nesting with an
error that is not a ValueError.
"""

from __future__ import annotations

import json
import math
import os
from typing import Any

from mien.errors import MienError
from mien.io.plain_file import read_file

MAX_WHOLE = 2**63 - 1
"""Largest whole number, as in other programs that read JSON."""

MAX_JSON_BYTES = 256_000_000
"""Largest JSON file that is read; a sidecar with a track of a million frames is smaller."""


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text.

    Args:
        text: Text, or bytes in UTF-8.

    Raises:
        ValueError: The text is not JSON, is nested too deeply, or has a number that is not finite or beyond 64 bits.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    try:
        return json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read_json(path: str | os.PathLike[str], error: type[MienError], advice: str) -> Any:
    """Return the value of a JSON file.

    Args:
        path: The file.
        error: What is raised if the file cannot be read, or is not JSON.
        advice: The end of its message: what to do, such as ``choose a sidecar``.
    """
    content = read_file(path, error, MAX_JSON_BYTES)
    try:
        return parse_json(content)
    except ValueError as failed:
        raise error(f"cannot read {path}: it is not JSON ({failed}); {advice}") from failed


def _whole(text: str) -> int:
    if len(text) > 20 or not -MAX_WHOLE <= int(text) <= MAX_WHOLE:
        raise ValueError(f"expected whole numbers up to 2**63, got {text[:20]}...")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"expected finite numbers, got {text[:40]}")
    return number


def _no_constant(text: str) -> float:
    raise ValueError(f"expected finite numbers, got {text}")
