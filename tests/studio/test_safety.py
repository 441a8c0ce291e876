"""What must not go wrong whatever is sent: odd values, odd names, many at once, clients that leave."""

from __future__ import annotations

import asyncio
import copy
import json
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mien.studio.app import create_app
from mien.studio.limits import Limits
from mien.studio.names import plain_name
from tests.studio.envelope import ENVELOPE
from tests.studio.visitor import entered, visitor

ODD_NAMES = (
    "../x",
    "..",
    "/etc/x",
    "a/b",
    "a\\b",
    ".x",
    "con",
    "nul.mp4",
    "x" * 300,
    "a\x00b",
    "a\n",
    "C:x",
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e-300, 1e300, 2**63, 0.5, "", "x" * 500, "\x00", "\ud800", "1/0", "0/1"),
    *("1e999", "-5", "../x", "nan", "²", [], {}, [[]], [None], {"a": 1}),
)

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_name_leads_out_of_the_folder(client, design, portrait, tmp_path, name):
    kept = {path for path in tmp_path.rglob("*") if path.is_file()}
    sheet = {
        **{"name": name, "portraits": [portrait["id"]], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1], "durations_seconds": [0.2]},
    }
    answers = [
        client.post("/api/exports", json={"design": design, "file_name": name}),
        client.post("/api/code", json={"design": design, "file_name": name}),
        client.post("/api/stimuli", json=sheet),
    ]
    for answer in answers:
        error = answer.json()["error"]
        assert answer.status_code == 422 and "name" in error["message"], error
    quoted = "".join(f"%{byte:02x}" for byte in name.encode())
    for method, path in (
        ("PUT", "/api/projects/{}"),
        ("GET", "/api/projects/{}"),
        ("DELETE", "/api/projects/{}"),
        ("GET", "/api/exports/{}"),
        ("DELETE", "/api/exports/{}"),
        ("GET", "/api/stimuli/{}/conditions.csv"),
        ("GET", "/static/{}"),
    ):
        body = {"design": design} if method == "PUT" else None
        answer = client.request(method, path.format(quoted), json=body)
        assert answer.status_code in (404, 405, 422), f"{method} {path}: {answer.text}"
        assert str(tmp_path) not in answer.text
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == kept


@pytest.mark.parametrize(
    "name", [*ODD_NAMES, "长" * 100 + ".png", "<a>: b?.png", "", " .png", "con .png"]
)
def test_a_dropped_file_may_have_any_name_and_leads_nowhere(client, face_file, tmp_path, name):
    answer = client.post("/api/clips", params={"name": name}, content=b"x")
    assert answer.status_code == 422 and answer.json()["error"]["kind"] == "UnreadableVideoError"
    assert str(tmp_path) not in answer.text
    answer = client.post("/api/portraits", params={"name": name}, content=face_file.read_bytes())
    assert answer.status_code == 201, answer.text
    shown = answer.json()["name"]
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock")
    assert kept.parent == tmp_path / "studio" / "portraits" and kept.name[17:] == shown
    assert plain_name(shown) == shown and (not name.endswith(".png") or shown.endswith("png"))


def changed(value: Any) -> Iterator[Any]:
    """A request, each of its parts in turn replaced by each odd value, or left out."""
    if isinstance(value, dict):
        for key in value:
            yield {name: value[name] for name in value if name != key}
            for other in (*ODD_VALUES, *changed(value[key])):
                yield {**value, key: other}
    elif isinstance(value, list):
        for index in range(len(value)):
            for other in (*ODD_VALUES, *changed(value[index])):
                yield [*value[:index], other, *value[index + 1 :]]


