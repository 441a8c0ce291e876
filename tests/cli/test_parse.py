from __future__ import annotations

import pytest

from mien.cli.parse import condensed, repeat_au

BOX = """\
╭─ Invalid choice ───────────────────────╮
│ invalid choice 'down' for argument     │
│ '--side'.                              │
│ ────────────────────────────────────── │
│ For full helptext, run mien generate --help │
╰────────────────────────────────────────╯
"""
ASCII_BOX = """\
 Invalid choice
 --------------------------------
  invalid choice 'down' for argument
  '--side'.
  --------------------------------
  For full helptext, run mien generate --help

"""


@pytest.mark.parametrize("box", [BOX, ASCII_BOX])
def test_a_box_becomes_one_line(box):
    line = "invalid choice 'down' for argument '--side'; see mien generate --help"
    assert condensed(box) == line


def test_colours_are_left_out():
    box = "╭─ x ─╮\n│ \x1b[31mbad\x1b[0m │\n╰──╯\n"
    assert condensed(box) == "bad; see mien --help"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--au A=1 B=2 --out x", "--au A=1 --au B=2 --out x"),
        ("--au A=1 --au B=2", "--au A=1 --au B=2"),
        ("--au A=1 B=2 face.png", "--au A=1 --au B=2 face.png"),
        ("--au A=1 --fps 5 b=c.png", "--au A=1 --fps 5 b=c.png"),
        ("--au", "--au"),
        ("face.png --out a=b.mp4", "face.png --out a=b.mp4"),
    ],
)
def test_several_aus_after_one_option(given, expected):
    assert repeat_au(given.split()) == expected.split()
