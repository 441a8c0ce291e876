from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import BadTrackError
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.table import read_table


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("name,AU12\n微笑.jpg,1\n", "utf-8"),
        ("name,AU12\n微笑.jpg,1\n", "utf-8-sig"),
        ("name,AU12\n微笑.jpg,1\n", "utf-16"),
        ("portrait,expression\n微笑.jpg,surprise\n中性。.jpg,fear\n", "gbk"),
        ("portrait,expression\n张 三.jpg,surprise\n", "gbk"),
        ("portrait,expression\nÉlodie née.jpg,surprise\nMüller.jpg,fear\n", "cp1252"),
        ("portrait,expression\ncréée.jpg,surprise\n", "cp1252"),
    ],
)
def test_text_is_read_where_its_encoding_is_certain(
    tmp_path: Path, text: str, encoding: str
) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_csv_text(tmp_path / "a.csv") == text


@pytest.mark.parametrize(
    "data",
    [
        "微笑.jpg née.jpg".encode("gbk", "ignore") + b"n\xe9e.jpg",  # neither
        "ﾃｽﾄ.jpg".encode("shift-jis"),
        "улыбка.jpg".encode("cp1251"),
        "лицо.jpg".encode("cp1251"),
    ],
)
def test_text_of_no_certain_encoding_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(b"name,AU12\n" + data + b",1\n")
    with pytest.raises(BadTrackError, match="save it as CSV UTF-8"):
        read_csv_text(tmp_path / "a.csv")


def test_the_delimiter_is_the_most_frequent_sign() -> None:
    assert delimiter_of("time_seconds;AU12;AU4") == ";"
    assert delimiter_of("frame\ttimestamp\tAU12_r") == "\t"
    assert delimiter_of("a,b") == delimiter_of("nothing") == ","


def test_decimal_commas_and_empty_columns_of_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time;AU12;;\n0;0,5;;\n0,1;1;;\n;;;\n")
    table = read_table(path)
    assert table.columns == ("time", "AU12")
    assert table.numbers("time").tolist() == [0, 0.1]
    assert table.numbers("AU12").tolist() == [0.5, 1]
    path.write_text("time;AU12\n0.5;1\n1;0,5\n")
    with pytest.raises(BadTrackError, match=r"got 0.5 and 0,5: save it with points only"):
        read_table(path)
    # With commas between the cells, a decimal comma makes a cell too many.
    path.write_text("time,AU12\n0,0,5\n")
    with pytest.raises(BadTrackError, match="expected 2 cells as in the header, got 3"):
        read_table(path)
