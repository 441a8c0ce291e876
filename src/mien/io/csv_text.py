"""Find the encoding and the delimiter of a CSV file, whatever program wrote it.

Spreadsheet programs save CSV files as UTF-8, as UTF-16, or in the code page of the computer's language, with commas,
semicolons or tabs. A file whose encoding is not certain is refused.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from mien.errors import BadTrackError
from mien.io.plain_file import read_file

MANY_ZEROS = 8
"""A file in which more than one byte in this many is zero is not text. A few zero bytes are broken cells, which the
table's reader refuses."""

DELIMITERS = ",;\t"

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_RUNS = re.compile(rb"[\x80-\xff]+")
_WESTERN_LETTERS = re.compile("[À-ÖØ-öø-ÿŠšŽžŒœŸ]+")
"""Letters of Western Europe in cp1252; its other signs are rare in tables."""


def read_csv_text(path: Path) -> str:
    """Return a CSV file's text.

    Args:
        path: A file in UTF-8 or UTF-16, or in GBK (Chinese) or cp1252 (Western European) if only one of these two fits.

    Raises:
        BadTrackError: The file cannot be read, is not text, or its encoding is not certain.
    """
    data = read_file(path, BadTrackError)
    try:
        if data.startswith(_UTF16_MARKS):
            return data.decode("utf-16")
        if data.count(0) * MANY_ZEROS > len(data):
            raise BadTrackError(
                f"cannot read {path}: it is not text, or UTF-16 without a mark; save it as CSV UTF-8"
            )
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = None if data.startswith(_UTF16_MARKS) else _in_a_code_page(data)
        if text is None:
            raise BadTrackError(
                f"cannot tell the encoding of {path}: save it as CSV UTF-8"
            ) from error
        return text


def delimiter_of(header: str) -> str:
    """Return the delimiter that comes most often in a table's first line; a comma if it has none."""
    return max(DELIMITERS, key=header.count)


def _in_a_code_page(data: bytes) -> str | None:
    """Decode GBK or cp1252; None if both or neither would fit.

    Chinese characters of GB2312 have two bytes, both 0xA1 or higher. In cp1252, a letter with an accent
    is one byte in that range. Two accented letters in a row are rare in words, and are then small letters.
    """
    runs = _RUNS.findall(data)
    western = all(_is_western(run) for run in runs)
    chinese = all(len(run) % 2 == 0 and _is_chinese(run) for run in runs)
    if western == chinese:
        return None
    return data.decode("gbk" if chinese else "cp1252")


def _is_chinese(run: bytes) -> bool:
    # Rows 0xB0 to 0xD7 of GB2312 hold the usual characters, rows 0xA1 to 0xA3 the punctuation. Rows from 0xD8 on hold
    # rare characters; pairs of small Cyrillic letters would be read as these.
    return all(lead in b"\xa1\xa2\xa3" or 0xB0 <= lead <= 0xD7 for lead in run[::2]) and all(
        0xA1 <= trail <= 0xFE for trail in run[1::2]
    )


def _is_western(run: bytes) -> bool:
    try:
        letters = run.decode("cp1252")
    except UnicodeDecodeError:
        return False
    if len(letters) > 2 or not _WESTERN_LETTERS.fullmatch(letters):
        return False
    return len(letters) == 1 or letters.islower()