def test_odd_values_in_requests_that_would_work(client, design, portrait):
    full = design | {
        **{"face": 1, "engine": "rig", "settings": {"shading": False}, "name": "a"},
        **{"seed": 1, "emotion": "fear", "envelopes": [ENVELOPE]},
    }
    look = {"design": full, "time_seconds": 0.1, "size_px": 64, "magnify": 8, "view": "difference"}
    sheet = {
        **{"name": "s", "portraits": [portrait["id"]], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1], "durations_seconds": [0.2], "sides": ["both"], "fps": "50"},
        **{
            "lead_seconds": 0,
            "tail_seconds": 0,
            "format": "mp4",
            "engine": "rig",
            "settings": {"shading": False},
        },
    }
    sample = {"emotion": "fear", "seed": 1, "datasets": [], "intensity": 2, "side": "both"}
    preset = {"name": "fear", "intensity": 2, "side": "left", "duration_seconds": 0.2}
    for path, good in (
        ("/api/preview/check", {"design": full}),
        ("/api/preview/frame", look),
        ("/api/preview/motion", {"design": full, "times_seconds": [0.1]}),
        ("/api/code", {"design": full, "file_name": "a"}),
        ("/api/stimuli/plan", sheet),
        ("/api/expressions/sample", sample),
        ("/api/expressions/preset", preset),
    ):
        assert client.post(path, json=good).status_code == 200, path
        refused = 0
        for bad in changed(copy.deepcopy(good)):
            if path in ("/api/preview/motion", "/api/code") and bad.get("design", full) != full:
                continue  # a design is read alike everywhere, so two routes are enough for it
            answer = client.post(path, content=json.dumps(bad), headers=JSON)
            assert answer.status_code < 500, f"{path} {bad}: {answer.text}"
            if answer.status_code >= 400:
                error = answer.json()["error"]
                assert error["kind"] != "Internal" and "\n" not in error["message"], (bad, error)
                refused += 1
        assert refused > 15, path


def test_a_picture_that_would_fill_the_memory(client):
    """A PNG of a few bytes that says it has 10,000 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000)))
    answer = client.post("/api/portraits?name=bomb.png", content=bomb + chunk(b"IEND", b""))
    assert answer.status_code == 422 and answer.json()["error"]["kind"] == "UnreadableImageError"


def test_clips_and_requests_over_the_limit(tmp_path):
    app = create_app(tmp_path / "small", Limits(clip_bytes=1000, json_bytes=1000))
    with visitor(app) as client:
        clips = ("/api/clips?name=a.mp4", "/api/clips/frames?name=a&fps=25")
        for path in (*clips, "/api/preview/check", "/api/projects/open"):
            for body in (b"x" * 1001, iter([b"x" * 600] * 2)):
                answer = client.post(path, content=body)
                assert answer.status_code == 413, path
                assert answer.json()["error"]["kind"] == "TooLarge"
    assert not [path for path in (tmp_path / "small").rglob("*") if path.is_file()]


def test_ten_clients_do_everything_at_once(client, design, face_file, tmp_path):
    content = face_file.read_bytes()
    wrong: list[str] = []
    names: list[str] = []

    def expect(answer: Any, status: int) -> Any:
        if answer.status_code != status:
            wrong.append(f"{answer.request.url}: {answer.text}")
        return answer.json()

    def use() -> None:
        expect(client.post("/api/samples/astronaut", json={}), 201)
        expect(client.post("/api/portraits?name=other.png", content=content), 201)
        expect(client.put("/api/projects/same", json={"design": design}), 200)
        expect(client.get("/api/projects/same"), 200)
        export = {"design": design, "kind": "csv", "file_name": "same"}
        job = expect(client.post("/api/exports", json=export), 202)
        while job["state"] in ("waiting", "running"):
            job = expect(client.get(f"/api/jobs/{job['id']}"), 200)
        names.append(job["result"]["name"])

    run_at_once(use, 10)
    assert not wrong
    assert sorted(names) == sorted({"same.csv", *(f"same {number}.csv" for number in range(2, 11))})
    portraits = client.get("/api/portraits").json()["portraits"]
    assert len(portraits) == 2  # the astronaut and the face, each once
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def run_at_once(work: Callable[[], None], times: int) -> None:
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_client_that_vanishes_in_an_upload_leaves_nothing(tmp_path):
    app = create_app(tmp_path)
    messages = [
        {"type": "http.request", "body": b"\x89PNG" * 1000, "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        **{
            "type": "http",
            "method": "POST",
            "path": "/api/portraits",
            "query_string": b"name=a.png",
        },
        **{
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", entered(app).encode())],
            "raw_path": b"/api/portraits",
            "root_path": "",
        },
        **{"http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1), "server": None},
        "asgi": {"version": "3.0"},
    }

    async def receive() -> dict:
        return messages.pop(0)

    async def send(message: dict) -> None:
        assert message.get("status", 0) < 500, message

    asyncio.run(app(scope, receive, send))
    assert not messages
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
