"""Schemathesis sends what the OpenAPI allows, and what it does not: nothing may be a 500."""

from __future__ import annotations

import pytest

from mien.cli.main import main
from mien.studio.app import create_app
from tests.studio.visitor import entered, visitor

schemathesis = pytest.importorskip("schemathesis", reason="needs the extra test")
hypothesis = pytest.importorskip("hypothesis")


def headers(app):
    return {"host": "127.0.0.1", "cookie": entered(app)}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="module")
def api(app):
    from schemathesis.openapi import from_asgi

    return from_asgi("/openapi.json", app, headers=headers(app))


@pytest.fixture(scope="module")
def real(app, face_file, tmp_path_factory):
    """Things that are there, by the names that paths have for them: invented ones are all refused alike."""
    driver = tmp_path_factory.mktemp("clip") / "driver.mkv"
    command = ["generate", str(face_file), "--expression", "fear", "--fps", "25"]
    assert main([*command, "--out", str(driver)]) == 0
    client = visitor(app)
    portrait = client.post("/api/portraits?name=a.png", content=face_file.read_bytes()).json()["id"]
    clip = client.post("/api/clips?name=driver.mkv", content=driver.read_bytes()).json()["id"]
    client.put("/api/projects/a", json={"design": {"portrait": portrait}})
    return {"portrait": portrait, "clip": clip, "sample": "astronaut", "job": "1", "name": "a"}


def test_no_500(app, api, real):
    settings = hypothesis.settings(
        max_examples=3,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    asked = 0
    for found in api.get_all_operations():
        operation = found.ok()

        @settings
        @hypothesis.given(case=operation.as_strategy())
        def ask(case):
            answers = [case.call(base_url="http://127.0.0.1", headers=headers(app))]
            known = {name: real[name] for name in case.path_parameters or {} if name in real}
            if known and case.method != "DELETE":
                case.path_parameters.update(known)
                answers.append(case.call(base_url="http://127.0.0.1", headers=headers(app)))
            for answer in answers:
                assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text}"

        ask()
        asked += 1
    assert asked > 35
