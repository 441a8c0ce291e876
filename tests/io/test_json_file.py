from __future__ import annotations

import time

import pytest

from mien.errors import MienError, UsageError
from mien.io.json_file import parse_json, read_json
from mien.io.sidecar import read_sidecar


def test_numbers_there_and_back():
    assert parse_json(b'\xef\xbb\xbf{"a": [1, -2.5e3, 9223372036854775807, "x"]}') == {
        "a": [1, -2500.0, 2**63 - 1, "x"]
    }


@pytest.mark.parametrize(
    "text",
    [
        *("1e999", "-1e999", "NaN", "Infinity", "-Infinity", "9223372036854775808", "9" * 400),
        *("7" * 30_000, "[" * 100_000, '{"a":' * 100_000, "[" * 5000 + "]" * 5000, "", "\0", "{"),
    ],
    ids=lambda text: text[:8],
)
def test_what_is_no_value_is_a_value_error_at_once(text):
    begun = time.monotonic()
    with pytest.raises(ValueError):
        parse_json(text)
    assert time.monotonic() - begun < 2


def test_a_file_in_one_line(tmp_path):
    (tmp_path / "a.json").write_bytes(b"[" * 100_000)
    with pytest.raises(UsageError, match=r"not JSON \(it is nested too deeply\); choose another$"):
        read_json(tmp_path / "a.json", UsageError, "choose another")
    (tmp_path / "a.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not JSON"):
        read_json(tmp_path / "a.json", UsageError, "choose another")


@pytest.mark.parametrize("fps", ['"1e1000000000"', '"1/0"', '"0/5"', "1e308", f'"1/{"9" * 400}"'])
def test_a_sidecar_s_frame_rate_takes_no_time(tmp_path, fps):
    """A fraction of such an exponent has a billion digits."""
    (tmp_path / "a.json").write_text(
        f'{{"synthetic": true, "engine": "rig", "seed": 1, "fps": {fps}, "frames": 1, "width": 1,'
        '"height": 1, "inputs": [], "track": null, "format": {}, "settings": {}, "mien_version": ""}'
    )
    begun = time.monotonic()
    with pytest.raises(MienError, match="wrong value"):
        read_sidecar(tmp_path / "a.json")
    assert time.monotonic() - begun < 2


def test_a_message_stays_readable():
    assert len(str(UsageError(f"got {'9' * 30_000}"))) < 350
    assert len(str(UsageError("got " + "12 " * 30_000))) <= 2000
    assert str(UsageError("short")) == "short"
