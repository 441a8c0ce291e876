"""The site has every page once, and needs no network. `make docs` builds it; these tests need no Sphinx."""

from __future__ import annotations

import re
from pathlib import Path

from tools.docs_site import check, command_help, python_names
from tools.docs_site.navigation import Section, outside_links, sections, toctrees

import mien
from mien.cli.commands import COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")


def test_every_page_has_one_place() -> None:
    placed = [page for section in sections(INDEX) for _, page in section.pages]
    assert sorted(placed) == sorted({page.stem for page in DOCS.glob("*.md")} - {"index"})
    headings = [section.heading for section in sections(INDEX)]
    assert set(headings) >= {"Tutorials", "Guides", "Reference", "Explanation"}


def test_navigation_of_a_small_index() -> None:
    index = "# M\n\n## A\n\n- [One](one.md)\n- [Two](two.zh.md): more\n\n## B\n\ntext\n"
    assert sections(index) == [Section("A", (("One", "one"), ("Two", "two.zh")))]
    assert ":caption: A\n\nOne <one>\nTwo <two.zh>\n```" in toctrees(index)


def test_links_to_markdown_outside_of_the_site() -> None:
    text = "[a](../NOTES.md), [b](c.md), [d](../src/e.py)"
    assert outside_links(text) == "{download}`a <../NOTES.md>`, [b](c.md), [d](../src/e.py)"


def test_generated_pages_have_their_place() -> None:
    for page in ("commands", "api"):
        assert (DOCS / f"{page}.md").read_text(encoding="utf-8").count("<!-- generated -->") == 1


def test_help_of_every_command() -> None:
    commands = list(command_help.commands())
    assert {command.split()[0] for command in commands} == set(COMMANDS)
    documented = re.findall(
        r"^## mien (.+)$", (DOCS / "cli.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    for command in commands:
        assert command in documented or command.split()[0] in documented, command
    assert "--columns" in command_help.help_of("sheet")


def test_every_public_name_is_on_the_page_of_names() -> None:
    names = [name for _, group in python_names.groups() for name in group]
    page = python_names.python_page()
    assert len(names) > 30 and len(set(names)) == len(names)
    assert all(f":: mien.{name}\n" in page for name in names)
    assert ".. autofunction:: mien.generate\n" in page and ".. autoclass:: mien.AUTrack\n" in page
    assert mien.AUTrack.__doc__


def test_what_a_page_fetches() -> None:
    assert check.fetched('<script src="https://x.org/a.js"></script>') == ["https://x.org/a.js"]
    assert check.fetched('<link rel="stylesheet" href="//x.org/a.css">') == ["//x.org/a.css"]
    assert check.fetched("src: url('https://x.org/a.woff2')") == ["https://x.org/a.woff2"]
    still = '<a href="https://x.org">x</a><img src="a.png"><link rel="index" href="i.html">'
    assert check.fetched(still) == []


def test_a_site_that_fetches_is_found(tmp_path: Path) -> None:
    assert "make docs" in check.problems(tmp_path)[0]
    (tmp_path / "index.html").write_text('<img src="http://x.org/a.png">')
    assert len(check.problems(tmp_path)) == 2  # no search, and the picture
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / "searchindex.js").touch()
    assert check.problems(tmp_path) == []
