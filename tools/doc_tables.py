"""Read and write the generated tables in pages of docs, each between two HTML comments.

The page holds::

<!-- table: NAME -->
...
<!-- end of table -->
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"

_END = "<!-- end of table -->"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, ending in a line break.

    Raises:
        ValueError: A row's length differs from the header's.
    """
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"expected {len(header)} cells, got {len(row)}: {row}")
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def read_table(page: Path, name: str) -> str:
    """Return the text between a table's two comments.

    Raises:
        ValueError: The page has no such table.
    """
    return _split(page, name)[1]


def write_table(page: Path, name: str, table: str) -> None:
    """Replace the text between a table's two comments.

    Raises:
        ValueError: The page has no such table.
    """
    before, _, after = _split(page, name)
    page.write_text(before + table + after, encoding="utf-8")


def _split(page: Path, name: str) -> tuple[str, str, str]:
    text = page.read_text(encoding="utf-8")
    start = f"<!-- table: {name} -->\n"
    match = re.search(rf"({re.escape(start)})(.*?)({re.escape(_END)})", text, re.DOTALL)
    if match is None:
        raise ValueError(f"expected {start.strip()} and {_END} in {page.name}: write them there")
    return text[: match.end(1)], match[2], text[match.start(3) :]
