"""Clients that the studio knows: they have visited the address that holds its key."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

ADDRESS = "http://127.0.0.1:8765"


def visitor(app: FastAPI, **options: Any) -> TestClient:
    """A client with the studio's cookie."""
    client = TestClient(app, base_url=ADDRESS, **options)
    client.headers["cookie"] = entered(app)
    return client


def entered(app: FastAPI) -> str:
    """The ``Cookie`` header of a browser that has opened the studio."""
    stranger = TestClient(app, base_url=ADDRESS, follow_redirects=False)
    answer = stranger.get(app.state.key.url(""))
    assert answer.status_code == 303, answer.text
    return answer.headers["set-cookie"].partition(";")[0]
