"""Standard streams that are closed, full, or take ASCII only; as processes, as only they have such streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MIEN = [sys.executable, "-m", "mien"]
PLAIN = {k: v for k, v in os.environ.items() if not k.startswith("PYTHONUNBUFFERED")}

pytestmark = [
    pytest.mark.subprocess,
    pytest.mark.skipif(os.name != "posix", reason="shells of POSIX"),
]


def shell(words: str, redirected: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of Mien in a shell with redirections."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" -m mien {words} {redirected}', sys.executable],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env=PLAIN | variables,
        check=False,
    )


@pytest.mark.parametrize("buffered", [True, False])
def test_a_full_output_is_one_line(buffered: bool) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    variables = {} if buffered else {"PYTHONUNBUFFERED": "1"}
    ended = shell("expressions --json", ">/dev/full", **variables)
    assert ended.returncode == 2
    assert ended.stderr.startswith("mien: error: cannot ") and ended.stderr.count("\n") == 1
    assert "No space left on device" in ended.stderr


@pytest.mark.parametrize(
    ("words", "redirected", "code"),
    [
        ("--version", ">&-", 0),
        ("--help", ">&- 2>&- <&-", 0),
        ("sheet nobody.mp4 --out x.png", ">&-", 2),
        ("sheet nobody.mp4 --out x.png", "2>&-", 2),
        ("sheet nobody.mp4 --out x.png", "2>/dev/full", 2),
    ],
)
def test_streams_that_nobody_reads(words: str, redirected: str, code: int) -> None:
    ended = shell(words, redirected)
    assert ended.returncode == code
    assert "Traceback" not in ended.stdout + ended.stderr
    assert len(ended.stderr.splitlines()) <= 1


def test_a_clip_is_not_written_into_by_what_goes_to_a_closed_stream(
    face_file: Path, tmp_path: Path
) -> None:
    words = f"generate {face_file} --expression fear --fps 25 --out"
    assert shell(f"{words} {tmp_path / 'a.mkv'}", "").returncode == 0
    assert shell(f"{words} {tmp_path / 'b.mkv'}", "<&- >&- 2>&-").returncode == 0
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()


def test_names_on_an_ascii_terminal(face_file: Path, tmp_path: Path) -> None:
    (tmp_path / "gesicht-ü.png").write_bytes(face_file.read_bytes())
    words = f"generate {tmp_path}/gesicht-ü.png --expression fear --fps 25 --out {tmp_path}/ü.gif"
    ended = shell(words, "", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0 and ended.stderr.startswith("mien: warning: gesicht-\\xfc.png: ")
    assert "\\xfc.gif" in ended.stdout and (tmp_path / "ü.gif").is_file()
    for variables in (
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ):
        assert shell("--help", "", **variables).returncode == 0
