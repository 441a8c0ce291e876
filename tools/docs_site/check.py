"""Check that a built site fetches nothing from the web and can be searched.

Run as ``python -m tools.docs_site.check FOLDER``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*["']?(?P<src>(?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\brel\s*=\s*["']?(?:[\w -]*(?:stylesheet|icon|preload|prefetch|preconnect)))"""
    r"""[^>]*?\bhref\s*=\s*["']?(?P<link>(?:https?:)?//[^"'\s>]+)"""
    r"""|(?:@import\s+|url\()\s*(?:url\()?["']?(?P<css>(?:https?:)?//[^"'\s)]+)""",
    re.IGNORECASE,
)


def fetched(text: str) -> list[str]:
    """Return the web addresses that a browser fetches for a page or style sheet; clickable links do not count."""
    return [match[match.lastgroup or 0] for match in _FETCHED.finditer(text)]


def problems(site: Path) -> list[str]:
    """Return the problems of a built site, one line each."""
    if not (site / "index.html").is_file():
        return [f"{site}: expected a built site with index.html: run make docs"]
    found = [] if (site / "searchindex.js").is_file() else [f"{site}: no searchindex.js"]
    for file in sorted(site.rglob("*")):
        if file.suffix in (".html", ".css"):
            text = file.read_text(encoding="utf-8")
            found += [f"{file.relative_to(site)}: fetches {address}" for address in fetched(text)]
    return found


def main() -> int:
    """Print the problems; return 1 if there are any."""
    site = Path(sys.argv[1])
    for line in (found := problems(site)):
        print(line, file=sys.stderr)
    if not found:
        print(f"the site needs no network: open {site / 'index.html'}")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
