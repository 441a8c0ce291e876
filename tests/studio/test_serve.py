"""The studio as a process of its own: killed in the middle, and left by its clients."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mien.errors import UsageError
from mien.studio.serving import listen
from tests.studio.envelope import ENVELOPE

COMMAND = [sys.executable, "-m", "mien", "studio", "--port", "0", "--no-browser", "--folder"]


Running = tuple[subprocess.Popen[str], httpx.Client]


@contextmanager
def started(folder: Path) -> Iterator[Running]:
    """A studio, and a client that has opened it; killed at the end."""
    command = [*COMMAND, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\?key=\S+", process.stdout.readline())
            assert found is not None
            with httpx.Client(base_url=found[1], timeout=30) as client:
                assert client.get(found[0]).status_code == 303
                yield process, client
        finally:
            process.kill()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with started(tmp_path / "studio") as studio:
        yield studio


def long_design(studio: httpx.Client, face_file: Path) -> dict:
    content = face_file.read_bytes()
    made = studio.post("/api/portraits?name=a.png", content=content).json()
    return {
        "portrait": made["id"],
        "envelopes": [ENVELOPE | {"offset_seconds": 50.0, "apex_end_seconds": 49.0}],
        "duration_seconds": 60,
    }


@pytest.mark.parametrize("kind", ["mkv", "mp4", "png"])
def test_killed_in_the_middle_of_an_export(running, tmp_path, face_file, kind):
    process, studio = running
    design = long_design(studio, face_file)
    studio.put("/api/projects/mine", json={"design": design})
    body = {"design": design, "kind": kind, "file_name": "long"}
    job = studio.post("/api/exports", json=body).json()
    while job["done"] < 20:
        time.sleep(0.02)
        job = studio.get(f"/api/jobs/{job['id']}").json()
    assert job["state"] == "running"
    process.kill()
    process.wait()
    exports = tmp_path / "studio" / "exports"
    assert not [path for path in exports.iterdir() if not path.name.startswith(".")]
    with started(tmp_path / "studio") as (_, studio):
        assert not list(exports.iterdir())
        opened = studio.get("/api/projects/mine").json()
        assert opened["design"]["envelopes"] == design["envelopes"]


def test_killed_in_the_middle_of_a_stimulus_sheet(running, tmp_path, face_file):
    process, studio = running
    portrait = long_design(studio, face_file)["portrait"]
    sheet = {
        **{"name": "study", "portraits": [portrait], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1, 2, 3], "sides": ["both", "left", "right"], "fps": "200"},
        "durations_seconds": [0.4],
    }
    job = studio.post("/api/stimuli", json=sheet).json()
    while job["done"] < 3:
        time.sleep(0.01)
        job = studio.get(f"/api/jobs/{job['id']}").json()
    assert job["state"] == "running"
    process.kill()
    process.wait()
    folder = tmp_path / "studio" / "stimuli" / "study"
    whole = {path: path.read_bytes() for path in folder.glob("*.mp4") if path.name[0] != "."}
    assert 3 <= len(whole) < 9
    with started(tmp_path / "studio") as (_, studio):
        job = studio.post("/api/stimuli", json=sheet).json()
        while job["state"] in ("waiting", "running"):
            time.sleep(0.02)
            job = studio.get(f"/api/jobs/{job['id']}").json()
        made = job["result"]
        assert made["kept"] >= len(whole) and made["made"] + made["kept"] == 9
        assert all(path.read_bytes() == content for path, content in whole.items())
        assert not list(folder.glob(".*"))


def test_a_folder_that_another_studio_has_open(running, tmp_path):
    process, studio = running
    second = [*COMMAND, str(tmp_path / "studio")]
    ended = subprocess.run(second, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2 and "another studio has the folder" in ended.stderr
    assert ended.stderr.startswith("mien: error: ") and ended.stderr.count("\n") == 1
    assert studio.get("/api/about").status_code == 200
    process.kill()  # a lock must not outlive its studio
    process.wait()
    with started(tmp_path / "studio"):
        pass


def test_clients_that_vanish_stop_the_rendering(running, face_file):
    _, studio = running
    design = long_design(studio, face_file)
    for _ in range(6):  # more than may render at once
        with studio.stream("POST", "/api/preview/clip", json={"design": design}) as answer:
            next(answer.iter_raw())
    start_seconds = time.monotonic()
    small = {"design": design, "time_seconds": 1.0, "size_px": 64}
    assert studio.post("/api/preview/frame", json=small, timeout=20).status_code == 200
    assert time.monotonic() - start_seconds < 5


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
@pytest.mark.parametrize("name, code", [("SIGINT", 0), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_it_in_good_order(tmp_path, name, code):
    number = getattr(signal, name)
    with subprocess.Popen(
        [*COMMAND, str(tmp_path / "studio")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Under nohup, SIGHUP is ignored, and programs that are started inherit this.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address is not None
            assert httpx.get(address[0], follow_redirects=True, timeout=20).status_code == 200
            for _ in range(2):  # people press Ctrl-C twice
                process.send_signal(number)
                time.sleep(0.05)
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()  # one that does not end must not hold the tests
    assert (process.returncode, err) == (code, "")


def test_a_port_that_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="--port"):
            listen(other.getsockname()[1])


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_the_key_is_in_no_log_and_no_argument_of_the_browser(tmp_path):
    """Every user of a computer sees all arguments, and logs are passed on."""
    folder, told = tmp_path / "studio", tmp_path / "told"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" > {told}.new\nmv {told}.new {told}\n')
    browser.chmod(0o700)
    command = [part for part in COMMAND if part != "--no-browser"]
    with subprocess.Popen(
        [*command, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"BROWSER": f"{browser} %s"},
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.readline()
        found = re.search(r"(http://\S+)/\?key=(\S+)", printed)
        assert found is not None
        address, key = found.groups()
        end = time.monotonic() + 30
        while not told.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        opener = folder / ".open.html"
        assert told.read_text().strip() == opener.as_uri() and key not in told.read_text()
        assert f"{address}/?key={key}" in opener.read_text()
        assert opener.stat().st_mode & 0o777 == 0o600
        with httpx.Client(base_url=address, timeout=30) as client:
            for path in (
                f"/?key={key}",
                f"/api/about?key={key}",
                f"/?key={key}%ff",
                f"/no?key={key}",
            ):
                client.get(path)
            client.get(f"/api/exports/%00?key={key}")
            upgrade = {"connection": "upgrade", "upgrade": "websocket"}
            client.get(f"/?key={key}", headers=upgrade)
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"GET /?key={key} nonsense\r\n\r\n".encode())
            raw.recv(1000)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert key not in out + err and printed.count(key) == 1
    assert not opener.exists()
