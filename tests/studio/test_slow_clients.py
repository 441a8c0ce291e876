"""Clients that send almost nothing must not hold the studio."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mien.studio import connection
from mien.studio.app import create_app
from mien.studio.body import LimitedBody
from mien.studio.limits import Limits
from mien.studio.serving import HOST, listen, server
from tests.studio.visitor import entered

QUICK = Limits(upload_wait_seconds=0.3, upload_bytes_per_second=1000)


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, str]]:
    """A studio that soon loses patience: its port and the cookie."""
    app = create_app(folder, QUICK)
    listener = listen(0)
    made = server(app)
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1], entered(app)
    finally:
        made.should_exit = True
        thread.join(20)


def until_closed(client: socket.socket, drip: bytes, patience_seconds: float = 20) -> bytes:
    """Send a drop every 50 ms until the server hangs up; return what it said."""
    client.settimeout(0.05)
    said, end = b"", time.monotonic() + patience_seconds
    while time.monotonic() < end:
        try:
            client.sendall(drip)
            part = client.recv(4096)
        except TimeoutError:
            continue
        except OSError:
            return said
        if not part:
            return said
        said += part
    pytest.fail(f"still connected; it said {said!r}")


@pytest.mark.parametrize("length", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
def test_a_body_that_trickles(tmp_path, length):
    with (
        running(tmp_path / "studio") as (port, cookie),
        socket.create_connection((HOST, port)) as client,
    ):
        head = f"POST /api/portraits?name=a.png HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\n{length}\r\n\r\n"
        client.sendall(head.encode())
        drip = b"x" if "Length" in length else b"1\r\nx\r\n"
        said = until_closed(client, drip)
    assert said.startswith(b"HTTP/1.1 408 ") and b'"TooSlow"' in said
    assert not [path for path in (tmp_path / "studio").rglob("*") if path.is_file()]


@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])
def test_headers_that_trickle(tmp_path, monkeypatch, before):
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    with (
        running(tmp_path / "studio") as (port, _),
        socket.create_connection((HOST, port)) as client,
    ):
        client.sendall(before + b"GET / HTTP/1.1\r\nX-Long: ")
        said = until_closed(client, b"x")
    assert said.count(b"HTTP/1.1 ") == (1 if before else 0)


def test_a_slow_upload_that_goes_on_is_taken(tmp_path):
    """It waits far longer than the first patience, and each part earns the time for the next."""
    parts = [{"type": "http.request", "body": b"x" * 500, "more_body": n < 9} for n in range(10)]

    async def slow() -> dict:
        await asyncio.sleep(0.1)
        return parts.pop(0)

    async def read() -> int:
        body = LimitedBody(slow, 10_000, QUICK)
        got, more = 0, True
        while more:
            message = await body.receive()
            got, more = got + len(message["body"]), message["more_body"]
        return got

    assert asyncio.run(read()) == 5000


def test_after_the_body_a_client_may_stay_as_long_as_it_likes():
    messages = [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def late() -> dict:
        if len(messages) == 1:
            await asyncio.sleep(0.6)
        return messages.pop(0)

    async def read() -> str:
        body = LimitedBody(late, 10, QUICK)
        await body.receive()
        return (await body.receive())["type"]

    assert asyncio.run(read()) == "http.disconnect"
