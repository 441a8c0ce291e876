"""Errors of the core as the page shows them: always a reason, never an option of the command line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.au.track import AUTrack
from mien.engines.driven import without_unknown_aus
from mien.engines.registry import make_engine
from mien.errors import BadTrackError
from mien.studio.errors import without_options

CORE = (
    *(
        "au",
        "common",
        "engines",
        "face",
        "generate",
        "io",
        "measure",
        "motion",
        "project",
        "stimuli",
    ),
    "transfer",
)
"""Packages whose errors the studio may show."""


def text(node: ast.expr) -> str:
    """A message as it stands in the source, "x" for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return text(node.left) + text(node.right)
    return "x"


def messages() -> Iterator[str]:
    """Every message that the core raises and that names an option."""
    root = Path(mien.__file__).parent
    for file in (file for part in CORE for file in sorted((root / part).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                message = text(node.exc.args[0])
                if "--" in message:
                    yield message


def test_every_message_keeps_its_reason_and_loses_its_options() -> None:
    found = list(messages())
    assert len(found) > 30
    shown = [without_options(message) for message in found]
    assert not [one for one in shown if "--" in one]
    assert all(shown)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("found 2 faces; choose with --face N", "found 2 faces"),
        (
            "expected --end after --start, got 1 after 2 s",
            "expected end after start, got 1 after 2 s",
        ),
        (
            "no weights: give --weights F; see --help; or wait",
            "no weights: give weights F; or wait",
        ),
        ("a -- b", "a -- b"),
    ],
)
def test_without_options(message: str, shown: str) -> None:
    assert without_options(message) == shown


def test_units_that_an_engine_does_not_know_are_named() -> None:
    pytest.importorskip("torch")
    track = AUTrack(("AU28",), np.ones((3, 1), np.float32), np.arange(3) / 50.0)
    with pytest.raises(BadTrackError) as error:
        without_unknown_aus(track, make_engine("ulme-gan", "generate"))
    assert without_options(error.value).endswith("knows, got only AU28")
