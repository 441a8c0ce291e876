"""Write the table of a stimulus sheet: as CSV for PsychoPy, as a spreadsheet, and as a script for jsPsych."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command
from mien.io.atomic import atomic_file
from mien.io.replacing import begins_with

TableKind: TypeAlias = Literal["csv", "xlsx", "js"]

CONDITIONS = "conditions.csv"
"""The table that PsychoPy's loops read. A sheet always has it."""

FILES: Mapping[TableKind, str] = {
    "csv": CONDITIONS,
    "xlsx": "conditions.xlsx",
    "js": "conditions.js",
}

_MARK = "Made with Mien"


def check_kinds(kinds: Sequence[TableKind]) -> None:
    """Check before any work that the kinds of table can be written.

    Raises:
        UsageError: There is no CSV among them, which a sheet always has.
        MissingExtraError: A spreadsheet is wanted, and openpyxl is not installed.
    """
    if "csv" not in kinds:
        raise UsageError(
            f"expected csv among the tables of a sheet, got {', '.join(kinds) or 'none'}"
        )
    if "xlsx" in kinds:
        try:
            import openpyxl  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                f"a spreadsheet needs openpyxl, which is not installed: {install_command('datasets')}"
            ) from error


def write_conditions(
    folder: Path, kind: TableKind, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Path:
    """Write a table; if writing fails, an existing file stays as it was.

    Args:
        folder: The sheet's folder.
        kind: Which kind of table.
        columns: The columns, in their order.
        rows: A value for each column; None is an empty cell, and ``null`` in the script.

    Raises:
        OutputError: The file cannot be written, or would replace a file that Mien did not write.
    """
    target = folder / FILES[kind]
    if kind == "csv":
        with atomic_file(target, is_own=begins_with("stimulus,portrait,expression,")) as temporary:
            temporary.write_text(_csv(columns, rows), encoding="utf-8", newline="")
    elif kind == "js":
        with atomic_file(target) as temporary:
            temporary.write_text(_script(columns, rows), encoding="utf-8")
    else:
        with atomic_file(target, is_own=_is_own_spreadsheet) as temporary:
            _write_spreadsheet(temporary, columns, rows)
    return target


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _script(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a script that defines ``conditions``, a list that jsPsych takes as ``timeline_variables``."""
    lines = [json.dumps({c: row[c] for c in columns}, ensure_ascii=True) for row in rows]
    listed = ",\n  ".join(lines)
    return (
        f"// {_MARK}. jsPsych: {{ timeline: [...], timeline_variables: conditions }}\n"
        f"const conditions = [\n  {listed}\n];\n"
    )


def _write_spreadsheet(
    target: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.properties.creator = _MARK
    sheet = book.active
    sheet.title = "conditions"
    sheet.append(list(columns))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([row[column] for column in columns])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":  # a name that begins with "=" is text, not a formula
                cell.data_type = "s"
    with target.open("wb") as file:
        book.save(file)


def _is_own_spreadsheet(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            return _MARK.encode() in parts.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
