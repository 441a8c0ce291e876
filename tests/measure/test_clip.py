from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from benchmarks.masked import with_drawn_mouth, with_mask

import mien
from mien.errors import OutputError
from mien.face.portrait import Portrait, find_face
from mien.io.clips import open_clip
from mien.io.images import write_png
from mien.io.openface import read_openface
from mien.io.tracks import read_track
from mien.measure import measure
from tests.conftest import SHARED


@pytest.fixture(scope="module")
def driver(small_face, tmp_path_factory):
    """Brows that go up, 7 frames at 50 a second, the apex in frame 3."""
    out = tmp_path_factory.mktemp("driver") / "driver.mkv"
    au = ["AU1=4@0-0.06-0.06-0.12", "AU2=4@0-0.06-0.06-0.12"]
    return mien.generate(small_face, out, au=au, fps=50).path


def test_a_measurement_is_written_and_read_back(driver, tmp_path):
    measured = measure(driver)
    assert measured.aus.strongest()[0][:3] in ("AU1", "AU2")
    assert measured.spotted is not None and abs(measured.spotted.apex_index - 3) <= 1
    measured.write(tmp_path / "aus.csv")
    read = read_track(tmp_path / "aus.csv")
    np.testing.assert_allclose(read.to_sided(), measured.track.to_sided(), atol=0.01)
    with pytest.raises(OutputError, match=r"\.csv"):
        measured.write(tmp_path / "aus.txt")


def test_intensities_count_from_the_baseline(driver):
    measured = measure(driver, baseline=3)
    assert np.abs(measured.field.displacement_cm[3]).max() == 0
    assert np.abs(measured.motion.field.displacement_cm[0]).max() < 1e-6
    assert measured.track.to_sided()[3].max() < 0.3 * measure(driver).track.peak


def test_the_neutral_frame_that_is_found_is_named(driver, tmp_path):
    frames = [frame for _, frame in open_clip(driver)]
    for number, index in enumerate((3, 0, 6, 0, 6, 0)):  # raised brows, then neutral ones
        write_png(tmp_path / f"{number}.png", frames[index])
    measured = measure(tmp_path, fps=50, baseline="auto")
    (note,) = (note for note in measured.notes if "neutral" in note)
    (number,) = np.flatnonzero(np.abs(measured.field.displacement_cm).max((1, 2)) == 0)[:1]
    assert number > 0 and f"all counts from frame {number}, file {number}" in note


def test_a_missing_frame_moves_no_time(driver, tmp_path):
    """Frame 1 of 7 is missing: the apex stays at frame 3's time, and a note says so."""
    for number, (_, frame) in enumerate(open_clip(driver)):
        if number != 1:
            write_png(tmp_path / f"img{number:03d}.png", frame)
    measured = measure(tmp_path, fps=50)
    assert measured.motion.field.times_seconds == pytest.approx([0, 0.04, 0.06, 0.08, 0.1, 0.12])
    assert measured.motion.file_number(2) == 3
    assert measured.motion.notes[0].startswith("1 frame number is missing, after img000.png")
    assert measured.spotted is not None
    assert measured.spotted.apex_seconds == pytest.approx(0.06, abs=0.021)


@pytest.mark.parametrize("name", ["x264direct.avi", "selfie_transpose.mp4", "palwide.mp4"])
def test_films_that_are_stored_in_odd_ways_measure_alike(name):
    folder = SHARED / "cases"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/cases")
    base, odd = (measure(folder / file) for file in ("base.mp4", name))
    assert len(odd.track) == len(base.track) == 43
    assert odd.spotted == dataclasses.replace(base.spotted, peak=odd.spotted.peak)
    peaks = [dict(zip(m.track.names, m.track.values.max(0), strict=True)) for m in (base, odd)]
    for au in peaks[0]:
        assert peaks[1][au] == pytest.approx(peaks[0][au], abs=0.3), au


def test_aus_outside_the_picture_are_not_measured(driver, tmp_path):
    frames = [frame for _, frame in open_clip(driver)]
    height = find_face(frames[0]).landmarks[13, 1]  # between the lips
    for number, frame in enumerate(frames):
        write_png(tmp_path / f"{number}.png", np.ascontiguousarray(frame[: int(height)]))
    measured = measure(tmp_path, fps=50)
    assert {"AU12L", "AU17", "AU26"} <= set(measured.aus.unseen)
    assert measured.track.peak > 2 and not set(measured.aus.unseen) & set(measured.track.names)
    assert any("are not measured: AU" in note and "AU12" in note for note in measured.notes)
    measured.write(tmp_path / "aus.csv")
    header, row = (tmp_path / "aus.csv").read_text().splitlines()[:2]
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["AU12_r"] == cells["AU26_c"] == "nan" and cells["AU01_r"] != "nan"
    assert "AU26" not in read_track(tmp_path / "aus.csv").names


