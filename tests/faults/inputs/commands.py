"""Strange numbers, names and files on the command line, which must answer in one line with exit code 2."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from random import Random

from mien.cli.main import main
from mien.errors import UsageError
from tests.faults.inputs.pictures import good
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import NUMBERS, TEXTS

COMMANDS = (
    *(("generate", "{file}", "--out", "{out}.mp4", "--expression", "happiness", "--{n}", "{x}"),)
    * 4,
    ("generate", "{file}", "--out", "{out}.mp4", "--au", "AU12=2@0-0.1-0.1-{x}"),
    ("generate", "{file}", "--out", "{out}.mp4", "--aus", "{file}", "--{n}", "{x}"),
    ("measure", "{file}", "--out", "{out}.csv", "--fps", "{x}"),
    ("measure", "{file}", "--out", "{out}.csv", "--start", "{x}"),
    ("transfer", "{file}", "{file}", "--out", "{out}.mkv", "--strength", "{x}"),
    ("recode", "{file}", "--out", "{out}.csv", "--apex", "{x}"),
    ("recode", "{file}", "--out", "{out}.csv", "--threshold", "{x}"),
    ("batch", "{file}", "--out", "{out}", "--fps", "{x}"),
    ("sheet", "{file}", "--out", "{out}.png"),
    ("render", "{file}", "--out", "{out}.mp4"),
    ("weights", "show", "{file}"),
    ("augment", "{file}", "--out", "{out}", "--count", "{x}"),
    ("flows", "casme2", "{file}", "--out", "{out}.npz"),
    ("dataset", "check", "casme2", "{file}"),
    ("evaluate", "images", "{file}", "{file}"),
    ("evaluate", "motion", "{file}", "{file}"),
    ("evaluate", "recognition", "--flows", "{file}", "--seeds", "{x}"),
    ("train", "faces", "--portraits", "{file}", "--out", "{out}", "--size", "{x}"),
    ("{x}", "{file}"),
)
OPTIONS = ("fps", "strength", "duration", "lead", "tail", "seed", "intensity", "face", "side")


def write(folder: Path, rng: Random) -> Path:
    """Write a command line, and the file that it names."""
    name = rng.choice(("a.png", "a.mp4", "a.csv", "a.json", "a.npz", "a.xlsx"))
    if rng.random() < 0.5:
        file = special(folder, name, rng)
    else:
        file = folder / name
        file.write_bytes(good("PNG", "RGB"))
    fill = {
        "file": str(file),
        "out": str(folder / "out"),
        "n": rng.choice(OPTIONS),
        "x": rng.choice((*NUMBERS, *NUMBERS, *TEXTS)),
    }
    words = [word.format(**fill) for word in rng.choice(COMMANDS)]
    (folder / "words.json").write_text(json.dumps(words))
    return folder / "words.json"


def run(path: Path) -> None:
    """Run it in this process."""
    said, printed = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(printed):
        code = main(json.loads(path.read_text()))
    text = said.getvalue()
    if code == 0:
        return
    assert code == 2, code
    assert text.startswith("mien: error: ") and text.count("\n") == 1, text[:2000]
    raise UsageError(text.strip())


READERS = (Reader("commands", write, run, 2.0),)
