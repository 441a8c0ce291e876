"""Serve an application on this computer only, until Ctrl-C; for the studio and the rating page."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from mien.errors import UsageError
from mien.interrupts import SIGNALS, exit_code
from mien.studio.connection import ImpatientProtocol

HOST = "127.0.0.1"
"""Loopback: other computers cannot reach the server."""


class Server(uvicorn.Server):
    """uvicorn that closes cleanly at Ctrl-C, at SIGTERM, and when its terminal is closed (SIGHUP).

    uvicorn itself raises the signal again within its event loop, which interrupts the closing, and shows a traceback
    if Ctrl-C comes twice.
    """

    signal_number: int | None = None
    """Number of the signal that ended the server; None while it runs."""

    @property
    def exit_code(self) -> int:
        """Exit code of the command: 0 after Ctrl-C, the usual way to end a server."""
        number = self.signal_number
        return 0 if number in (None, signal.SIGINT) else exit_code(number)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: `run` handles the signals from before the event loop begins until the process ends."""
        yield

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes."""
        before = {}
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, self.handle_exit)
        try:
            super().run(sockets)
        finally:
            if self.signal_number is None:
                for number, handler in before.items():
                    signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal; further ones change nothing."""
        if self.signal_number is None:
            self.signal_number = sig
        self.should_exit = True


def server(app: ASGIApp) -> Server:
    """Return a server for a page with a key. It logs no addresses, because one of them holds the key."""
    return Server(
        uvicorn.Config(
            app,
            http=ImpatientProtocol,
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )


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
