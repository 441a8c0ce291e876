from __future__ import annotations

import re
import sys

import pytest

from mien.datasets.table_files import read_sheets
from mien.datasets.tables import pick_sheet
from mien.errors import DatasetError, MissingExtraError
from mien.install import install_command
from tests.datasets.copies import workbook

COLUMNS = {"clip": ("Filename",), "onset": ("OnsetFrame", "Onset"), "note": ("Notes",)}


def csv_sheet(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheets(path)[0]


@pytest.mark.parametrize(
    "header", ["Filename,Onset Frame", " filename ,ONSET-FRAME", "File_Name,onset"]
)
def test_columns_by_name(header, tmp_path):
    rows = csv_sheet(tmp_path, f"a title\n\n{header}\nEP1,4\n,\nEP2,5.0\n").table(
        COLUMNS, ("clip", "onset")
    )
    assert [(row.text("clip"), row.frame("onset")) for row in rows] == [("EP1", 4), ("EP2", 5)]
    assert [row.where for row in rows] == ["table.csv, line 4", "table.csv, line 6"]
    assert rows[0].text("note") == ""


def test_order_does_not_matter(tmp_path):
    (row,) = csv_sheet(tmp_path, "Notes,Onset,x,Filename\n/,7,?,EP1\n").table(COLUMNS, ("clip",))
    assert (row.text("clip"), row.frame("onset"), row.text("note")) == ("EP1", 7, "")


def test_the_first_spelling_counts(tmp_path):
    (row,) = csv_sheet(tmp_path, "Filename,Onset,OnsetFrame\nE,1,2\n").table(COLUMNS, ("clip",))
    assert row.frame("onset") == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Filename,Frame\nEP1,4\n", r"a header with OnsetFrame in .*table.csv, got none in line 1"),
        ("a,b\n1,2\n", "a header with Filename and OnsetFrame in .* any line"),
        ("Filename,Onset\n", "expected clips below the header in table.csv, line 1"),
        ("Filename,Onset,Onset\nE,1,2\n", "expected one column OnsetFrame .* got several"),
        ("", "a header with Filename"),
    ],
)
def test_what_is_no_table(text, says, tmp_path):
    with pytest.raises(DatasetError, match=says):
        csv_sheet(tmp_path, text).table(COLUMNS, ("clip", "onset"))


def test_no_frame_number(tmp_path):
    rows = csv_sheet(tmp_path, "Filename,Onset\nE,/\nE,-3\nE,4.5\nE,x\n").table(COLUMNS, ("clip",))
    assert rows[0].frame("onset") is None
    for row, got in zip(rows[1:], ("-3", "4.5", "x"), strict=True):
        with pytest.raises(
            DatasetError, match=f"expected a frame number in column onset, got '{got}'"
        ):
            row.frame("onset")
    with pytest.raises(DatasetError, match="got none"):
        rows[0].needed_frame("onset")
    with pytest.raises(DatasetError, match="expected a note, got an empty cell"):
        rows[0].needed("note")


def test_sheets(tmp_path):
    header = ("Filename", "Onset")
    sheets = {"Naming Rule1": [(1, "s15", 2.0)], "b": [header, ("E", 3)], "c": [header, ("F", 4)]}
    book = read_sheets(workbook(tmp_path / "a.xlsx", sheets))
    needed = ("clip", "onset")

    def pick(some, *names):
        return pick_sheet(some, names, COLUMNS, needed).name

    assert pick(book, "C") == "c" and pick(book, "x", "naming-rule1") == "Naming Rule1"
    assert pick(book[:2], "Sheet1") == "b"  # another name, yet the only one with the columns
    with pytest.raises(DatasetError, match=r"expected a sheet x or y in .*columns: b, c"):
        pick(book, "x", "y")
    with pytest.raises(DatasetError, match=r"expected a header with Filename and OnsetFrame"):
        pick_sheet(book[:1], ("x",), COLUMNS, needed).table(COLUMNS, needed)
    assert book[0].rows == ((1, "s15", 2.0),)
    (row,) = book[0].plain(("number", "folder", "participant"))
    assert (row.text("participant"), row.where) == ("2", "a.xlsx, sheet Naming Rule1, line 1")


def test_what_cannot_be_read(tmp_path):
    for name, content, says in (
        ("a.xls", b"old", r"expected .xlsx or .csv, got .*a.xls: save it as .xlsx"),
        ("a.xlsx", b"no zip", "it is damaged"),
        ("a.csv", b"\xff\xfe\x00", "UTF-8"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DatasetError, match=says):
            read_sheets(tmp_path / name)
    with pytest.raises(DatasetError, match="cannot read"):
        read_sheets(tmp_path / "none.csv")


def test_a_quotation_mark_that_is_never_closed(tmp_path):
    with pytest.raises(DatasetError, match=r"expected a CSV file, got .*table\.csv: field larger"):
        csv_sheet(tmp_path, 'file,subject\n"' + "clip,ann\n" * 20_000)


def test_without_openpyxl(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", {"a": [("x",)]})
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=re.escape(install_command("datasets"))):
        read_sheets(path)