def test_aus_that_leave_the_picture_for_a_while_are_named(driver, tmp_path):
    """The mouth is below the picture in frames 2 to 4 of 7."""
    frames = [frame for _, frame in open_clip(driver)]
    down = int(frames[0].shape[0] - find_face(frames[0]).landmarks[13, 1])
    for number, share in enumerate([0, 0.5, 1, 1, 1, 0.5, 0]):
        rows = np.maximum(np.arange(frames[0].shape[0]) - int(share * down), 0)
        write_png(tmp_path / f"{number}.png", np.ascontiguousarray(frames[0][rows]))
    measured = measure(tmp_path, fps=50)
    (note,) = (note for note in measured.notes if "outside the picture" in note)
    assert "between frame 2, file 2 (0.040 s) and frame 4, file 4" in note and "AU17" in note


def test_covered_aus_are_not_measured(driver, tmp_path):
    """A grey card covers the subject's right half of the face in frames 3 and 4 of 7."""
    for number, (_, frame) in enumerate(open_clip(driver)):
        shown = frame.copy()
        if number in (3, 4):
            shown[:, : int(find_face(frame).landmarks[1, 0])] = 128
        write_png(tmp_path / f"{number}.png", shown)
    measured = measure(tmp_path, fps=50)
    (note,) = (note for note in measured.notes if "covered" in note)
    assert "between frame 3, file 3 (0.060 s) and frame 4" in note and "AU12" in note
    measured.write(tmp_path / "aus.csv")
    header, *rows = (tmp_path / "aus.csv").read_text().splitlines()
    cells = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    for name in ("AU06R", "AU12R", "AU45R"):
        assert [row[f"{name}_r"] == "nan" for row in cells] == [
            i in (3, 4) for i in range(len(rows))
        ]
        assert [float(row[f"confidence_{name}"]) == 0 for row in cells] == [
            i in (3, 4) for i in range(len(rows))
        ]
    for name in ("AU04L", "AU04"):  # the seen side stands for the unit
        assert all(row[f"{name}_r"] != "nan" for row in cells)
    assert [row["success"] for row in cells] == ["1"] * len(rows)
    for row in cells:
        for column, cell in row.items():
            if column.startswith("confidence_"):
                name = column.removeprefix("confidence_")
                assert 0 <= float(cell) <= 1
                assert (float(cell) == 0) == (row.get(f"{name}_r", row[f"{name}_c"]) == "nan"), (
                    column
                )
    read = read_openface(tmp_path / "aus.csv")
    assert "AU12R" in read.track.names and "not measured in up to 2 rows" in read.notes[0]
    assert not any("covered" in note for note in measure(driver).notes)


def test_fast_flow_is_said_to_read_low(driver):
    assert any("a third too low" in note for note in measure(driver, scale="fast").notes)
    assert not any("too low" in note for note in measure(driver).notes)


def test_a_mouth_drawn_on_a_mask_is_not_measured(portrait: Portrait, tmp_path: Path) -> None:
    """The line on the mask smiles and opens; what the bare upper face does is measured as ever."""
    masked = with_drawn_mouth(with_mask(portrait, (165, 205, 228)), portrait, (25, 25, 25))
    aus = ["AU12=3@0-0.2-0.2-0.4", "AU26=3@0-0.2-0.2-0.4", "AU1=3@0-0.2-0.2-0.4"]
    clip = mien.generate(masked, tmp_path / "masked.mkv", au=aus, fps=25).path
    found = measure(clip)
    lower = {"AU10", "AU12", "AU14", "AU15", "AU16", "AU17", "AU18", "AU20", "AU22", "AU23", "AU24"}
    lower |= {"AU25", "AU26", "AU28"}
    assert {name.rstrip("LR") for name in found.aus.unseen} == lower
    assert not {name.rstrip("LR") for name in found.track.names} & lower
    assert found.track.values[:, found.track.names.index("AU1L")].max() > 1.5
    (covered,) = (note for note in found.notes if "mouth looks covered" in note)
    (unmeasured,) = (note for note in found.notes if "these are not measured: AU10 AU12" in note)
    assert "AU26" in unmeasured and "cover, not the lower face" in covered
    found.write(tmp_path / "aus.csv")
    with (tmp_path / "aus.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["AU12_r"].lower() == row["AU26_r"].lower() == "nan"
        assert row.get("AU12L_r", "nan").lower() == "nan" and float(row["confidence_AU01L"]) > 0
    # The same face without a mask is measured whole.
    bare = mien.generate(portrait, tmp_path / "bare.mkv", au=aus, fps=25).path
    whole = measure(bare)
    assert whole.aus.unseen == () and not any("covered" in note for note in whole.notes)
    assert whole.track.values[:, whole.track.names.index("AU12L")].max() > 2
