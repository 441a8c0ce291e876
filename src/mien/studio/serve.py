"""Run the studio on this computer until Ctrl-C."""

from __future__ import annotations

import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI

from mien.errors import UsageError
from mien.io.credentials import Credentials
from mien.io.file_names import visible
from mien.studio.app import create_app
from mien.studio.connection import ImpatientProtocol
from mien.studio.opening import write_opener

HOST = "127.0.0.1"
"""Loopback: other computers cannot reach the studio."""


def serve(
    folder: Path,
    port: int,
    *,
    open_browser: bool = True,
    credentials: Credentials | None = None,
) -> int:
    """Serve the studio.

    Args:
        folder: Where its files are kept.
        port: The port to listen on; 0 for a free one.
        open_browser: Open the page in the user's browser.
        credentials: What signs exports; None to leave them unsigned.

    Returns:
        The exit code.

    Raises:
        MienError: The folder cannot be written, another studio has it open, or the port is in use.
    """
    app = create_app(folder, credentials=credentials)
    listener = listen(port)
    url = app.state.key.url(f"http://{HOST}:{listener.getsockname()[1]}")
    print(visible(f"Mien studio: {url} (files in {folder}; Ctrl-C ends it)"), flush=True)
    opener = write_opener(url, app.state.studio.folder.root) if open_browser else None
    if opener is not None:
        # Wait until the server answers: otherwise the browser shows an error.
        threading.Timer(0.5, webbrowser.open, [opener.as_uri()]).start()
    serving = server(app)
    try:
        with _until_hangup(serving):
            serving.run(sockets=[listener])
    finally:
        if opener is not None:
            opener.unlink(missing_ok=True)
    return 0


def server(app: FastAPI) -> uvicorn.Server:
    """Return uvicorn as the studio needs it: it writes no addresses into a log, because one holds the key."""
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
def _until_hangup(server: uvicorn.Server) -> Iterator[None]:
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
