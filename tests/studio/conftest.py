from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra studio")
pytest.importorskip("httpx", reason="needs the extra test")

from benchmarks.chromium import launched, served
from fastapi.testclient import TestClient

from mien.engines import registry
from mien.studio.app import create_app
from tests.studio.browser import StudioPage
from tests.studio.envelope import ENVELOPE
from tests.studio.tint import BROKEN, TINT
from tests.studio.visitor import visitor


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with visitor(create_app(tmp_path / "studio"), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def portrait(client: TestClient, face_file: Path) -> dict[str, Any]:
    answer = client.post("/api/portraits?name=face.png", content=face_file.read_bytes())
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def design(portrait: dict[str, Any]) -> dict[str, Any]:
    return {
        "portrait": portrait["id"],
        "envelopes": [ENVELOPE],
        "duration_seconds": 0.2,
        "fps": "50",
    }


@pytest.fixture
def finish(client: TestClient) -> Callable[[Any], dict[str, Any]]:
    """Wait for a job and return it."""

    def finish(answer: Any) -> dict[str, Any]:
        assert answer.status_code == 202, answer.text
        job = answer.json()
        end = time.monotonic() + 60
        while job["state"] in ("waiting", "running"):
            assert time.monotonic() < end, job
            time.sleep(0.02)
            job = client.get(f"/api/jobs/{job['id']}").json()
        return job

    return finish


@pytest.fixture
def tint(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine of another package, and beside it one that cannot be imported."""
    found = registry._PluggedIn({"tint": TINT}, {"broken": BROKEN})
    monkeypatch.setattr(registry, "_plugged_in", lambda: found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; ended with the module, for Playwright's event loop is in the way of others."""
    with launched() as made:
        yield made


@pytest.fixture
def studio_page(browser: Any, tmp_path: Path) -> Iterator[StudioPage]:
    """The page of a new studio, in English; in the end the browser must not have complained."""
    with served(tmp_path / "studio") as running:
        window = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
        studio = StudioPage(window.new_page(), running)
        studio.open()
        yield studio
        window.close()
    assert not studio.complaints
    ours = (running.address, "blob:", "data:")
    elsewhere = [url for url in studio.asked if not url.startswith(ours)]
    assert not elsewhere, "the page must work without a network"


@pytest.fixture
def smiling(studio_page: StudioPage, face_file: Path) -> StudioPage:
    """The page with a portrait that has a strong AU12 and nothing else, its playhead at 0.1 s."""
    studio_page.drop_portrait(face_file)
    studio_page.page.click("[data-au=AU12]")
    studio_page.page.fill("[data-field=peak]", "5")
    studio_page.page.keyboard.press("Tab")
    studio_page.seek(20)
    return studio_page
