"""Accept requests only from the studio's own pages, opened by the user who started the studio.

Any web page can make a browser send requests to ``127.0.0.1``. Therefore a request must name a loopback host. This
stops a page from another host whose name points to this computer (DNS rebinding). If a request names the page that
it comes from, that page must have the same host. Every user of this computer can send requests too, so a request must
have the studio's key (`mien.studio.key`). The body may be neither too long nor too slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mien.studio.body import LimitedBody, too_large
from mien.studio.door import answer_without_key
from mien.studio.errors import error_json
from mien.studio.key import Key
from mien.studio.limits import Limits

Door: TypeAlias = Callable[[Key, Scope], Response | None]
"""Answers a request that has no cookie; None lets it pass."""

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def refusal(headers: Mapping[str, str], method: str, path: str) -> str | None:
    """Return why a request is refused; None if it is accepted.

    Args:
        headers: The request's headers, in a mapping that ignores the case of their names.
        method: The HTTP method, such as GET.
        path: The requested path.
    """
    host = headers.get("host", "")
    if not _LOOPBACK.fullmatch(host):
        return f"expected this computer's own address such as 127.0.0.1 as host, got {host!r}"
    origin = headers.get("origin")
    if origin is not None and origin.casefold() != f"http://{host}".casefold():
        return f"expected a page of http://{host}, got a request from {origin!r}"
    site = headers.get("sec-fetch-site", "same-origin")
    # A link or a bookmark may open the page itself and nothing else.
    opens_page = method == "GET" and path == "/" and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("same-origin", "none") and not opens_page:
        return f"expected a page of http://{host}, got a {site} request"
    return None


def body_limit(path: str, limits: Limits) -> int:
    """Return how many bytes the body of a request to a path may have."""
    if path == "/api/portraits":
        return limits.picture_bytes
    clips = ("/api/clips", "/api/clips/frames")
    return limits.clip_bytes if path in clips else limits.json_bytes


class Guard:
    """ASGI middleware: refuse foreign requests and bodies that are too long or too slow; add security headers."""

    def __init__(
        self, app: ASGIApp, limits: Limits, key: Key, door: Door = answer_without_key
    ) -> None:
        self.app = app
        self.door = door
        self.limits = limits
        self.key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the application, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # the studio has no WebSockets
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def with_policies(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_missing(message["headers"], path)]
            await send(message)

        headers = Headers(scope=scope)
        why = refusal(headers, scope["method"], path)
        refused = error_json(403, "Refused", why) if why else self.door(self.key, scope)
        if refused is not None:
            await refused(scope, receive, with_policies)
            return
        limit = body_limit(path, self.limits)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > limit:
            await too_large(limit)(scope, receive, with_policies)
            return
        body = LimitedBody(receive, limit, self.limits)
        await self.app(scope, body.receive, with_policies)


def _missing(headers: list[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    """Return the security headers that an answer does not have yet."""
    more = SECURITY_HEADERS | {
        "Cache-Control": "no-store" if path.startswith("/api") else "no-cache"
    }
    known = {name.lower() for name, _ in headers}
    lower = [(name.lower().encode(), value.encode()) for name, value in more.items()]
    return [(name, value) for name, value in lower if name not in known]
