from __future__ import annotations

import numpy as np
import pytest

import mien
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError


@pytest.fixture(scope="module")
def clip(small_face, tmp_path_factory):
    """Raised brows of 11 frames, with their track in the sidecar."""
    folder = tmp_path_factory.mktemp("clip")
    au = ["AU1=3@0-0.2-0.2-0.4", "AU2=3@0-0.2-0.2-0.4"]
    return mien.generate(small_face, folder / "brows.mkv", au=au, fps=25)


def test_what_was_asked_for_is_read(clip):
    made = mien.evaluate_aus(clip.path, clip.sidecar)
    assert made.asked == clip.track and list(made.mien.aus) == ["AU1", "AU2"]
    for score in made.mien.aus.values():
        assert score.correlation > 0.95 and score.rmse < 0.8
        assert 0.6 < score.amplitude < 1.4 and score.asked_peak == 3
    assert made.mien.mean("correlation") > 0.95
    assert made.asked_spotted.apex_seconds == made.mien.spotted.apex_seconds == pytest.approx(0.2)
    assert made.openface is None and made.notes == ()
    seen = made.blendshapes["AU1+AU2"]
    assert list(made.blendshapes) == ["AU1+AU2"] and seen.correlation > 0.8 and seen.rise > 0.02
    # The track itself is as good as its file.
    again = mien.evaluate_aus(clip.path, clip.track)
    assert again.mien == made.mien


def test_a_stronger_demand_is_met_less(clip):
    strong = AUTrack(clip.track.names, clip.track.values * 5 / 3, clip.track.times_seconds)
    once, twice = (mien.evaluate_aus(clip.path, track).mien for track in (clip.track, strong))
    for name in ("AU1", "AU2"):
        assert twice.aus[name].amplitude == pytest.approx(0.6 * once.aus[name].amplitude)
        assert twice.aus[name].correlation == pytest.approx(once.aus[name].correlation)


def test_openface_has_no_sides_and_a_resting_face(clip, tmp_path):
    """A table with half of what was asked for, over a resting face of 1, and without AU2."""
    half = 1 + 0.5 * clip.track.values[:, :1]
    read = AUTrack(("AU1",), half, clip.track.times_seconds)
    mien.write_openface(tmp_path / "all.csv", read)
    header, *lines = (tmp_path / "all.csv").read_text().splitlines()
    keep = [i for i, name in enumerate(header.split(",")) if "AU02" not in name]
    rows = [",".join(line.split(",")[i] for i in keep) for line in (header, *lines)]
    (tmp_path / "of.csv").write_text("\n".join(rows) + "\n")
    left = AUTrack(("AU1L", "AU2"), clip.track.values, clip.track.times_seconds)
    made = mien.evaluate_aus(clip.path, left, openface=tmp_path / "of.csv")
    assert list(made.openface.aus) == ["AU1"] and made.openface_lacks == ("AU2",)
    score = made.openface.aus["AU1"]
    assert score.correlation == pytest.approx(1) and score.amplitude == pytest.approx(0.5)
    assert score.rmse == pytest.approx(np.sqrt(((half[:, 0] - 1) ** 2).mean()))
    assert made.openface.spotted.apex_seconds == pytest.approx(0.2)
    assert made.notes == ("the OpenFace table has no intensity of AU2",)
    assert list(made.mien.aus) == ["AU1L", "AU2"]


def test_frames_without_the_face_do_not_count(clip, tmp_path):
    mien.write_openface(tmp_path / "of.csv", clip.track)
    header, *lines = (tmp_path / "of.csv").read_text().splitlines()
    lost = lines[5].split(",")
    lost[4] = "0"  # success
    lost[5:] = ["0"] * len(lost[5:])
    lines[5] = ",".join(lost)
    (tmp_path / "of.csv").write_text("\n".join([header, *lines]) + "\n")
    score = mien.evaluate_aus(clip.path, clip.track, openface=tmp_path / "of.csv").openface.aus
    assert score["AU1"].correlation == pytest.approx(1) and score["AU1"].rmse < 1e-6


def test_what_does_not_belong_together_is_refused(clip, tmp_path):
    track, times = clip.track, clip.track.times_seconds
    slow = AUTrack(track.names, track.values, 2 * times)
    short = AUTrack(track.names, track.values[:-1], times[:-1])
    still = AUTrack(track.names, 0 * track.values, times)
    mien.write_openface(tmp_path / "short.csv", short)
    for asked, options, says in (
        (slow, {}, r"the clip's frame rate, got 12.5 and 25 a second"),
        (short, {}, "the track to have as many frames as the clip, got 10 and 11"),
        (still, {}, "a track in which an AU moves"),
        (track, {"openface": tmp_path / "short.csv"}, "the OpenFace table .*, got 10 and 11"),
        (track, {"face": 0}, "--face N"),
    ):
        with pytest.raises(UsageError, match=says):
            mien.evaluate_aus(clip.path, asked, **options)
    with pytest.raises(BadTrackError, match=r"none\.csv"):
        mien.evaluate_aus(clip.path, tmp_path / "none.csv")


def test_a_folder_is_no_track(small_face, tmp_path):
    pngs = mien.generate(small_face, tmp_path / "brow", au="AU4=3@0-0.04-0.04-0.08", fps=25)
    for folder, says in (
        (pngs.path, r"got the folder \S*brow: give its sidecar \S*brow/mien\.json"),
        (tmp_path, r"got the folder \S*: give the table or the sidecar of the one clip"),
    ):
        with pytest.raises(UsageError, match=says):
            mien.evaluate_aus(pngs.path, folder)


def test_a_clip_that_hardly_moves_is_noted(clip, small_face, tmp_path):
    """Its scores compare the request with noise."""
    faint = mien.generate(small_face, tmp_path / "faint.mkv", au="AU1=0.2@0-0.2-0.2-0.4", fps=25)
    made = mien.evaluate_aus(faint.path, clip.track)
    assert any("the requested AUs hardly move in the clip" in note for note in made.notes)
    # Other AUs move than those that were requested.
    smile = mien.generate(small_face, tmp_path / "smile.mkv", au="AU12=3@0-0.2-0.2-0.4", fps=25)
    (note,) = mien.evaluate_aus(smile.path, clip.track).notes
    assert "the requested AUs hardly move" in note
    still = mien.generate(small_face, tmp_path / "still.mkv", au="AU1=0@0-0.2-0.2-0.4", fps=25)
    assert mien.evaluate_aus(still.path, clip.track).notes == (
        "nothing moves in this clip: everything measured is 0",
    )
