"""Read the body of a request with limits on its length and on its time."""

from __future__ import annotations

import asyncio
import time

from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from mien.studio.errors import error_json
from mien.studio.limits import Limits

CLOSE = {"Connection": "close"}
"""Header of the answer to a body over a limit: the rest is not read, so the connection cannot be used again."""


class LimitedBody:
    """Read a request's body until it breaks a limit.

    Args:
        receive: ASGI's function that returns the next part of the body.
        limit_bytes: Largest length of the body, bytes.
        limits: The studio's limits, which say how long it waits for the body.
    """

    def __init__(self, receive: Receive, limit_bytes: int, limits: Limits) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._limits = limits
        self._got_bytes = 0
        self._waited_seconds = 0.0
        self._complete = False

    async def receive(self) -> Message:
        """Return the next part of the body.

        Raises:
            HTTPException: 413, the body is too long; 408, it comes too slowly.
        """
        if self._complete:
            return await self._receive()  # waits without a limit until the client disconnects
        start = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), self._patience_seconds())
        except TimeoutError:
            raise HTTPException(408, TOO_SLOW, CLOSE) from None
        self._waited_seconds += time.monotonic() - start
        self._got_bytes += len(message.get("body", b""))
        if self._got_bytes > self._limit_bytes:  # Content-Length was missing or wrong
            raise HTTPException(413, _too_large(self._limit_bytes), CLOSE)
        self._complete = not message.get("more_body", False)
        return message

    def _patience_seconds(self) -> float:
        """Return how long the next part may take, seconds: a fixed time, and more for each byte that came."""
        earned = self._got_bytes / self._limits.upload_bytes_per_second
        return max(self._limits.upload_wait_seconds + earned - self._waited_seconds, 0.001)


TOO_SLOW = "expected the whole file, got a part of it and then almost nothing: send it again"


def too_large(limit_bytes: int) -> JSONResponse:
    """Return the answer to a request whose Content-Length is over the limit."""
    answer = error_json(413, "TooLarge", _too_large(limit_bytes))
    answer.headers.update(CLOSE)
    return answer


def _too_large(limit_bytes: int) -> str:
    return f"expected at most {limit_bytes / 1e6:g} MB, got more: make the file smaller"
