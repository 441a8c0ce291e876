from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from mien.cli.say import complain, say
from mien.io.file_names import visible

CLI = Path(__file__).parents[2] / "src" / "mien" / "cli"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("smile.mp4", "smile.mp4"),
        ("Größe 表情 🙂", "Größe 表情 🙂"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("a\rb\x08c\x7f\x9b31m", r"a\rb\x08c\x7f\x9b31m"),
        ("abc\u202e4pm.exe", r"abc\u202e4pm.exe"),
        (os.fsdecode(b"\xff.mp4"), r"\udcff.mp4"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_messages_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain("error", ValueError("a\nb\x1b[2J"))
    say("done\x1b")
    ran = capsys.readouterr()
    assert (ran.out, ran.err) == ("done\\x1b\n", "mien: error: a b\\x1b[2J\n")


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not allowed")
def test_escapes_in_a_file_name_do_not_reach_the_terminal(run, face_file, tmp_path) -> None:
    name = "\x1b]0;owned\x07\x1b[2J $x$ 表"
    portrait = tmp_path / f"{name}.png"
    portrait.write_bytes(face_file.read_bytes())
    out = tmp_path / f"{name}.mp4"
    for words in (
        ("generate", portrait, "--expression", "fear", "--fps", 25, "--out", out),
        ("generate", portrait, "--expression", "fear", "--out", out / "x.mp4"),
        ("verify", out),
        ("verify", tmp_path / f"{name}.mkv"),
        ("measure", tmp_path / f"{name}.mkv", "--out", tmp_path / "a.csv"),
        ("sheet", out, "--out", tmp_path / f"{name}.sheet.png"),
        (name,),
        ("verify", f"--{name}"),
    ):
        ran = run(*words)
        assert "\x1b" not in ran.out + ran.err and "\x07" not in ran.out + ran.err
        assert "owned" in ran.out + ran.err


def test_only_one_place_prints() -> None:
    for file in sorted(CLI.glob("*.py")):
        calls = [
            node.lineno
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if node.func.id == "print"
        ]
        # The version is a fixed text; streams.py prints what say.py made safe.
        assert not calls or file.name in ("say.py", "main.py", "streams.py"), f"{file}:{calls}"
