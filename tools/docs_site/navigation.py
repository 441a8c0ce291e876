"""The site's navigation, read from the lists of docs/index.md: one list per section, one entry per page."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENTRY = re.compile(r"^- \[([^\]]+)\]\(([\w.]+)\.md\)", re.MULTILINE)
_OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[\w./-]+\.md)(?:#[\w-]+)?\)")


@dataclass(frozen=True)
class Section:
    """A part of the navigation: its heading, and the title and name (without ``.md``) of each page."""

    heading: str
    pages: tuple[tuple[str, str], ...]


def sections(index: str) -> list[Section]:
    """Return the sections of an index page, in order; headings without a list are left out."""
    parts = re.split(r"^## (.+)\n", index, flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    found = [Section(heading, tuple(_ENTRY.findall(body))) for heading, body in pairs]
    return [section for section in found if section.pages]


def toctrees(index: str) -> str:
    """Return the navigation as hidden toctrees of MyST, each with a caption."""
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {section.heading}\n\n"
        + "".join(f"{title} <{page}>\n" for title, page in section.pages)
        + "```\n"
        for section in sections(index)
    )


def outside_links(page: str) -> str:
    """Turn links to Markdown outside of docs, which has no page on the site, into downloads."""
    return _OUTSIDE.sub(r"{download}`\1 <\2>`", page)
