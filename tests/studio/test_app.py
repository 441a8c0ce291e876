"""Refusals: hosts, origins, uploads, names; and what the page is told."""

from __future__ import annotations

import pytest

from mien.generate import resting
from mien.studio.app import create_app
from mien.studio.limits import Limits
from tests.studio.visitor import visitor


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8765"}, 200),
        ({"host": "[::1]:9"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1.evil.example:8765"}, 403),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_only_own_pages_may_ask(client, headers, status):
    answer = client.get("/api/about", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["kind"] == "Refused"


def test_policies_and_no_pages_from_elsewhere(client):
    answer = client.get("/api/catalogue")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
    assert client.get("/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "status", "kind", "says"),
    [
        ("a.png", b"hello", 422, "UnreadableImageError", "a.png"),
        ("a.png", b"", 422, "UnreadableImageError", "empty"),
        # Under a plain name, whatever they are called.
        ("../a.png", b"x", 422, "UnreadableImageError", " a.png"),
        ("..", b"x", 422, "UnreadableImageError", "file"),
        ("a\\b.png", b"x", 422, "UnreadableImageError", " b.png"),
        (".hidden", b"x", 422, "UnreadableImageError", " hidden"),
        ("con.png", b"x", 422, "UnreadableImageError", "_con.png"),
        ("a" * 200 + ".png", b"x", 422, "UnreadableImageError", "a" * 116 + ".png"),
    ],
)
def test_uploads_that_are_refused(client, tmp_path, name, content, status, kind, says):
    answer = client.post("/api/portraits", params={"name": name}, content=content)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["kind"] == kind and says in error["message"] and "\n" not in error["message"]
    assert str(tmp_path) not in error["message"]
    assert client.get("/api/portraits").json() == {"portraits": []}
    assert not [path for path in (tmp_path / "studio").rglob("*") if path.is_file()]


def test_uploads_over_the_limit(tmp_path, face_file):
    app = create_app(tmp_path / "small", Limits(picture_bytes=1000))
    with visitor(app) as client:
        told = client.post("/api/portraits?name=a.png", content=b"x" * 1001)
        untold = client.post("/api/portraits?name=a.png", content=iter([b"x" * 600] * 2))
    for answer in (told, untold):
        assert answer.status_code == 413 and answer.json()["error"]["kind"] == "TooLarge"
    assert not [path for path in (tmp_path / "small").rglob("*") if path.is_file()]


def test_what_the_page_is_told(client):
    catalogue = client.get("/api/catalogue").json()["aus"]
    assert catalogue[8]["names"] == ["AU12", "AU12L", "AU12R"]
    assert catalogue[8]["muscle"] == "zygomaticus major"
    engines = {engine["name"]: engine for engine in client.get("/api/engines").json()["engines"]}
    assert engines["rig"]["tabs"] == ["design", "transfer"] and engines["rig"]["installed"]
    assert engines["mesh"]["tabs"] == engines["fomm"]["tabs"] == ["transfer"]
    assert engines["ulme-gan"]["tabs"] == ["design", "transfer"]
    asked = {"emotion": "happiness", "seed": 3}
    drawn = client.post("/api/expressions/sample", json=asked).json()
    assert drawn == client.post("/api/expressions/sample", json=asked).json()
    assert 0 < drawn["duration_seconds"] <= 0.5
    side = client.post("/api/expressions/preset", json={"name": "contempt", "side": "right"})
    assert [e["au"] for e in side.json()["envelopes"]] == ["AU14R", "AU12R"]


def test_a_portrait_has_notes_on_what_makes_it_a_poor_stimulus(client, portrait, monkeypatch):
    (face,) = portrait["faces"]
    assert [note[:43] for note in face["resting_notes"]] == [
        "face.png: the face is not neutral: it shows"
    ]
    assert face["notes"] == []
    monkeypatch.setattr(resting, "MOST_YAW_DEGREES", 0)
    (face,) = client.get(f"/api/portraits/{portrait['id']}").json()["faces"]
    assert [note[:31] for note in face["notes"]] == ["face.png: the head is turned by"]


def test_a_portrait_and_its_regions(client, portrait):
    assert len(portrait["faces"]) == 1 and not portrait["needs_choice"]
    left, top, right, bottom = portrait["faces"][0]["box_px"]
    regions = client.get(f"/api/portraits/{portrait['id']}/regions").json()["regions"]
    middle = (left + right) / 2
    # The subject's own left is at the picture's right.
    corners = {n: [p for q in regions[n]["polygons_px"] for p in q] for n in ("AU12L", "AU12R")}
    assert sum(x for x, _ in corners["AU12L"]) / len(corners["AU12L"]) > middle
    assert sum(x for x, _ in corners["AU12R"]) / len(corners["AU12R"]) < middle
    brows = [p for q in regions["AU4"]["polygons_px"] for p in q]
    assert max(y for _, y in brows) < (top + bottom) / 2
