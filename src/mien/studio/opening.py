"""Show the studio's address to the user's browser, and not to other users."""

from __future__ import annotations

import html
import os
from pathlib import Path

_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Mien studio</title>
<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url={url}"></head>
<body><a href="{url}">Mien studio</a></body></html>
"""


def write_opener(url: str, folder: Path) -> Path:
    """Write a page that leads to an address and that only this user can read.

    The browser is started with this file. Every user of a computer can see the arguments of every program, so the
    address, which holds the key, must not be an argument.

    Args:
        url: The address.
        folder: The studio's folder.

    Returns:
        The page's path.
    """
    page = folder / ".open.html"
    page.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(page, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(_PAGE.format(url=html.escape(url)))
    return page
