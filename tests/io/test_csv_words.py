from __future__ import annotations

import pytest

from mien.io.csv_words import plain_words


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_formulas_become_text(text: str) -> None:
    assert plain_words(text) == f"'{text}"
    assert plain_words(plain_words(text)) == f"'{text}"


@pytest.mark.parametrize("text", ["", "awe", "a=b", "'=x", " x-y"])
def test_words_stay(text: str) -> None:
    assert plain_words(text) == text
