"""The body of a request, read with limits: not too long, and not so slow that it holds the studio for ever."""

from __future__ import annotations

import asyncio
import time

from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from mien.studio.errors import error_json
from mien.studio.limits import Limits

CLOSE = {"Connection": "close"}
"""The rest of such a body is not read, so the connection cannot be used again."""


class LimitedBody:
    """Read a request's body until it breaks a limit.

    Args:
        receive: Where it comes from, as ASGI defines it.
        limit_bytes: The most bytes that it may have.
        limits: How long the studio waits for it.
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
            HTTPException: 413, it is too long; 408, it comes too slowly.
        """
        if self._complete:
            return (
                await self._receive()
            )  # this waits for the client to leave, however long it stays
        start = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), self._patience_seconds())
        except TimeoutError:
            raise HTTPException(408, TOO_SLOW, CLOSE) from None
        self._waited_seconds += time.monotonic() - start
        self._got_bytes += len(message.get("body", b""))
        if self._got_bytes > self._limit_bytes:  # the length was not given, or was wrong
            raise HTTPException(413, _too_large(self._limit_bytes), CLOSE)
        self._complete = not message.get("more_body", False)
        return message

    def _patience_seconds(self) -> float:
        """Return how long the next part may take: some time at first, and more for each byte that came."""
        earned = self._got_bytes / self._limits.upload_bytes_per_second
        return max(self._limits.upload_wait_seconds + earned - self._waited_seconds, 0.001)


TOO_SLOW = "expected the whole file, got a part of it and then almost nothing: send it again"


def too_large(limit_bytes: int) -> JSONResponse:
    """Return the answer to a request that says that it is too long."""
    answer = error_json(413, "TooLarge", _too_large(limit_bytes))
    answer.headers.update(CLOSE)
    return answer


def _too_large(limit_bytes: int) -> str:
    return f"expected at most {limit_bytes / 1e6:g} MB, got more: make the file smaller"
