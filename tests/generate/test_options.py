from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.errors import UsageError
from mien.generate.options import ClipOptions, RenderOptions


def test_one_envelope_may_stand_alone():
    assert ClipOptions(au="AU1=1@0-.1-.1-.2").au == ("AU1=1@0-.1-.1-.2",)


def test_face_is_a_number_or_the_largest():
    assert [RenderOptions(face=face).face for face in (None, 2, "2", "largest")] == [
        None,
        2,
        2,
        "largest",
    ]


def test_json_has_no_folders():
    options = ClipOptions(aus=Path("/home/somebody/track.csv"), fps=Fraction(30000, 1001))
    assert options.to_json()["aus"] == "track.csv"
    assert options.to_json()["fps"] == "30000/1001"


def test_numpy_numbers_are_kept_as_plain_values():
    options = ClipOptions(
        sample="fear",
        seed=np.int64(3),
        intensity=np.float32(2.0),
        strength=np.float32(0.5),
        fps=np.int64(50),
        lead_seconds=np.float64(0.1),
        face=np.int64(1),
    )
    plain = ClipOptions(
        sample="fear", seed=3, intensity=2.0, strength=0.5, fps=50, lead_seconds=0.1, face=1
    )
    assert json.dumps(options.to_json()) == json.dumps(plain.to_json())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "got none"),
        ({"expression": "fear", "au": ("x",)}, "got --expression and --au"),
        ({"expression": "fear", "dataset": ("SAMM",)}, "--dataset needs --sample"),
        ({"aus": "t.csv", "intensity": 2}, "use --strength"),
        ({"aus": "t.csv", "duration_seconds": 1.0}, "its own times"),
        ({"expression": "fear", "tail_seconds": float("nan")}, "--tail"),
    ],
)
def test_what_does_not_fit_together_is_refused(options, expected):
    with pytest.raises(UsageError, match=expected):
        ClipOptions(**options)
