"""Sample i depends on the plan's hash and on i alone."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mien.au.catalog import parse_au
from mien.errors import DatasetError, UsageError
from mien.io.sample_tar import read_samples
from mien.produce.draw import Drawing
from mien.produce.freeze import assigned_splits, freeze
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.rows import read_manifest
from mien.produce.shard import manifest_path, tar_path
from mien.produce.worker import samples_of
from tests.produce.sets import begun, hashes, made, plan_of


def drawing(folder: Path) -> Drawing:
    return Drawing(read_frozen(folder), lambda engine: None)


def test_the_same_inputs_give_the_same_plan(people: Path, pairs: Path, tmp_path: Path) -> None:
    again = begun(people, tmp_path / "again")
    assert hashes(again).items() <= hashes(pairs).items()
    assert read_frozen(again).hash == read_frozen(pairs).hash
    other = freeze(plan_of(people, seed=6), tmp_path / "other")
    assert other.hash != read_frozen(pairs).hash


@pytest.mark.parametrize("fixture", ["pairs", "flows"])
def test_a_sample_does_not_depend_on_count_shard_or_order(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = request.getfixturevalue(fixture)
    frozen = read_frozen(folder)
    stored = dict(read_samples(tar_path(folder, 1)))
    start = frozen.plan.samples_of(1).start
    larger: FrozenPlan = replace(frozen, plan=replace(frozen.plan, count=10_000, shard=7))
    assert larger.hash == frozen.hash
    for index in (start + 3, start):  # in another order, and alone
        (sample,) = samples_of(folder, larger, [index], tmp_path)
        assert dict(sample.members) == stored[f"{index:09d}"]


def test_classes_and_portraits_take_turns(pairs: Path) -> None:
    drawn = [drawing(pairs).sample(index).clip for index in range(48)]
    assert Counter(clip.label for clip in drawn) == {"negative": 16, "positive": 16, "surprise": 16}
    subjects = [clip.subject for clip in drawn]
    assert subjects == [subjects[index // 4 * 4] for index in range(48)]  # turns of four
    assert Counter(subjects) == {0: 24, 1: 24}


def test_what_a_plan_asks_for_is_drawn(people: Path, tmp_path: Path) -> None:
    asked = {"levels": ("B", "E"), "durations_seconds": (0.1, 0.2), "cameras": ("still",)}
    folder = begun(
        people, tmp_path / "set", aus=("AU4", "AU6+AU12"), sides=("left", "both"), **asked
    )
    drawn = [drawing(folder).sample(index) for index in range(60)]
    for sample in drawn:
        expression = sample.clip.expression
        assert expression is not None and sample.clip.film is None and sample.clip.emotion == ""
        assert expression.peak_intensity in (2.0, 5.0)
        assert 0.1 <= expression.duration_seconds <= 0.2
    names = Counter(sample.clip.expression.au_names for sample in drawn)  # type: ignore[union-attr]
    assert set(names) == {("AU4",), ("AU4L",), ("AU6", "AU12"), ("AU6L", "AU12L")}
    assert min(names.values()) >= 5


def test_both_sides_means_both(people: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set", sides=("both",))
    for index in range(60):
        expression = drawing(folder).sample(index).clip.expression
        assert expression is not None
        assert all(parse_au(name)[1] is None for name in expression.au_names)


def test_splits_are_by_person(people: Path) -> None:
    plan = plan_of(people, splits={"train": 0.7, "val": 0.1, "test": 0.2})
    splits = assigned_splits(plan, 20)
    assert Counter(splits) == {"train": 14, "val": 2, "test": 4}
    assert splits != assigned_splits(replace(plan, seed=1), 20)
    with pytest.raises(UsageError, match="portraits in the split test, got 0 of 2"):
        assigned_splits(plan, 2)
    carries = replace(plan, engines=("mesh",))
    with pytest.raises(UsageError, match="expected 2 or more portraits in the split val"):
        assigned_splits(carries, 10)


def test_rows_say_what_was_drawn(pairs: Path) -> None:
    row = read_manifest(manifest_path(pairs, 0))[2]
    clip = drawing(pairs).sample(2).clip
    assert clip.expression is not None
    assert row["au_names"] == [each.au for each in clip.expression.envelopes]
    assert row["au_peaks"] == [each.peak_intensity for each in clip.expression.envelopes]
    assert (row["label"], row["emotion"]) == (clip.label, clip.emotion)
    assert row["apex_seconds"] == pytest.approx(clip.expression.apex_seconds, abs=1e-6)


def test_a_plan_that_was_edited_is_refused(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    path = folder / "plan.json"
    whole = json.loads(path.read_text())
    for change in (
        {"plan": whole["plan"] | {"seed": 9}},
        {"versions": whole["versions"] | {"numpy": "0"}},
        {"hash": "0" * 64},
    ):
        path.write_text(json.dumps(whole | change))
        with pytest.raises(DatasetError, match="was edited"):
            read_frozen(folder)
    path.write_text(json.dumps(whole | {"plan": whole["plan"] | {"count": 13}}))
    assert read_frozen(folder).plan.count == 13  # extend does no more
    for damaged in ("{", json.dumps({"form": 1}), json.dumps(whole | {"form": 0})):
        path.write_text(damaged)
        with pytest.raises(DatasetError, match=r"plan\.json"):
            read_frozen(folder)


def test_clips_of_two_sizes_and_rates(people: Path, tmp_path: Path) -> None:
    folder = made(
        people, tmp_path / "set", kind="clips", count=6, shard=3, size=(80, 96), rates=(25, 50)
    )
    rows = [row for shard in (0, 1) for row in read_manifest(manifest_path(folder, shard))]
    assert {row["size_px"] for row in rows} == {80, 96} and {row["fps"] for row in rows} == {
        "25",
        "50",
    }
    for shard in (0, 1):
        for _, members in read_samples(tar_path(folder, shard)):
            assert sorted(members) == ["aus.csv", "json", "mp4"]
