"""Free text in CSV files that people open in spreadsheet programs."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheet programs take for a formula."""


def plain_words(text: str) -> str:
    """Return text that a spreadsheet program shows and does not compute.

    A CSV file cannot say that a cell is text. An apostrophe before the text says it to spreadsheet programs.

    Args:
        text: What a person typed; no number.

    Example:
        >>> plain_words("=1+1")
        "'=1+1"
        >>> plain_words("awe")
        'awe'
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
