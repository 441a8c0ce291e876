"""The answer to a browser that does not have the rating page's cookie."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Scope

from mien.studio.door import answer_at_door
from mien.studio.key import Key

_CLOSED = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Rating</title><link rel="icon" href="data:,"></head>
<body><h1>Rating</h1><p>This page needs the key of the running server. Open the address that
<code>mien experiment rate</code> printed in its terminal: it ends in <code>?key=...</code>, and each start has a new
one.</p><p>If you have just opened that address, <a href="/">go on</a>.</p></body>
</html>
"""


def answer_without_key(key: Key, scope: Scope) -> Response | None:
    """Return the answer to a request that may not use the page; None if it may.

    Args:
        key: The server's key.
        scope: The request, as ASGI describes it.
    """
    told = "expected the key of this page, got a request without it: open the printed address"
    return answer_at_door(key, scope, _CLOSED, told)
