from __future__ import annotations

import json

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.errors import BadTrackError, OutputError, UnknownAUError
from mien.io.tracks import read_track, write_track


@pytest.fixture
def track() -> AUTrack:
    rng = np.random.default_rng(0)
    return AUTrack(
        ("AU12L", "AU4", "AU45"),
        rng.random((20, 3)) * 5,
        np.cumsum(rng.random(20) + 1e-3),
        rng.random(20).astype(np.float32),
    )


@pytest.mark.parametrize("name", ["a.csv", "a.json", "A.CSV"])
def test_round_trip_is_exact(tmp_path, track, name):
    write_track(tmp_path / "new" / name, track)
    assert read_track(tmp_path / "new" / name) == track


def test_csv_is_for_people_too(tmp_path):
    track = AUTrack(("AU12L", "AU4"), [[0.1, 2], [0.3, 0]], [0.0, 0.005])
    write_track(tmp_path / "a.csv", track)
    assert (tmp_path / "a.csv").read_text() == (
        "time_seconds,confidence,AU12L,AU4\n0.0,1.0,0.1,2.0\n0.005,1.0,0.3,0.0\n"
    )


def test_typed_by_hand(tmp_path):
    (tmp_path / "a.csv").write_text(
        "\ufefftime_seconds, AU12l , au04\r\n0, 0, 0\r\n0.5, 2, 1\r\n\r\n"
    )
    track = read_track(tmp_path / "a.csv")
    assert track.names == ("AU12L", "AU4")
    assert track.values.tolist() == [[0, 0], [2, 1]]
    assert track.confidence.tolist() == [1, 1]


def test_openface_is_recognised(tmp_path):
    (tmp_path / "a.csv").write_text("frame, timestamp, AU12_r\n1, 0.0, 1.5\n2, 0.1, 0\n")
    assert read_track(tmp_path / "a.csv").names == ("AU12",)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("time_seconds,AU12\n0,nan\n", BadTrackError, "line 2, column AU12"),
        ("time_seconds,AU12\n0,5.5\n", BadTrackError, "expected 0 to 5, got 5.5"),
        ("time_seconds,AU12\n0,-1\n", BadTrackError, "expected 0 to 5, got -1"),
        ("time_seconds,AU12\n0.2,1\n0.1,1\n", BadTrackError, "line 3, column time_seconds"),
        ("time_seconds,AU12\n0,1\n0,1\n", BadTrackError, "line 3, column time_seconds"),
        ("time_seconds,AU12\n-1,1\n", BadTrackError, "from 0 s"),
        ("time_seconds,smile\n0,1\n", UnknownAUError, "column smile: unknown action unit"),
        ("time_seconds,confidence\n0,1\n", BadTrackError, "at least one AU column"),
        ("time_seconds,AU12\n", BadTrackError, "at least one row"),
        ("time_seconds,AU12,AU12L\n0,1,1\n", BadTrackError, "AU12"),
        ("time_seconds,AU12,au12\n0,1,2\n", BadTrackError, "AU12 and au12 are the same AU"),
        ("when,AU12\n0,1\n", BadTrackError, "expected an AU track"),
    ],
)
def test_bad_csv(tmp_path, text, error, message):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(error, match=message) as caught:
        read_track(tmp_path / "a.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("record", "error", "message"),
    [
        ([1], BadTrackError, "JSON object"),
        ({"names": ["AU12"], "values": [[1]]}, BadTrackError, "times_seconds"),
        ({"names": ["AU99"], "values": [[1]], "times_seconds": [0]}, UnknownAUError, "AU99"),
        (
            {"names": ["AU12"], "values": [[None]], "times_seconds": [0]},
            BadTrackError,
            "AU12|number",
        ),
        (
            {"names": ["AU12"], "values": [[1], [2, 3]], "times_seconds": [0, 1]},
            BadTrackError,
            "numbers in values",
        ),
        ({"synthetic": True, "track": None}, BadTrackError, "without one"),
    ],
)
def test_bad_json(tmp_path, record, error, message):
    (tmp_path / "a.json").write_text(json.dumps(record))
    with pytest.raises(error, match=message) as caught:
        read_track(tmp_path / "a.json")
    assert "\n" not in str(caught.value)
    assert "a.json" in str(caught.value)


def test_unknown_extension_and_no_json(tmp_path, track):
    with pytest.raises(OutputError, match=r"\.csv or \.json, got a\.xlsx"):
        write_track(tmp_path / "a.xlsx", track)
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(BadTrackError, match="not JSON"):
        read_track(tmp_path / "a.json")
