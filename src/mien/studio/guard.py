"""Only pages that the studio served itself, on this computer, may send it requests.

Any web page can make a browser send requests to ``127.0.0.1``. Therefore a request must name a loopback host,
which a page of another host whose name points to this computer does not do (DNS rebinding). If it names the page
that it comes from, that page must be of the same host. And its body may not be too long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mien.studio.errors import error_json
from mien.studio.limits import Limits

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
        headers: The request's headers; names in any case.
        method: The HTTP method, such as GET.
        path: The path that is requested.
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
    """ASGI middleware: refuse requests from other pages and requests that are too long; add security headers."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the application, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # the studio has no web sockets
        headers, path = Headers(scope=scope), scope["path"]
        why = refusal(headers, scope["method"], path)
        if why is not None:
            await error_json(403, "Refused", why)(scope, receive, send)
            return
        limit = body_limit(path, self.limits)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > limit:
            await error_json(413, "TooLarge", too_large(limit))(scope, receive, send)
            return
        got = 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:  # the length was not given, or was wrong
                raise HTTPException(413, too_large(limit))
            return message

        async def with_policies(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = dict(SECURITY_HEADERS)
                more["Cache-Control"] = "no-store" if path.startswith("/api") else "no-cache"
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in more.items()
                        if name.lower().encode() not in known
                    ),
                ]
            await send(message)

        await self.app(scope, counted, with_policies)


def too_large(limit: int) -> str:
    """Return the message for a request that is too long."""
    return f"expected at most {limit / 1e6:g} MB, got more: make the file smaller"
