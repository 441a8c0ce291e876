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
from mien.studio.serve import listen
from tests.studio.conftest import ENVELOPE

COMMAND = [sys.executable, "-m", "mien", "studio", "--port", "0", "--no-browser", "--folder"]


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A studio, and its address; killed at the end."""
    command = [*COMMAND, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            yield process, found[0]
        finally:
            process.kill()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with started(tmp_path / "studio") as studio:
        yield studio


def long_design(address: str, face_file: Path) -> dict:
    content = face_file.read_bytes()
    made = httpx.post(f"{address}/api/portraits?name=a.png", content=content, timeout=30).json()
    return {
        "portrait": made["id"],
        "envelopes": [ENVELOPE | {"offset_seconds": 50.0, "apex_end_seconds": 49.0}],
        "duration_seconds": 60,
    }


@pytest.mark.parametrize("kind", ["mkv", "mp4", "png"])
def test_killed_in_the_middle_of_an_export(running, tmp_path, face_file, kind):
    process, address = running
    design = long_design(address, face_file)
    httpx.put(f"{address}/api/projects/mine", json={"design": design})
    body = {"design": design, "kind": kind, "file_name": "long"}
    job = httpx.post(f"{address}/api/exports", json=body).json()
    while job["done"] < 20:
        time.sleep(0.02)
        job = httpx.get(f"{address}/api/jobs/{job['id']}").json()
    assert job["state"] == "running"
    process.kill()
    process.wait()
    exports = tmp_path / "studio" / "exports"
    assert not [path for path in exports.iterdir() if not path.name.startswith(".")]
    with started(tmp_path / "studio") as (_, address):
        assert not list(exports.iterdir())
        opened = httpx.get(f"{address}/api/projects/mine", timeout=30).json()
        assert opened["design"]["envelopes"] == design["envelopes"]


def test_killed_in_the_middle_of_a_stimulus_sheet(running, tmp_path, face_file):
    process, address = running
    portrait = long_design(address, face_file)["portrait"]
    sheet = {
        **{"name": "study", "portraits": [portrait], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1, 2, 3], "sides": ["both", "left", "right"], "fps": "200"},
        "durations_seconds": [0.4],
    }
    job = httpx.post(f"{address}/api/stimuli", json=sheet).json()
    while job["done"] < 3:
        time.sleep(0.01)
        job = httpx.get(f"{address}/api/jobs/{job['id']}").json()
    assert job["state"] == "running"
    process.kill()
    process.wait()
    folder = tmp_path / "studio" / "stimuli" / "study"
    whole = {path: path.read_bytes() for path in folder.glob("*.mp4") if path.name[0] != "."}
    assert 3 <= len(whole) < 9
    with started(tmp_path / "studio") as (_, address):
        job = httpx.post(f"{address}/api/stimuli", json=sheet).json()
        while job["state"] in ("waiting", "running"):
            time.sleep(0.02)
            job = httpx.get(f"{address}/api/jobs/{job['id']}").json()
        made = job["result"]
        assert made["kept"] >= len(whole) and made["made"] + made["kept"] == 9
        assert all(path.read_bytes() == content for path, content in whole.items())
        assert not list(folder.glob(".*"))


def test_a_folder_that_another_studio_has_open(running, tmp_path):
    process, address = running
    second = [*COMMAND, str(tmp_path / "studio")]
    ended = subprocess.run(second, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2 and "another studio has the folder" in ended.stderr
    assert ended.stderr.startswith("mien: error: ") and ended.stderr.count("\n") == 1
    assert httpx.get(f"{address}/api/about").status_code == 200
    process.kill()  # a lock must not outlive its studio
    process.wait()
    with started(tmp_path / "studio"):
        pass


def test_clients_that_vanish_stop_the_rendering(running, face_file):
    _, address = running
    design = long_design(address, face_file)
    for _ in range(6):  # more than may render at once
        with httpx.stream("POST", f"{address}/api/preview/clip", json={"design": design}) as answer:
            next(answer.iter_raw())
    start_seconds = time.monotonic()
    small = {"design": design, "time_seconds": 1.0, "size_px": 64}
    assert httpx.post(f"{address}/api/preview/frame", json=small, timeout=20).status_code == 200
    assert time.monotonic() - start_seconds < 5


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_ctrl_c_ends_it(running):
    process, address = running
    assert httpx.get(f"{address}/api/about").status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) in (0, 130)


def test_a_port_that_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="--port"):
            listen(other.getsockname()[1])
