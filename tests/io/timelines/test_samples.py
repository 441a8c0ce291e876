"""Formats of values frame by frame, read from the layouts of their programs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.errors import BadTrackError
from tests.io.timelines.layouts import FACEREADER, FEX, IMOTIONS, LIBREFACE, OPENFACE3


def column(samples, name):
    return samples.values[:, samples.names.index(name)].tolist()


def test_openface3(read):
    made = read("openface3", fps=Fraction(25))
    samples = made.content
    assert samples.names == ("AU1", "AU2", "AU4", "AU6", "AU9", "AU12", "AU25", "AU26")
    assert samples.unit == "probability" and samples.times_seconds.tolist() == [0, 0.04, 0.08, 0.12]
    np.testing.assert_equal(column(samples, "AU12"), [0.3, 0.9, np.nan, 0.7])
    np.testing.assert_equal(column(samples, "AU9"), [0.0, 0.0, np.nan, 0.0])
    assert samples.seen.tolist() == [True, True, False, True]
    assert samples.confidence.tolist() == [0.99, 0.98, 0.0, 0.97]
    assert made.notes == ("clip.csv: 1 scores below 0 read as 0",)
    # The column "timestamp" is the time of day, so there is no rate to find.
    with pytest.raises(BadTrackError, match="no times: give one with --fps"):
        read("openface3")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[0.1, 0.0, 0.2, 0.0, -0.05,", "[[0.1, 0.2, 0.0, -0.05,", "expected 8 numbers, got 7"),
        ("0.9, 0.6, 0.0]]", "9.0, 0.6, 0.0]]", "expected numbers from -1 to 1"),
        (
            "[[0.1, 0.0, 0.2, 0.0, -0.05,",
            "[[x, 0.0, 0.2, 0.0, -0.05,",
            "expected a list of numbers",
        ),
        ("clip.mp4,1,0.0", "clip.mp4,0,0.0", "line 3, column frame_index"),
        ("clip.mp4,1,0.0", "clip.mp4,1,1.0", "got faces 0, 1: choose one with --aus-face N"),
    ],
)
def test_openface3_errors(read, old, new, says):
    assert old in OPENFACE3
    with pytest.raises(BadTrackError) as error:
        read(OPENFACE3.replace(old, new), "a.csv", fps=Fraction(25))
    assert says in str(error.value)


def test_fex(read):
    made = read("fex", fps=Fraction(30000, 1001))
    samples = made.content
    assert samples.unit == "probability" and len(samples.names) == 19
    np.testing.assert_equal(column(samples, "AU12"), [0.2, 0.95, np.nan, 0.55])
    np.testing.assert_equal(column(samples, "AU6"), [0.2, 0.9, np.nan, 0.4])
    np.testing.assert_allclose(samples.times_seconds, np.arange(4) * 1001 / 30000)
    assert samples.there("AU12").tolist() == [False, True, False, True]
    assert made.notes == ("clip.csv: left out what is not among Mien's AUs: AU11",)


def test_fex_faces(read):
    second = FEX.replace("clip.mp4,1,00:00", "clip.mp4,0,00:00")
    with pytest.raises(BadTrackError, match="several in frame 0"):
        read(second, "a.csv", fps=Fraction(25))
    assert column(read(second, "a.csv", fps=Fraction(25), face=1).content, "AU12") == [0.95]
    with pytest.raises(BadTrackError, match="expected face 2"):
        read(second, "a.csv", fps=Fraction(25), face=2)
    with pytest.raises(BadTrackError, match="expected 0 to 1, got 95"):
        read(FEX.replace("0.95", "95"), "a.csv", fps=Fraction(25))


def test_libreface(read):
    made = read("libreface")
    samples = made.content
    assert samples.unit == "intensity"
    # Frame 2 has no row, as LibreFace saw no face in it.
    np.testing.assert_allclose(samples.times_seconds, [0.0, 0.033333, 0.0666665, 0.1])
    np.testing.assert_equal(column(samples, "AU12"), [0.3, 2.25, np.nan, 1.5])
    assert samples.seen.tolist() == [True, True, False, True]
    assert made.notes == (
        "clip.csv: 1 of 4 frames have no row: they count as frames without a face",
    )
    assert samples.presence["AU7"].tolist() == [False, True, False, False]
    assert "AU7" not in samples.names and "AU7" in samples.all_names
    # Its own decision, not a threshold of the intensity.
    assert samples.there("AU6").tolist() == [False, True, False, True]
    exact = read("libreface", fps=Fraction(30)).content.times_seconds
    np.testing.assert_allclose(exact, np.arange(4) / 30)
    with pytest.raises(BadTrackError, match=r"expected 0 to 5, got 22\.5"):
        read(LIBREFACE.replace("2.25", "22.5"), "a.csv")
    with pytest.raises(BadTrackError, match="expected at most 1000000 frames"):
        read(LIBREFACE.replace("\n3,100", "\n30000000,100"), "a.csv")


def test_facereader_levels_and_sides(read):
    made = read("facereader")
    samples = made.content
    # Both sides are there, so that the column of the whole AU is left.
    assert samples.names == ("AU1", "AU12L", "AU12R") and samples.unit == "intensity"
    np.testing.assert_equal(column(samples, "AU12L"), [0, 3, np.nan, 5])
    np.testing.assert_equal(column(samples, "AU12R"), [0, 1, np.nan, 0])
    assert samples.seen.tolist() == [True, True, False, True]
    assert samples.times_seconds.tolist() == [0.0, 0.04, 0.08, 0.12]
    assert "Action Unit 27" in made.notes[0] and "person's own sides" in made.notes[1]


def test_one_side_alone_never_stands_for_the_whole(read):
    made = read(FACEREADER.replace("Right Action Unit 12", "Right Other 12"), "a.txt")
    assert made.content.names == ("AU1", "AU12")
    np.testing.assert_equal(column(made.content, "AU12"), [0, 2, np.nan, 3])
    assert "Left Action Unit 12 - Lip Corner Puller" in made.notes[0]


def test_facereader_numbers(read):
    shares = {"NotActive": "0.0", "A": "0.15", "B": "0.3", "C": "0.5", "E": "0.95"}
    lines = [line.split("\t") for line in FACEREADER.splitlines()]
    text = "\n".join("\t".join(shares.get(cell, cell) for cell in line) for line in lines)
    samples = read(text, "a.txt").content
    assert samples.unit == "share"
    np.testing.assert_equal(column(samples, "AU12L"), [0, 0.5, np.nan, 0.95])
    assert samples.there("AU12R").tolist() == [False, True, False, False]
    with pytest.raises(BadTrackError, match="got both"):
        read(FACEREADER.replace("\tC\tA", "\t0.5\tA"), "a.txt")
    with pytest.raises(BadTrackError, match=r"expected a time such as 00:01:02.033, got '0.04'"):
        read(FACEREADER.replace("00:00:00.040", "0.04"), "a.txt")


def test_imotions(read):
    made = read("imotions")
    samples = made.content
    assert samples.unit == "percent"
    assert samples.names == ("AU4", "AU2", "AU6", "AU1", "AU25", "AU12")
    # Rows of another sensor, and repeated ones, are no frames of the face.
    assert samples.times_seconds.tolist() == [0.0125, 0.0525, 0.0925, 0.1325]
    np.testing.assert_equal(column(samples, "AU12"), [2.5, 80, np.nan, 60])
    assert samples.seen.tolist() == [True, True, False, True]
    assert made.notes == ("clip.csv: Smirk names no side and no AU, left out",)
    with pytest.raises(BadTrackError, match="line 29, column Smile: expected 0 to 100, got '180'"):
        read(IMOTIONS.replace(",80,", ",180,"), "a.csv")


def test_openface2_presence_and_lost_rows(read):
    text = (
        "frame, face_id, timestamp, confidence, success, AU12_r, AU12_c, AU28_c\n"
        "1, 0, 0.000, 0.98, 1, 1.25, 0, 0\n2, 0, 0.040, 0.02, 0, 0, 0, 0\n3, 0, 0.080, 0.9, 1, 0.25, 1, 1\n"
    )
    samples = read(text, "of.csv").content
    assert samples.names == ("AU12",) and samples.seen.tolist() == [True, False, True]
    assert samples.there("AU12").tolist()[::2] == [False, True]  # its own column, not the intensity
    assert samples.known("AU12").tolist() == [True, False, True]
    assert samples.presence["AU28"].tolist()[2] is True
