from __future__ import annotations

import hashlib
import json
from fractions import Fraction

import numpy as np
import pytest

from mien import __version__
from mien.au.track import AUTrack
from mien.errors import OutputError, UsageError
from mien.io.clip_hash import sha256_file
from mien.io.formats import FormatFacts
from mien.io.sidecar import (
    InputFile,
    Sidecar,
    read_sidecar,
    sidecar_path,
    sidecar_text,
)
from mien.io.tracks import read_track


@pytest.fixture
def sidecar(tmp_path) -> Sidecar:
    (tmp_path / "face.jpg").write_bytes(b"abc")
    rng = np.random.default_rng(0)
    return Sidecar(
        engine="rig",
        seed=7,
        fps=Fraction(30000, 1001),
        frames=5,
        width=201,
        height=333,
        inputs=(InputFile.of(tmp_path / "face.jpg"),),
        track=AUTrack(("AU4", "AU12L"), rng.random((5, 2)) * 5, np.arange(5) / 29.97),
        facts=FormatFacts("gif", "gif", False, slowdown=4).to_json(),
        settings={"strength": 1.5, "expression": "happiness"},
    )


def test_round_trip_is_exact(tmp_path, sidecar):
    path = sidecar_path(tmp_path / "smile.mp4")
    assert path == tmp_path / "smile.mp4.json"
    path.write_text(sidecar_text(sidecar))
    assert read_sidecar(path) == sidecar
    assert read_track(path) == sidecar.track


def test_what_stands_in_it(tmp_path, sidecar):
    record = json.loads(sidecar_text(sidecar))
    assert next(iter(record)) == "synthetic"
    assert record["synthetic"] is True
    assert record["mien_version"] == __version__
    assert record["fps"] == "30000/1001"
    assert record["format"]["slowdown"] == 4
    assert record["inputs"] == [{"name": "face.jpg", "sha256": hashlib.sha256(b"abc").hexdigest()}]
    assert record["track"]["names"] == ["AU4", "AU12L"]
    assert len(record["track"]["values"]) == len(record["track"]["times_seconds"]) == 5
    assert str(tmp_path) not in json.dumps(record)


def test_place_inside_a_folder_of_frames(tmp_path):
    assert sidecar_path(tmp_path / "frames") == tmp_path / "frames" / "mien.json"
    assert sidecar_path(f"{tmp_path}/v1.2/") == tmp_path / "v1.2" / "mien.json"


def test_settings_that_are_no_json():
    bad = Sidecar("rig", None, Fraction(25), 1, 64, 64, settings={"a": float("nan")})
    with pytest.raises(OutputError, match="not JSON"):
        sidecar_text(bad)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"synthetic": False}, "synthetic"),
        ({"fps": "0/1"}, "above 0"),
        ({"fps": "fast"}, "wrong value"),
        ({"frames": 0}, "at least one frame"),
        ({"inputs": [{"name": "/home/me/a.jpg", "sha256": "0" * 64}]}, "without folders"),
        ({"inputs": [{"name": "a.jpg", "sha256": "xyz"}]}, "64 hexadecimal"),
        ({"track": {"names": ["AU99"]}}, "times_seconds"),
        ({"engine": ...}, "field 'engine'"),
    ],
)
def test_a_spoilt_sidecar_is_refused_in_one_line(tmp_path, sidecar, change, message):
    record = {**sidecar.to_json(), **change}
    record = {name: value for name, value in record.items() if value is not ...}
    (tmp_path / "a.json").write_text(json.dumps(record))
    with pytest.raises(UsageError, match=message) as caught:
        read_sidecar(tmp_path / "a.json")
    assert "\n" not in str(caught.value)


def test_not_a_sidecar_at_all(tmp_path):
    (tmp_path / "a.json").write_text("[1, 2")
    with pytest.raises(UsageError, match="not JSON"):
        read_sidecar(tmp_path / "a.json")
    with pytest.raises(UsageError, match="cannot read"):
        read_sidecar(tmp_path / "nowhere.json")


def test_sha256_of_a_large_file(tmp_path):
    data = np.random.default_rng(0).bytes(3_000_000)
    (tmp_path / "a").write_bytes(data)
    assert sha256_file(tmp_path / "a") == hashlib.sha256(data).hexdigest()
    with pytest.raises(UsageError, match="cannot read"):
        sha256_file(tmp_path / "nowhere")
