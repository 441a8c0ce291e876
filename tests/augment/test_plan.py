"""What is planned before anything is made: expressions, lids and splits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mien.au.statistics import statistics_table
from mien.augment.options import AugmentOptions
from mien.augment.plan import PlannedClip, plan_clips
from mien.errors import UsageError
from mien.synthesis.flow_recipe import SEEN_DATASETS


def combination(clip: PlannedClip) -> tuple[str, ...]:
    assert clip.expression is not None
    return tuple(e.au for e in clip.expression.envelopes)


def test_draws_are_coded_ones_of_the_seen_data_sets() -> None:
    plan = plan_clips(AugmentOptions(count=600), 20)
    assert Counter(clip.label for clip in plan) == {
        "negative": 200,
        "positive": 200,
        "surprise": 200,
    }
    coded = {
        (emotion, found.aus)
        for name in SEEN_DATASETS
        for emotion, combinations in statistics_table().tables[name].items()
        for found in combinations
    }
    assert {(clip.emotion, combination(clip)) for clip in plan} <= coded
    # Within a class, emotions come as often as they were coded: disgust 919 of 2104 negative clips.
    share = Counter(clip.emotion for clip in plan if clip.label == "negative")["disgust"] / 200
    assert share == pytest.approx(0.437, abs=0.1)
    known = plan_clips(AugmentOptions(count=60), 2, (), lambda aus: "AU24" not in aus)
    assert not any("AU24" in combination(clip) for clip in known)


def test_lids_move_only_if_the_engine_knows_their_au() -> None:
    how = AugmentOptions(count=60)
    every = plan_clips(how, 2)
    assert any(clip.lids for clip in every)
    without = plan_clips(how, 2, (), lambda aus: "AU45" not in aus)
    assert not any(clip.lids for clip in without)
    # Nothing else changes: the lids are drawn all the same.
    drawn = [replace(clip, lids=0.0) for clip in every if "AU45" not in combination(clip)]
    assert len(drawn) == 60 and drawn == list(without)


def test_what_does_not_fit_together() -> None:
    for wrong in (
        {"drivers": Path("x")},
        {"engine_settings": {"weights": Path("x")}},
        {"engine": "warp"},
        {"count": 0},
        {"validation": 1.0},
        {"engine": "mesh", "drivers": Path("x"), "datasets": ("SAMM",)},
    ):
        with pytest.raises(UsageError):
            AugmentOptions(**({"count": 3} | wrong))
    with pytest.raises(UsageError, match="expected 2 portraits or more in each split"):
        plan_clips(AugmentOptions(count=3, engine="mesh"), 1)
    with pytest.raises(UsageError, match="happyness"):
        plan_clips(AugmentOptions(count=3, emotions=("happyness",)), 1)
    with pytest.raises(UsageError, match="unknown data set"):
        plan_clips(AugmentOptions(count=3, datasets=("SAM",)), 1)
