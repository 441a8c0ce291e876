"""A portrait that shows an expression already is noted, and only where the reading is clear."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import mien
from mien.face.portrait import Portrait
from mien.generate import clip, resting
from mien.generate.resting import (
    MOST_YAW_DEGREES,
    STILL_ERRORS,
    resting_aus,
    resting_notes,
    turn_notes,
)
from mien.io.sidecar import read_sidecar
from mien.motion.still import StillAUs
from tests.faces import canonical_face, turned_face

DOCS = Path(__file__).parents[2] / "docs" / "still.md"


def reads(monkeypatch: pytest.MonkeyPatch, confidence: float = 0.7, **values: float) -> None:
    """Let the still reader see these intensities on both sides."""
    sided = {f"{au}{side}": value for au, value in values.items() for side in "LR"}
    read = StillAUs(sided, dict.fromkeys(sided, confidence), ())
    monkeypatch.setattr(resting, "still_aus", lambda face: read)


def test_the_astronaut_smiles(portrait: Portrait) -> None:
    shown = resting_aus(portrait.face)
    assert list(shown) == ["AU12"] and 2.5 < shown["AU12"] <= 5
    (note,) = resting_notes("her.png", portrait.face)
    assert note.startswith(
        "her.png: the face is not neutral: it shows AU12 (Lip Corner Puller) about "
    )
    assert "give or take 1.0" in note and "\n" not in note


def test_a_neutral_portrait_is_not_noted(shut_portrait: Portrait) -> None:
    assert resting_notes("x", shut_portrait.face) == ()


def test_the_limit_is_twice_the_readers_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, noted in ((1.91, 0), (1.93, 1)):
        reads(monkeypatch, AU12=value)
        # A new face each time, because readings are kept.
        assert (
            len(resting_notes("x", replace(canonical_face(), blendshapes={"smile": 1.0}))) == noted
        )
    reads(monkeypatch, AU10=5.0)  # read, but too badly for the number to mean something
    assert resting_notes("x", replace(canonical_face(), blendshapes={"smile": 1.0})) == ()
    reads(monkeypatch, 0.3, AU12=5.0)  # a turned head
    assert resting_notes("x", replace(canonical_face(), blendshapes={"smile": 1.0})) == ()
    assert resting_notes("x", canonical_face()) == ()


def test_the_errors_are_those_of_the_table() -> None:
    table = DOCS.read_text()
    for name, error in STILL_ERRORS.items():
        (row,) = re.findall(rf"^\| {name} \|.*$", table, re.MULTILINE)
        assert float(row.split("|")[5]) == error


def test_the_clip_and_its_sidecar_have_the_note(small_face, tmp_path, monkeypatch) -> None:
    au = "AU4=2@0-0.04-0.04-0.08"
    made = mien.generate(small_face, tmp_path / "a.mkv", au=au, fps=25)
    (note,) = made.notes
    assert note.startswith("the portrait: the face is not neutral")
    assert read_sidecar(made.sidecar).settings["notes"] == [note]
    monkeypatch.setattr(clip, "resting_notes", lambda *_: ("noted",))
    options = clip.ClipOptions(au=au, fps=25, engine="ulme-gan")
    absolute = clip.ClipOptions(
        au=au, fps=25, engine="ulme-gan", engine_settings={"au_mode": "absolute"}
    )
    picture = clip.Picture.of(small_face)
    for asked, expected in ((options, ("noted",)), (absolute, ())):
        assert clip._portrait_notes(picture, picture.portrait(), asked) == expected


@pytest.mark.parametrize("side", [-1, 1])
def test_a_turned_head_is_noted(side: int) -> None:
    assert turn_notes("x.png", turned_face(side * (MOST_YAW_DEGREES - 1))) == ()
    (note,) = turn_notes("x.png", turned_face(side * 34))
    assert note.startswith("x.png: the head is turned by 34 degrees: ")
    assert note.endswith("choose a portrait turned by at most 25 degrees")


def test_a_clip_of_a_turned_head_says_so(small_face, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(resting, "MOST_YAW_DEGREES", -1)
    made = mien.generate(small_face, tmp_path / "a.mkv", au="AU4=2@0-0.04-0.04-0.08", fps=25)
    assert made.notes[-1].startswith("the portrait: the head is turned by ")
    assert read_sidecar(made.sidecar).settings["notes"] == list(made.notes)
