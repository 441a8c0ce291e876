from __future__ import annotations

import pytest

from mien.cli.commands import COMMANDS, overview
from mien.cli.parse import condensed, load, parse, repeat_au, second_words
from mien.errors import UsageError

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


USAGE = {
    "train foo": (
        "expected one of ulme-gan, fomm, mraa, avd, faces, export after train, got 'foo'; see mien train --help"
    ),
    "evaluate": (
        "expected one of motion, images, aus, agreement, reconstruction, recognition, realism after evaluate, "
        "got none; see mien evaluate --help"
    ),
    "dataset chek": "expected one of check, list after dataset, got 'chek'; see mien dataset --help",
    "dataset --foo": "expected one of check, list after dataset, got '--foo'; see mien dataset --help",
    "train --out x": (
        "expected one of ulme-gan, fomm, mraa, avd, faces, export after train, got '--out'; see mien train --help"
    ),
    "train faces": "expected --out SET, got none; see mien train faces --help",
    "measure a.mp4 --out a.csv --start x": (
        "expected a number after --start, got 'x'; see mien measure --help"
    ),
    "generate p --out a.mp4 --seed x": (
        "expected a whole number after --seed, got 'x'; see mien generate --help"
    ),
    "generate": "expected PORTRAIT and --out FILE, got none; see mien generate --help",
    "generate p": "expected --out FILE, got none; see mien generate --help",
    "batch t.csv": "expected --out FOLDER, got none; see mien batch --help",
    "generate p --out": "expected a value after --out, got none; see mien generate --help",
    "generate p --out a --expresion fear": (
        "unknown option --expresion (did you mean --expression?); see mien generate --help"
    ),
    "generate my face.png --out a": (
        "'face.png' is one word too many; a name with spaces needs quotes; see mien generate --help"
    ),
    "generate p --out a --side up": (
        "expected one of left, right, both after --side, got 'up'; see mien generate --help"
    ),
    "train mraa --out a --prior ewp": (
        "expected one of awp, none after --prior, got 'ewp'; see mien train mraa --help"
    ),
    "generate p --out a --lead long": (
        "expected a number after --lead, got 'long'; see mien generate --help"
    ),
    "sheet c --out s.png --columns 3.5": (
        "expected a whole number after --columns, got '3.5'; see mien sheet --help"
    ),
    "genrate p": (
        "unknown command 'genrate': did you mean generate? "
        f"The commands are {', '.join(COMMANDS)}; see mien --help"
    ),
    "--fps 50 generate p": "expected a command before --fps, such as mien generate; see mien --help",
    "portrait.jpg": (
        f"unknown command 'portrait.jpg': the commands are {', '.join(COMMANDS)}; see mien --help"
    ),
}


@pytest.mark.parametrize("columns", ["30", "80", "300"])
@pytest.mark.parametrize("words", USAGE)
def test_usage_errors_say_what_to_mend_at_any_width(words, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    with pytest.raises(UsageError) as said:
        parse(words.split())
    assert " ".join(str(said.value).split()) == USAGE[words]


def test_every_command_has_its_class_and_second_words_are_its_types() -> None:
    assert {name: second_words(load(name)) for name in COMMANDS if second_words(load(name))} == {
        "train": ("ulme-gan", "fomm", "mraa", "avd", "faces", "export"),
        "evaluate": (
            "motion",
            "images",
            "aus",
            "agreement",
            "reconstruction",
            "recognition",
            "realism",
        ),
        "weights": ("import", "show"),
        "dataset": ("check", "list"),
        "produce": ("plan", "run", "status", "verify", "retry", "extend", "export"),
        "experiment": ("build", "pool", "rate", "analyse"),
    }
    assert all(callable(load(name).run) for name in COMMANDS)


def test_the_overview_lists_every_command_with_the_first_sentence_of_its_help(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    lines = overview().splitlines()
    assert max(map(len, lines)) <= 100
    text = " ".join(overview().split())
    for name, entry in COMMANDS.items():
        help_text = " ".join((load(name).__doc__ or "").split())
        assert help_text.startswith(entry.summary), name
        assert f" {name} {entry.summary}" in text


@pytest.mark.parametrize("columns", ["20", "80"])
def test_the_overview_at_any_width(columns, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, overview().splitlines()[4:-1])) <= max(int(columns), 42)
