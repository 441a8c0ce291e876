"""Folders of ratings: what may go on, and what would mix different things."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mien.errors import InUseError, OutputError, UsageError
from mien.rating.clips import find_clips
from mien.rating.order import rating_order
from mien.rating.settings import RatingSettings
from mien.rating.store import opened_store


def test_other_settings_or_clips_are_refused_and_new_clips_are_not(
    sheet: Path, tmp_path: Path
) -> None:
    clips = tmp_path / "clips"
    for name in ("ann_anger_2", "bob_anger_3"):
        shutil.copytree(sheet / name, clips / name)
    with opened_store(clips, None, RatingSettings()) as store:
        assert store.folder == clips / "ratings"
        order = [each.file for each in store.session("ann")._order]
        with pytest.raises(InUseError), opened_store(clips, None, RatingSettings()):
            pass
    with (
        pytest.raises(OutputError, match="got another points: use the same settings"),
        opened_store(clips, None, RatingSettings(points=5)),
    ):
        pass
    shutil.copytree(sheet / "ann_fear_4", clips / "c")
    with opened_store(clips, None, RatingSettings()) as store:
        longer = [each.file for each in store.session("ann")._order]
        assert len(longer) == 3 and [name for name in longer if name != "c"] == order
    shutil.copy(clips / "c" / "000003.png", clips / "ann_anger_2" / "000000.png")
    with (
        pytest.raises(OutputError, match="ann_anger_2 was changed"),
        opened_store(clips, None, RatingSettings()),
    ):
        pass


def test_a_file_of_another_rater_is_refused(sheet: Path, tmp_path: Path) -> None:
    with opened_store(sheet, tmp_path, RatingSettings()) as store:
        (tmp_path / "bob.csv").write_text("a,b\n1,2\n")
        with pytest.raises(OutputError, match="move it away"):
            store.session("bob")


def test_orders_are_random_over_raters(sheet: Path) -> None:
    clips = find_clips(sheet)
    first = [rating_order(clips, f"r{n}", 0)[0].file for n in range(400)]
    for clip in clips:
        assert 70 < first.count(clip.file) < 130
    assert rating_order(clips, "a", 0) != rating_order(clips, "a", 3)


@pytest.mark.parametrize("answers", [("anger",), ("anger", "Anger"), ("anger", "none")])
def test_answers_that_are_refused(answers: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        RatingSettings(answers=answers)


def test_a_folder_without_clips(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected clips in"):
        find_clips(tmp_path)
    with pytest.raises(UsageError, match="expected a folder of clips"):
        find_clips(tmp_path / "no")


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("correct_answer,stimulus\nfear,a\nfear\n", "line 3: .* as stimulus, got ''"),
        ("stimulus,correct_answer\n,fear\n", "line 2: .* as stimulus, got ''"),
        ("stimulus,correct_answer\n.,fear\n", "line 2: .* as stimulus, got '.'"),
        ("stimulus,correct_answer\na,fear\n..,fear\n", "line 3: .* as stimulus, got '..'"),
        ("stimulus,correct_answer\nx/..,fear\n", "as stimulus, got 'x/..'"),
        ("stimulus,correct_answer\nC:,fear\n", "as stimulus, got 'C:'"),
        ("stimulus\nb\n../other/a\n", "line 3: .* as stimulus, got '../other/a'"),
        ("stimulus,duration_seconds\na,abc\n", "line 2: .* a number from 0 on, got 'abc'"),
        ("stimulus,duration_seconds\na,nan\n", "a number from 0 on, got 'nan'"),
        ("stimulus,duration_seconds\na,-1\n", "a number from 0 on, got '-1'"),
    ],
)
def test_tables_of_clips_that_are_refused(
    sheet: Path, tmp_path: Path, table: str, why: str
) -> None:
    clips = tmp_path / "clips"
    for name in ("a", "b"):
        shutil.copytree(sheet / "ann_anger_2", clips / name)
    shutil.copytree(sheet / "ann_anger_2", tmp_path, dirs_exist_ok=True)
    (clips / "conditions.csv").write_text(table, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"conditions\.csv, {why}" if "line" in why else why):
        find_clips(clips)


@pytest.mark.parametrize("address", ["", "../stimuli/", "https://x.org/s/", "s\\"])
def test_an_address_before_all_names_of_a_table(sheet: Path, tmp_path: Path, address: str) -> None:
    for name in ("a", "b"):
        shutil.copytree(sheet / "ann_anger_2", tmp_path / name)
    rows = "".join(f"{address}{name}/,0.2\n" for name in ("a", "b"))
    (tmp_path / "conditions.csv").write_text(f"stimulus,duration_seconds\n{rows}")
    found = find_clips(tmp_path)
    assert [each.file for each in found] == ["a", "b"]
    assert [each.known["duration_ms"] for each in found] == ["200", "200"]
