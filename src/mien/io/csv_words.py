"""Free text in CSV files that people open in spreadsheet programs."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Characters at the start of a cell that make spreadsheet programs read it as a formula."""


def plain_words(text: str) -> str:
    """Return text that a spreadsheet program shows as it is, without computing it as a formula.

    A CSV file cannot say that a cell is text. An apostrophe before the text tells this to spreadsheet programs.

    Args:
        text: Text that a person typed, not a number.

    Example:
        >>> plain_words("=1+1")
        "'=1+1"
        >>> plain_words("awe")
        'awe'
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
