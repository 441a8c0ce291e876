from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from mien.errors import DatasetError, UsageError
from mien.training.clips.sources import UNTIMED_FPS, find_source
from tests.datasets import copies

FPS = Fraction(100)


def clip_folder(root: Path) -> Path:
    copies.frames(root / "ann" / "smile", "img{}.png", (2, 10, 1))
    copies.frames(root / "ann" / "day 2" / "frown", "{}.png", (1, 2))
    copies.frames(root / "bob", "{}.png", (1, 2))
    (root / "ann" / "blink.AVI").write_bytes(b"not decoded")
    (root / "ann" / "notes.txt").write_text("")
    (root / "readme.mp4").write_bytes(b"beside the people")
    (root / ".cache" / "x").mkdir(parents=True)
    return root


def test_each_subfolder_is_a_person(tmp_path: Path):
    source = find_source(str(clip_folder(tmp_path / "mine")), "whole", FPS, timed=True)
    found = [(clip.person, clip.name) for clip in source.clips]
    assert found == [
        ("ann", "ann/blink.AVI"),
        ("ann", "ann/day 2/frown"),
        ("ann", "ann/smile"),
        ("bob", "bob"),
    ]
    assert source.name == "mine" and {clip.fps for clip in source.clips} == {FPS}


def test_links_are_followed_but_not_in_a_circle(tmp_path: Path):
    clip_folder(tmp_path / "mine")
    (tmp_path / "mine" / "eve").mkdir()
    (tmp_path / "mine" / "eve" / "clip").symlink_to(tmp_path / "mine" / "ann" / "smile")
    (tmp_path / "mine" / "bob" / "up").symlink_to(tmp_path / "mine" / "bob")
    source = find_source(str(tmp_path / "mine"), "whole", FPS, timed=True)
    names = [clip.name for clip in source.clips if clip.person in ("bob", "eve")]
    assert names == ["bob", "eve/clip"]


def test_a_frame_rate_is_asked_for_where_labels_depend_on_it(tmp_path: Path):
    folder = str(clip_folder(tmp_path / "mine"))
    with pytest.raises(UsageError, match=r"frame rate for the frames in .*: give one with --fps"):
        find_source(folder, "whole", None, timed=True)
    rates = [clip.fps for clip in find_source(folder, "whole", None, timed=False).clips]
    assert rates == [None, UNTIMED_FPS, UNTIMED_FPS, UNTIMED_FPS]  # a video has its own


@pytest.mark.parametrize(
    ("name", "person", "clip", "numbers"),
    [
        ("casme2", "casme2_sub26", "casme2/sub26/EP18_50", range(3, 13)),
        ("samm", "samm_037", "samm/037/037_3_2", range(7, 13)),
        ("smic", "smic_s20", "smic/s20/s20_sur_01", range(7, 10)),
    ],
)
def test_a_data_set_from_onset_to_offset(name, person, clip, numbers, tmp_path: Path):
    root = copies.WRITERS[name](tmp_path / name)
    if name == "smic":
        root = root / "HS"
        (tmp_path / name / "SMIC-HS-E_annotation.xlsx").rename(root / "SMIC-HS-E_annotation.xlsx")
    source = find_source(f"{name}:{root}", "onset-offset", None, timed=True)
    last = source.clips[-1]
    assert (source.name, last.person, last.name) == (name, person, clip)
    assert last.files is not None and last.missing == 0 and last.folder == person.split("_")[1]
    shown = [int(re.findall("[0-9]+", f.name)[-1]) for f in last.files[last.start : last.stop]]
    assert shown == list(numbers) and last.total() == len(last.files)


def test_whole_clips_and_long_clips_with_two_expressions(tmp_path: Path):
    root = f"smic:{copies.smic_extended(tmp_path)}"
    parts = find_source(root, "onset-offset", None, timed=True).clips
    assert [(c.name, c.start, c.stop) for c in parts] == [
        ("smic/s01/s01_ne_01", 9, 14),
        ("smic/s02/s02_po_01", 9, 14),
        ("smic/s02/s02_po_01-2", 19, 25),
    ]
    whole = find_source(root, "whole", None, timed=True).clips
    assert [(c.folder, c.total(), c.is_whole) for c in whole] == [
        ("s01", 40, True),
        ("s02", 40, True),
    ]


def test_what_a_copy_lacks_is_counted(tmp_path: Path):
    root = copies.casme2(tmp_path)
    raw = root / "CASME2_RAW_selected"
    for file in (raw / "sub26" / "EP18_50").iterdir():
        file.unlink()
    (raw / "sub01" / "EP02_01f" / "img50.jpg").unlink()
    source = find_source(f"casme2:{root}", "onset-offset", None, timed=True)
    assert [outcome.name for outcome in source.skipped] == ["casme2/sub26/EP18_50"]
    assert source.skipped[0].skipped == "not in the copy"
    assert [(clip.missing, clip.stop - clip.start) for clip in source.clips] == [(1, 40), (0, 31)]


def test_wrong_sources(tmp_path: Path):
    (tmp_path / "ann").mkdir()
    for source, said in {
        str(tmp_path / "none"): "expected a folder of clips, a set of mien produce, or a data set",
        str(tmp_path): "PERSON/CLIP, a folder for each person with .* got no clip: move the clips",
        "casme7:x": "did you mean casme",
    }.items():
        with pytest.raises(UsageError, match=said):
            find_source(source, "whole", None, timed=True)
    with pytest.raises(UsageError, match="no --fps with the data set"):
        find_source("casme2:x", "whole", FPS, timed=True)
    with pytest.raises(DatasetError, match="it is not a folder"):
        find_source("casme2:nowhere", "whole", None, timed=True)


def test_videos_outside_a_person_s_folder_are_told(tmp_path: Path):
    for name in ("smile.mp4", "frown.AVI", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UsageError, match=r"/PERSON/CLIP, .* got 2 videos outside such a folder"):
        find_source(str(tmp_path), "whole", None, timed=True)
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "smile.mp4").write_bytes(b"")
    source = find_source(str(tmp_path), "whole", None, timed=True)
    assert [clip.name for clip in source.clips] == ["ann/smile.mp4"]
    assert [outcome.name for outcome in source.skipped] == ["frown.AVI", "smile.mp4"]
    assert {outcome.skipped for outcome in source.skipped} == {"not in a person's folder"}
