from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.masked import with_mask

import mien
from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion, read_motion
from mien.common.cut_options import CutOptions
from mien.engines.base import Driver
from mien.engines.driven import EYE_AUS, DrivenEngine
from mien.engines.rig.engine import RigEngine
from mien.errors import BadTrackError, OutputError
from mien.face.portrait import Portrait
from mien.face.regions import eye_region
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar
from mien.plots.arrows import spread_vertices
from mien.plots.face_arrows import field_arrows
from mien.transfer import clip
from mien.transfer.engine import notes_of
from tests.io.frames import write_clip


@pytest.fixture(scope="module")
def driver(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face whose brows go up and whose eyes shut, 9 frames at 50 a second."""
    out = tmp_path_factory.mktemp("driver") / "driver.mkv"
    au = ["AU1=4@0-0.08-0.08-0.16", "AU2=4@0-0.08-0.08-0.16", "AU45=5@0-0.08-0.08-0.16"]
    return mien.generate(small_face, out, au=au, fps=50).path


@pytest.fixture(scope="module")
def motion(driver: Path) -> ClipMotion:
    return read_motion(driver, CutOptions())


@pytest.fixture(scope="module")
def face(small_face: np.ndarray) -> Portrait:
    return Portrait.from_image(small_face)


def track(
    motion: ClipMotion, face: Portrait, strength: float = 1.0, blinks: bool = True
) -> AUTrack:
    session = DrivenEngine(RigEngine()).prepare(face)
    return session.track(Driver.of(motion.field), strength=strength, blinks=blinks)[0]


def test_the_sidecar_has_the_track_that_moved_the_rig(driver, face, tmp_path):
    told = []
    out = tmp_path / "a.mkv"
    made = mien.transfer(driver, face, out, engine="rig", on_frame=lambda *at: told.append(at))
    kept = read_sidecar(made.sidecar)
    assert kept.engine == "rig" and kept.track == made.track and kept.settings["notes"] == []
    assert made.frames == 9 == len(list(open_clip(out))) and told[-1] == (9, 9)
    assert made.duration_seconds == pytest.approx(9 / 50)


def test_the_driver_and_the_portrait_are_not_replaced(driver, small_face, tmp_path):
    frames = tmp_path / "frames"
    write_clip(frames, [small_face, small_face, small_face])
    with pytest.raises(OutputError, match="got the input itself"):
        mien.transfer(frames, small_face, frames, fps=50)
    with pytest.raises(OutputError, match=r"000002\.png in it, which would be deleted"):
        mien.transfer(driver, frames / "000002.png", frames)
    assert len(list(frames.iterdir())) == 3


def test_a_rate_that_no_gif_has_is_refused_before_the_measurement(
    driver, small_face, tmp_path, monkeypatch
):
    monkeypatch.setattr(clip, "read_motion", lambda *a: pytest.fail("measured the driver"))
    with pytest.raises(OutputError, match="GIF's clock ticks 10 ms"):
        mien.transfer(driver, small_face, tmp_path / "a.gif", fps="30000/1001")
    assert not list(tmp_path.iterdir())


def test_strength_is_a_plain_factor_and_has_an_end(motion, face):
    once, half = track(motion, face), track(motion, face, strength=0.5)
    assert half.names == once.names
    np.testing.assert_allclose(half.values, once.values / 2, atol=1e-5)
    with pytest.raises(BadTrackError, match="strength"):
        track(motion, face, strength=50.0)


def test_without_blinks_no_eye_shuts(motion, face):
    assert any(name.startswith(EYE_AUS) for name in track(motion, face).names)
    assert not any(name.startswith(EYE_AUS) for name in track(motion, face, blinks=False).names)


def test_a_driver_without_units_is_noted(motion):
    still = AUTrack(("AU1L",), np.zeros((9, 1), np.float32), motion.field.times_seconds)
    assert notes_of(motion) == ()
    (note,) = notes_of(motion, still)
    assert "no action unit moves" in note and "--engine mesh" in note
    # Where nothing moves at all that is said already.
    assert len(notes_of(replace(motion, still=True), still)) == 1


def test_arrows_of_a_carried_motion_have_its_strength_and_can_leave_out_the_lids(motion, face):
    whole = field_arrows(face, motion.field)
    half = field_arrows(face, motion.field, 0.5)
    np.testing.assert_allclose(half.displacement_px, whole.displacement_px / 2, atol=1e-5)
    assert whole.displacement_px.shape[:2] == (9, len(whole.points_px)) and whole.largest_px > 1
    without = field_arrows(face, motion.field, blinks=False)
    lids = eye_region()[list(spread_vertices())]
    change = np.linalg.norm(whole.displacement_px - without.displacement_px, axis=-1).max(0)
    assert change[lids].max() > 0.5 and np.median(change[~lids]) < 1e-3


def test_a_mask_is_noted(portrait: Portrait, tmp_path: Path) -> None:
    masked = with_mask(portrait, (165, 205, 228))
    smile = mien.generate(masked, tmp_path / "masked.mkv", au="AU12=3@0-0.04-0.04-0.08", fps=50)
    assert sum("a trace of a mouth may show" in note for note in smile.notes) == 1
    assert read_sidecar(smile.sidecar).settings["notes"] == list(smile.notes)
    both = mien.transfer(smile.path, masked, tmp_path / "out.mkv")
    assert sum("mouth looks covered" in note for note in both.notes) == 2
    bare = mien.generate(portrait, tmp_path / "bare.mkv", au="AU12=3@0-0.04-0.04-0.08", fps=50)
    assert not any("covered" in note for note in bare.notes)
