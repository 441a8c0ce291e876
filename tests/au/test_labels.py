from __future__ import annotations

import pytest

from mien.au.labels import Label, level_of, parse_label, side_letter
from mien.errors import BadTrackError


@pytest.mark.parametrize(
    ("text", "au", "intensity"),
    [
        ("AU12", "AU12", None),
        ("au04l", "AU4L", None),
        ("AU12R", "AU12R", None),
        ("L12C", "AU12L", 3.0),
        ("R 12", "AU12R", None),
        ("12B", "AU12", 2.0),
        ("AU 12 left", "AU12L", None),
        ("Left Action Unit 12", "AU12L", None),
        ("AU12_both E", "AU12", 5.0),
        ("AU12-r-d", "AU12R", 4.0),
        ("AU17A", "AU17", 1.0),
        ("left AU12L", "AU12L", None),
    ],
)
def test_labels(text, au, intensity):
    label = parse_label(text)
    assert (label.au, label.intensity, label.is_apex) == (au, intensity, False)


def test_an_apex_and_the_word():
    assert parse_label("AU12L apex") == Label("AU12L", None, True, True)
    assert parse_label("12") == Label("AU12", None, False, False)


@pytest.mark.parametrize(
    "text", ["", "speech", "AU", "AU99", "AU11", "AU12 now", "120", "12 o'clock"]
)
def test_no_labels(text):
    assert parse_label(text) is None


@pytest.mark.parametrize(("text", "says"), [("AU17L", "midline"), ("left AU12R", "left and right")])
def test_wrong_sides(text, says):
    with pytest.raises(BadTrackError, match=says):
        parse_label(text)


def test_words():
    assert [side_letter(w) for w in ("left", "R", "Bilateral", "None", "up")] == [
        "L",
        "R",
        "",
        "",
        None,
    ]
    assert [level_of(w) for w in ("B", "2.5", "e", "0", "6", "x")] == [
        2.0,
        2.5,
        5.0,
        None,
        None,
        None,
    ]
