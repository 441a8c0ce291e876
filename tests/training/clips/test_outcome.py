from __future__ import annotations

import json

import pytest

from mien.errors import (
    BadTrackError,
    DatasetError,
    MienError,
    NoFaceError,
    UnknownAUError,
    UnreadableVideoError,
)
from mien.training.clips.outcome import Outcome, skip_for


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NoFaceError("none\nthere"), "no usable face"),
        (UnknownAUError("none there"), "no labels that fit"),
        (BadTrackError("none there"), "no labels that fit"),
        (DatasetError("none there"), "not in the copy"),
        (UnreadableVideoError("none there"), "unreadable"),
    ],
)
def test_a_skipped_clip_has_a_reason_in_one_line(error: MienError, kind: str):
    outcome = skip_for("ann/smile", "ann", error)
    assert (outcome.skipped, outcome.why, outcome.frames) == (kind, "none there", 0)


def test_an_outcome_there_and_back():
    outcome = Outcome("ann/smile", "ann", 5, {"face lost": 2})
    assert Outcome(**json.loads(json.dumps(outcome.to_json()))) == outcome
