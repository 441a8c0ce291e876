"""Schemathesis sends what the OpenAPI allows, and what it does not: nothing may be a 500."""

from __future__ import annotations

import pytest

from mien.studio.app import create_app

schemathesis = pytest.importorskip("schemathesis", reason='needs pip install "mien[test]"')
hypothesis = pytest.importorskip("hypothesis")


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    from schemathesis.openapi import from_asgi

    app = create_app(tmp_path_factory.mktemp("studio"))
    return from_asgi("/openapi.json", app, headers={"host": "127.0.0.1"})


def test_no_500(api):
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
            answer = case.call(base_url="http://127.0.0.1", headers={"host": "127.0.0.1"})
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text}"

        ask()
        asked += 1
    assert asked > 35
