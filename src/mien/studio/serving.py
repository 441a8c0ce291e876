"""Serve an application on this computer only, until Ctrl-C; the studio and the rating page do."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from mien.errors import UsageError
from mien.studio.connection import ImpatientProtocol

HOST = "127.0.0.1"
"""Loopback: other computers cannot reach the server."""


def server(app: ASGIApp) -> uvicorn.Server:
    """Return uvicorn as a page with a key needs it: it writes no addresses into a log, because one holds the key."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=ImpatientProtocol,
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )


@contextmanager
def until_hangup(server: uvicorn.Server) -> Iterator[None]:
    """End the server in good order when its terminal is closed; uvicorn itself does so for Ctrl-C and SIGTERM."""
    number = getattr(signal, "SIGHUP", None)
    if number is None or signal.getsignal(number) is signal.SIG_IGN:
        yield
        return
    came: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        came.append(number)
        server.should_exit = True

    before = signal.signal(number, end)
    try:
        yield
    finally:
        signal.signal(number, before)
    if came:
        signal.raise_signal(number)


def listen(port: int) -> socket.socket:
    """Listen on a port of this computer.

    Raises:
        UsageError: The port cannot be used, for instance because another program uses it.
    """
    # With the protocol named, asyncio sends small answers at once: otherwise some wait 40 ms (Nagle's algorithm).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on port {port}: {error.strerror}; is a studio open already? "
            "Choose another port with --port N, or a free one with --port 0"
        ) from error
    return listener
