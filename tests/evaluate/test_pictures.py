from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mien
from mien.errors import UnreadableVideoError, UsageError
from mien.evaluate.pictures import Pictures, check_pair, clips_in, is_set, matched_clips


def frames(folder: Path, count: int, side: int = 40) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        Image.fromarray(np.full((side, side, 3), 10 * number, np.uint8)).save(
            folder / f"{number}.png"
        )
    return folder


def touch(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


def test_a_picture_and_a_folder_of_frames(tmp_path: Path):
    folder = frames(tmp_path / "clip", 3)
    clip, picture = Pictures.open(folder), Pictures.open(folder / "1.png")
    assert (clip.count, clip.fps, clip.size) == (3, None, (40, 40))
    assert (picture.count, picture.clip, picture.name) == (1, None, "1.png")
    assert [frame[0, 0, 0] for frame in clip] == [0, 10, 20] and picture.first[0, 0, 0] == 10


def test_transparent_pixels_are_laid_over_white(tmp_path: Path):
    image = np.zeros((40, 40, 4), np.uint8)
    image[:20, :, 3] = 255
    Image.fromarray(image).save(tmp_path / "a.png")
    first = Pictures.open(tmp_path / "a.png").first
    assert first.shape == (40, 40, 3) and first[0].max() == 0 and first[-1].min() == 255


def test_a_sidecar_says_the_rate_and_padding_is_left_out(tmp_path: Path, small_face):
    odd = np.ascontiguousarray(small_face[:191, :159])
    made = mien.generate(odd, tmp_path / "a.mp4", au="AU4=2@0-.04-.04-.08", fps=50)
    clip = Pictures.open(made.path)
    assert clip.size == (159, 191) and clip.first.shape == odd.shape
    slow = mien.generate(small_face, tmp_path / "a.gif", au="AU4=2@0-.02-.02-.04", fps=100)
    assert slow.slowdown > 1 and Pictures.open(slow.path).fps == 100


def test_what_a_set_is(tmp_path: Path):
    frames(tmp_path / "set" / "b", 2)
    touch(tmp_path / "set", "a.mp4", "a.mp4.json", ".hidden.mp4", "notes.txt")
    (tmp_path / "set" / "empty").mkdir()
    assert is_set(tmp_path / "set") and not is_set(tmp_path / "set" / "b")
    assert {name: path.name for name, path in clips_in(tmp_path / "set").items()} == {
        "a": "a.mp4",
        "b": "b",
    }
    with pytest.raises(UnreadableVideoError, match=r"expected clips .* in the folder .*, got none"):
        clips_in(tmp_path / "set" / "empty")
    touch(tmp_path / "set", "a.mkv")
    with pytest.raises(UsageError, match=r"one clip of each name in .*, got a\.mkv and a\.mp4"):
        clips_in(tmp_path / "set")


def test_clips_are_matched_by_name_and_all_others_are_named(tmp_path: Path):
    own = touch(tmp_path / "own", "a.mkv", "b.gif", "c.mp4")
    other = touch(tmp_path / "other", "a.mp4", "b.mp4", "d.avi")
    with pytest.raises(UsageError, match=r"got none for \S*own/c\.mp4, \S*other/d\.avi$"):
        matched_clips(own, other)
    (own / "c.mp4").unlink()
    (other / "d.avi").unlink()
    matched = matched_clips(own, other)
    assert [(a.name, b.name) for a, b in matched.values()] == [
        ("a.mkv", "a.mp4"),
        ("b.gif", "b.mp4"),
    ]


def test_pairs_that_cannot_be_compared_name_both(tmp_path: Path, small_face):
    three, four = (Pictures.open(frames(tmp_path / str(n), n)) for n in (3, 4))
    large = Pictures.open(frames(tmp_path / "large", 3, 50))
    check_pair(three, three)
    for result, reference, says in (
        (three, four, r"of one length, got 3 frames in \S*3 and 4 frames in \S*4"),
        (three, large, r"--reference of the size of \S*3, 40x40, got 50x50 in \S*large"),
        (three, Pictures.open(three.path / "0.png"), r"got a clip \(\S*3\) and a picture \("),
    ):
        with pytest.raises(UsageError, match=says):
            check_pair(result, reference)
    clips = [
        mien.generate(small_face, tmp_path / f"{fps}.mkv", au="AU4=2@0-.1-.1-.2", fps=fps).path
        for fps in (25, 50)
    ]
    with pytest.raises(UsageError, match=r"one frame rate, got 25 a second in .*50 a second in"):
        check_pair(*(Pictures.open(path) for path in clips))
