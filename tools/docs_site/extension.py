"""Sphinx extension of this project: navigation, generated reference pages, and links out of docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .command_help import help_page
from .navigation import outside_links, toctrees
from .python_names import python_page

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GENERATED = {"commands": help_page, "api": python_page}
"""Pages whose comment ``<!-- generated -->`` is replaced by what a function returns."""

PLACE = "<!-- generated -->"


def complete(app: Sphinx, page: str, source: list[str]) -> None:
    """Complete a page before Sphinx parses it.

    Raises:
        ValueError: A generated page does not have `PLACE` exactly once.
    """
    text = outside_links(source[0])
    if page == "index":
        text += toctrees(text)
    if page in GENERATED:
        if text.count(PLACE) != 1:
            raise ValueError(f"expected {PLACE} once in {page}.md")
        text = text.replace(PLACE, GENERATED[page]())
    source[0] = text


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    from pygments.lexers.special import TextLexer

    app.connect("source-read", complete)
    app.add_lexer("csv", TextLexer)  # Pygments has no lexer for CSV
    return {"parallel_read_safe": True, "parallel_write_safe": True}
