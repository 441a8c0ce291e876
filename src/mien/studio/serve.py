"""Run the studio on this computer until Ctrl-C."""

from __future__ import annotations

import socket
import threading
import webbrowser
from pathlib import Path

import uvicorn

from mien.errors import UsageError
from mien.studio.app import create_app

HOST = "127.0.0.1"
"""Loopback: nobody else on the network can reach it."""


def serve(folder: Path, port: int, *, open_browser: bool = True) -> int:
    """Serve the studio.

    Args:
        folder: where its files are kept.
        port: 0 takes a free one.
        open_browser: show the page in the user's browser.

    Returns:
        The exit code.

    Raises:
        MienError: the folder cannot be written, another studio has it open, or the port is taken.
    """
    app = create_app(folder)
    listener = listen(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    print(f"Mien studio: {address} (files in {folder}; Ctrl-C ends it)", flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    if open_browser:
        # Once the server answers: a browser that is faster shows an error.
        threading.Timer(0.5, webbrowser.open, [address]).start()
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def listen(port: int) -> socket.socket:
    """Take a port on this computer.

    Raises:
        UsageError: another program has it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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
            "Choose another with --port N, or --port 0 for a free one"
        ) from error
    return listener
