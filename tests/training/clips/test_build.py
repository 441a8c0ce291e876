from __future__ import annotations

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest

from mien.errors import OutputError, UsageError
from mien.training.clips import arrays, build, shard
from mien.training.clips.build import build_clip_faces
from mien.training.faces.face_set import FaceSet
from mien.training.options import ClipOptions
from tests.training.clips.conftest import HELD_OUT, LEARNED, SIZE, write_frames
from tests.training.clips.test_openface_labels import write_table

OPTIONS = ClipOptions(fps="100")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_set_of_clips(clip_set: Path):
    faces = FaceSet.open(clip_set)
    assert faces.identities == (LEARNED, LEARNED, HELD_OUT)
    assert faces.view_counts.tolist() == [3, 2, 3] and faces.is_paired
    assert faces.images.shape == (8, 1, SIZE, SIZE, 3) and isinstance(faces.images, np.memmap)
    assert faces.motion is not None and faces.motion.points.shape == (3, 468, 2)
    assert faces.facts["counts"] == {
        "people": 2,
        "clips": 3,
        "frames": 8,
        "frames_left_out": {},
        "skipped": {},
    }
    assert (faces.facts["square_cm"], faces.facts["labels"]) == (20, "measured")
    np.testing.assert_array_equal(faces.images[3], faces.images[0])  # the same first frame
    assert list(clip_set.parent.iterdir()) == [clip_set]


def test_nobody_is_on_both_sides(clip_set: Path):
    learned, held_out = FaceSet.open(clip_set).split()
    sides = [{part.identities[row] for row in part.rows} for part in (learned, held_out)]
    assert sides == [{LEARNED}, {HELD_OUT}]
    singles = FaceSet.open(clip_set).as_single_pictures()
    assert singles.identities == (LEARNED,) * 5 + (HELD_OUT,) * 3 and not singles.is_paired
    learned, held_out = singles.split()
    assert learned.rows.tolist() == [0, 1, 2, 3, 4] and held_out.rows.tolist() == [5, 6, 7]


