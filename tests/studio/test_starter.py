"""A file that starts the studio by a double click."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mien.cli.main import main
from mien.errors import OutputError, UsageError
from mien.studio.starter import NAMES, starter_text, write_starter

FOLDER = Path('/home/ann/it\'s 100% "$HOME" `x` \\ studies')


def test_the_command_writes_it_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["studio", "--starter", str(tmp_path), "--folder", str(tmp_path / "studies")]
    assert main(words) == 0 == main(words)  # its own file is replaced
    name = NAMES[sys.platform]
    assert f"{tmp_path / name}: double-click it" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert os.access(tmp_path / name, os.X_OK)


def told(words: str) -> list[str]:
    """What the starter's shell calls, with the arguments one a line."""
    script = f'python() {{ printf "%s\\n" "$@"; }}; {words}'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="needs sh")
@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_any_folder_reaches_mien(platform: str) -> None:
    text = starter_text(platform, Path("python"), FOLDER)
    if platform == "linux":
        parser = configparser.RawConfigParser()
        parser.read_string(text)
        value = parser["Desktop Entry"]["Exec"].replace("%%", "%").replace("\\\\", "\\")
        quoted = re.fullmatch(r'sh -c "(.*)"', value)
        assert quoted is not None
        inner = re.sub(
            r'\\(["`$\\])', r"\1", quoted[1]
        )  # as the Desktop Entry Specification quotes
    else:
        inner = text.split("\n", 2)[2]
    assert told(inner) == ["-m", "mien", "studio", "--folder", str(FOLDER)]


def test_windows() -> None:
    text = starter_text("win32", Path("C:/py thon/python.exe"), Path("C:/Users/ann/studies"))
    assert '"C:/py thon/python.exe" -m mien studio --folder "C:/Users/ann/studies"\r\n' in text
    assert "pause" in text
    with pytest.raises(UsageError, match="expected a folder without '%'"):
        starter_text("win32", Path("python"), Path("100%"))


def test_places_that_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected --starter FOLDER"):
        write_starter(tmp_path / "none", tmp_path)
    with pytest.raises(UsageError, match="expected Windows, macOS or Linux"):
        write_starter(tmp_path, tmp_path, "aix")
    (tmp_path / NAMES["linux"]).write_text("mine")
    with pytest.raises(OutputError, match="did not write"):
        write_starter(tmp_path, tmp_path, "linux")
