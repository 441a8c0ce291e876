"""Answer a browser without the studio's cookie: with the cookie for the right key, or a page that says what to do."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from mien.studio.errors import error_json
from mien.studio.key import Key

NOT_STORED = {"Cache-Control": "no-store"}

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Mien studio</title>{more}<link rel="icon" href="data:,"></head>
<body>{body}</body>
</html>
"""

_CLOSED = _PAGE.format(
    more="",
    body=(
        "<h1>Mien studio</h1>"
        "<p>This page needs the key of the running studio. Open the address that "
        "<code>mien studio</code> printed in its terminal: it ends in <code>?key=...</code>, and each "
        "start has a new one.</p>"
        '<p>If you have just opened that address, <a href="/">go on to the studio</a>.</p>'
        '<p lang="zh-Hans">此页面需要正在运行的工作室的密钥。请打开 <code>mien studio</code> 在终端中'
        "显示的网址(以 <code>?key=...</code> 结尾,每次启动都会更换)。"
        '如果刚刚打开过该网址,请<a href="/">继续</a>。</p>'
    ),
)

_GO_ON = _PAGE.format(
    more='<meta http-equiv="refresh" content="0;url=/">', body='<p><a href="/">Go on</a></p>'
)


def answer_without_key(key: Key, scope: Scope) -> Response | None:
    """Return the answer to a request that may not use the studio; None if it may.

    Args:
        key: The studio's key.
        scope: The request, as ASGI describes it.
    """
    told = (
        "expected the key of this studio, got a request without it: open the address that "
        "'mien studio' printed in its terminal"
    )
    return answer_at_door(key, scope, _CLOSED, told)


def answer_at_door(key: Key, scope: Scope, closed: str, told: str) -> Response | None:
    """Return the answer of a server with a key to a request that may not use it; None if it may.

    Args:
        key: The server's key.
        scope: The request, as ASGI describes it.
        closed: The HTML page that is shown without the key.
        told: The message of the answer to all other requests.
    """
    headers = Headers(scope=scope)
    opens_page = scope["path"] == "/" and scope["method"] in ("GET", "HEAD")
    if opens_page and key.opens(scope["query_string"]):
        return enter(key, headers)
    if key.admits(headers.getlist("cookie")):
        return None
    if opens_page:
        return HTMLResponse(closed, 403, NOT_STORED)
    return error_json(403, "Refused", told)


def enter(key: Key, headers: Headers) -> Response:
    """Exchange the key for the cookie, and send the browser to an address without the key."""
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        answer: Response = RedirectResponse("/", 303, NOT_STORED)
    else:
        # After a link from another site, browsers do not send a SameSite=Strict cookie with the redirect either.
        answer = HTMLResponse(_GO_ON, headers=NOT_STORED)
    answer.headers["Set-Cookie"] = key.cookie(headers.get("host", ""))
    return answer