def test_an_interrupted_set_is_finished_with_an_equal_result(
    people: Path, clip_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out, write = tmp_path / "set", shard.write_shard
    calls: list[str] = []

    def killed(task: shard.ShardTask):
        calls.append(task.clip.name)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(task)

    monkeypatch.setattr(build, "write_shard", killed)
    with pytest.raises(KeyboardInterrupt):
        build_clip_faces(str(people), out, size=SIZE, options=OPTIONS)
    assert not out.exists() and calls == ["ann/smile", "ann/take 2.mkv", "person 3/smile"]
    done: list[tuple[int, int]] = []
    build_clip_faces(
        str(people), out, size=SIZE, options=OPTIONS, progress=lambda *at: done.append(at)
    )
    assert calls[3:] == ["person 3/smile"] and done == [(3, 3)]
    assert contents(out) == contents(clip_set)
    assert list(tmp_path.iterdir()) == [out]


def test_a_full_disk_is_one_line_and_keeps_what_is_finished(
    people: Path, clip_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out, copied = tmp_path / "set", shutil.copyfileobj
    left = 7  # arrays that fit: five of the first clip, two of the second

    def filling(source, target, length):
        nonlocal left
        left -= 1
        if left < 0:
            target.write(source.read(100))
            raise OSError(errno.ENOSPC, "No space left on device")
        copied(source, target, length)

    monkeypatch.setattr(arrays.shutil, "copyfileobj", filling)
    with pytest.raises(OutputError, match="No space left on device; make room, and run the same"):
        build_clip_faces(str(people), out, size=SIZE, options=OPTIONS)
    assert not out.exists()
    assert len((tmp_path / ".set.clips" / "clips.jsonl").read_text().splitlines()) == 1
    left = 1000
    build_clip_faces(str(people), out, size=SIZE, options=OPTIONS)
    assert contents(out) == contents(clip_set)


def test_a_disk_that_is_full_at_the_first_clip_leaves_nothing(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(shard, "cut_clip", full)
    with pytest.raises(OutputError, match="No space left"):
        build_clip_faces(str(people), tmp_path / "set", size=SIZE, options=OPTIONS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_changed_is_not_continued(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = shutil.copytree(people, tmp_path / "people")
    write = shard.write_shard

    def stopped(task: shard.ShardTask):
        if task.clip.name != "ann/smile":
            raise KeyboardInterrupt
        return write(task)

    monkeypatch.setattr(build, "write_shard", stopped)
    with pytest.raises(KeyboardInterrupt):
        build_clip_faces(str(root), tmp_path / "set", size=SIZE, options=OPTIONS)
    (root / HELD_OUT / "smile" / "img3.png").unlink()
    with pytest.raises(UsageError, match="begun with other clips: finish it"):
        build_clip_faces(str(root), tmp_path / "set", size=SIZE, options=OPTIONS)


def test_clips_that_cannot_be_used_are_skipped_with_the_reason(tmp_path: Path, moving_face):
    root, grey = tmp_path / "people", np.full_like(moving_face[0], 128)
    for name, frames in {
        f"{LEARNED}/fits": moving_face[:2],
        f"{LEARNED}/longer": moving_face[:2],
        f"{HELD_OUT}/mixed": [moving_face[0], moving_face[1][:-2]],
        f"{HELD_OUT}/none": [grey, grey],
        "bob/one": moving_face[:1],
    }.items():
        write_table(write_frames(root / name, frames).with_suffix(".csv"), len(frames))
    write_table(root / LEARNED / "longer.csv", 7)
    build_clip_faces(str(root), tmp_path / "set", size=SIZE, options=ClipOptions(labels="openface"))
    faces = FaceSet.open(tmp_path / "set")
    assert faces.facts["clips"] == ["ann/fits"] and len(faces.au_names) == 30
    assert faces.facts["counts"]["skipped"] == {
        "no labels that fit": 1,
        "fewer than two frames": 1,
        "unreadable": 1,
        "no usable face": 1,
    }
    why = {name: reason for name, _, reason in faces.facts["skipped"]}
    assert "one row per frame" in why["ann/longer"] and "got 7" in why["ann/longer"]
    assert why["bob/one"].endswith("one shows no motion, got 1")
    assert "in img2.png" in why["person 3/mixed"] and "no face" in why["person 3/none"]


def test_nothing_that_can_be_used(tmp_path: Path, moving_face):
    grey = np.full_like(moving_face[0], 128)
    for person in (LEARNED, HELD_OUT):
        write_frames(tmp_path / "people" / person / "none", [grey, grey])
    with pytest.raises(UsageError, match="got none among 2; ann/none: found no face"):
        build_clip_faces(str(tmp_path / "people"), tmp_path / "set", size=SIZE, options=OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["people"]


def test_too_few_people_are_told_before_their_clips_are_read(tmp_path: Path):
    write_frames(tmp_path / "people" / LEARNED / "one", [np.zeros((4, 4, 3), np.uint8)])
    with pytest.raises(UsageError, match="--size of 16 px or more, got 0"):
        build_clip_faces(str(tmp_path / "people"), tmp_path / "set", size=0, options=OPTIONS)
    with pytest.raises(UsageError, match="enough people to hold out"):
        build_clip_faces(str(tmp_path / "people"), tmp_path / "set", options=OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["people"]


def test_a_finished_set_is_never_replaced(
    people: Path, clip_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "set"
    shutil.copytree(clip_set, out)
    before = contents(out)

    def never(task: shard.ShardTask):
        raise AssertionError("no clip is cut again")

    monkeypatch.setattr(build, "write_shard", never)
    build_clip_faces(str(people), out, size=SIZE, options=OPTIONS)
    with pytest.raises(UsageError, match=r"finished set with other size: give another --out"):
        build_clip_faces(str(people), out, size=2 * SIZE, options=OPTIONS)
    with pytest.raises(UsageError, match="finished set with other square_cm"):
        published = ClipOptions(fps="100", crop="published")
        build_clip_faces(str(people), out, size=SIZE, options=published)
    assert contents(out) == before
