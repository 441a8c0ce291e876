from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.errors import BadTrackError, UnknownAUError, UsageError
from mien.io.openface import read_openface, write_openface

VIDEO = """frame, face_id, timestamp, confidence, success, gaze_0_x, AU01_r, AU12_r, AU12_c, AU28_c
1, 0, 0.000, 0.98, 1, 0.1, 0.00, 1.25, 1.0, 0.0
2, 0, 0.033, 0.20, 1, 0.1, 0.50, 2.50, 1.0, 1.0
4, 0, 0.100, 0.98, 1, 0.1, 5.00, 0.00, 0.0, 1.0
"""
SHARED = Path(__file__).parents[3] / "shared" / "data" / "megc2021"


@pytest.fixture
def table(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "openface.csv"
        path.write_text(text)
        return path

    return write


def test_video_dialect_with_padded_header(table):
    read = read_openface(table(VIDEO))
    assert read.track.names == ("AU1", "AU12")
    assert read.track.values.tolist() == [[0.0, 1.25], [0.5, 2.5], [5.0, 0.0]]
    assert read.track.times_seconds.tolist() == [0.0, 0.033, 0.1]
    assert np.allclose(read.track.confidence, [0.98, 0.2, 0.98])
    assert read.success.all() and read.notes == ()
    assert read.frame_numbers.tolist() == [1, 2, 4]
    assert {n: p.tolist() for n, p in read.presence.items()} == {
        "AU12": [True, True, False],
        "AU28": [False, True, True],
    }


def test_fps_makes_rounded_timestamps_exact(table):
    read = read_openface(table(VIDEO), Fraction(30000, 1001))
    assert read.track.times_seconds.tolist() == [0.0, 1001 / 30000, 3 * 1001 / 30000]


def test_other_timestamps_are_kept(table):
    text = VIDEO.replace("0.033", "0.050").replace("0.000", "0.020")
    read = read_openface(table(text), Fraction(30))
    assert read.track.times_seconds.tolist() == [0.02, 0.05, 0.1]
    frames = read.at_frame_rate(Fraction(50))  # 0, 20, 40, 60 and 80 ms after the first row
    assert frames.track.times_seconds.tolist() == [0, 0.02, 0.04, 0.06, 0.08]
    # From 0 at 0 ms over 0.5 at 30 ms to 5 at 80 ms.
    assert frames.track.values[:, 0] == pytest.approx([0, 1 / 3, 1.4, 3.2, 5])
    assert frames.presence["AU12"].tolist() == [True, True, True, False, False]
    assert frames.frame_numbers.tolist() == [1, 2, 2, 4, 4]
    by_frames = read_openface(table(text), Fraction(200), by_frames=True)
    assert by_frames.track.times_seconds.tolist() == [0.0, 0.005, 0.015]


def lost_rows(success: str, confidence: list[float]) -> str:
    """Return a table with an AU12 of 0, 1, 2, ... and 9 where the face is lost."""
    rows = ["frame, timestamp, confidence, success, AU12_r, AU12_c"]
    for i, (good, sure) in enumerate(zip(success, confidence, strict=True)):
        intensity = 0.5 * i if good == "1" and sure > 0.1 else 4.5
        rows.append(f"{i + 1}, {0.1 * i:.3f}, {sure}, {good}, {intensity}, 1")
    return "\n".join(rows) + "\n"


def test_rows_without_a_face_are_bridged_and_cut_at_the_ends(table):
    # Lost: row 1, rows 4 and 5 (one by success, one by its confidence), rows 8 and 9.
    sure = [0.9, 0.9, 0.9, 0.9, 0.02, 0.9, 0.9, 0.02, 0.0]
    read = read_openface(table(lost_rows("011011100", sure)))
    assert read.track.times_seconds == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert read.track.values[:, 0] == pytest.approx([0.5, 1, 1.5, 2, 2.5, 3])
    assert read.notes == (
        "openface.csv: 1 row without a face at the start of the table left out",
        "openface.csv: 2 rows without a face at the end of the table left out",
        "openface.csv: 2 rows without a face, from line 5 on, bridged by the rows around them",
    )
    with pytest.raises(BadTrackError, match="success 0 or a confidence near 0 in every row"):
        read_openface(table(lost_rows("000", [0.9] * 3)))


def test_rows_that_are_frames_of_a_clip_all_stay(table):
    read = read_openface(table(lost_rows("01011", [0.9] * 5)), Fraction(50), by_frames=True)
    assert read.track.times_seconds == pytest.approx([0, 0.02, 0.04, 0.06, 0.08])
    assert read.track.values[:, 0] == pytest.approx([0.5, 0.5, 1, 1.5, 2])
    assert read.success.tolist() == [False, True, False, True, True]


def test_nan_in_rows_without_a_face_is_no_error(table):
    text = lost_rows("11011", [0.9] * 5).replace("4.5, 1", "nan, nan")
    assert read_openface(table(text)).track.values[:, 0] == pytest.approx([0, 0.5, 1, 1.5, 2])


def test_image_dialect(table):
    text = "face, confidence, AU12_r, AU12_c\n0, 0.975, 1.50, 1.0\n"
    assert read_openface(table(text)).track.times_seconds.tolist() == [0.0]
    text += "0, 0.975, 2.50, 1.0\n"
    with pytest.raises(BadTrackError, match="expected a frame rate"):
        read_openface(table(text))
    read = read_openface(table(text), Fraction(200))
    assert read.track.times_seconds.tolist() == [0.0, 0.005]


def test_reduced_dialect_numbers_frames_by_their_files(table):
    text = "frame,confidence,AU12_r\n76,0.975,1.5\n77,0.975,2\n80,0.975,0\n"
    with pytest.raises(BadTrackError, match="expected a frame rate"):
        read_openface(table(text))
    read = read_openface(table(text), Fraction(200))
    assert read.track.times_seconds.tolist() == [0.0, 0.005, 0.02]
    assert read.frame_numbers.tolist() == [76, 77, 80]


def test_several_faces_must_be_chosen(table):
    text = VIDEO.replace("2, 0, 0.033", "1, 1, 0.000").replace("4, 0, 0.100", "2, 1, 0.033")
    with pytest.raises(BadTrackError, match="got faces 0, 1: choose with --aus-face N"):
        read_openface(table(text))
    assert read_openface(table(text), face=1).track.values.tolist() == [[0.5, 2.5], [5.0, 0.0]]
    with pytest.raises(BadTrackError, match="expected face 7"):
        read_openface(table(text), face=7)


def test_sides_are_preferred_to_the_unsided_column(table):
    text = "frame,timestamp,AU12_r,AU12L_r,AU12_c,AU12L_c\n1,0,3,2,1,1\n2,0.1,3,1,1,0\n"
    read = read_openface(table(text))
    assert read.track.names == ("AU12L",)
    assert read.track.values[:, 0].tolist() == [2.0, 1.0]
    assert read.presence["AU12L"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ("AU01_r", "AU99_r", UnknownAUError, "column AU99_r: unknown action unit"),
        (
            "1.25",
            "nan",
            BadTrackError,
            "line 2, column AU12_r: expected a finite number, got 'nan'",
        ),
        ("1.25", "", BadTrackError, "line 2, column AU12_r: expected a finite number, got ''"),
        ("1.25", "much", BadTrackError, "line 2, column AU12_r: .* got 'much'"),
        ("2.50", "5.01", BadTrackError, "line 3, column AU12_r: expected 0 to 5, got 5.01"),
        ("2.50", "-0.1", BadTrackError, "line 3, column AU12_r: expected 0 to 5, got -0.1"),
        ("0.100, 0.98", "0.100, 98", BadTrackError, "line 4, column confidence: expected 0 to 1"),
        ("0.100", "0.030", BadTrackError, "line 4, column timestamp: expected more than 0.033"),
        ("4, 0", "2, 0", BadTrackError, "line 4, column frame: expected more than 2"),
        ("1.25, 1.0", "1.25", BadTrackError, "line 2: expected 10 cells .*, got 9"),
        ("AU12_c", "AU12_r", BadTrackError, "AU12_r more than once"),
        (VIDEO.split("\n", 1)[1], "", BadTrackError, "at least one row, got none"),
        (VIDEO, "", BadTrackError, "at least one row, got none"),
        ("_r", "_x", BadTrackError, "expected OpenFace columns such as AU12_r"),
        ("timestamp", "time", BadTrackError, "expected a frame rate"),
    ],
)
def test_bad_tables_name_line_and_column(table, old, new, error, message):
    assert old in VIDEO
    with pytest.raises(error, match=message) as caught:
        read_openface(table(VIDEO.replace(old, new)))
    assert "\n" not in str(caught.value)


def test_not_a_csv(tmp_path):
    (tmp_path / "a.csv").write_bytes(bytes(range(256)))
    with pytest.raises(BadTrackError, match=r"cannot tell the encoding of .*a\.csv"):
        read_openface(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("just some prose\nand more of it\n")
    with pytest.raises(BadTrackError, match="two columns or more"):
        read_openface(tmp_path / "b.csv")
    with pytest.raises(BadTrackError, match="cannot read"):
        read_openface(tmp_path / "nowhere.csv")


@pytest.fixture
def track() -> AUTrack:
    rng = np.random.default_rng(0)
    times = np.arange(6) * 1001 / 30000
    return AUTrack(("AU4", "AU12L", "AU16", "AU28"), rng.random((6, 4)) * 5, times)


def test_written_table_has_openfaces_columns_in_its_order(tmp_path, track):
    write_openface(tmp_path / "a.csv", track)
    header = (tmp_path / "a.csv").read_text().split("\n")[0].split(",")
    assert header[:5] == ["frame", "face_id", "timestamp", "confidence", "success"]
    numbers = [f"{n:02d}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)]
    own = [f"AU{n}_r" for n in numbers]
    assert [c for c in header if c in own] == own
    own = [f"AU{n}_c" for n in sorted([*numbers, "28"])]
    assert [c for c in header if c in own] == own
    assert {"AU12L_r", "AU12L_c", "AU16_r", "AU28_r"} <= set(header)


def test_written_table_is_read_back_exactly(tmp_path, track):
    write_openface(tmp_path / "a.csv", track)
    read = read_openface(tmp_path / "a.csv")
    for name, values in zip(track.names, track.values.T, strict=True):
        assert np.array_equal(read.track.values[:, read.track.names.index(name)], values)
        assert np.array_equal(read.presence[name], values >= 0.5)
    others = [i for i, name in enumerate(read.track.names) if name not in track.names]
    assert not read.track.values[:, others].any()
    assert np.array_equal(read.track.times_seconds, track.times_seconds)


def test_image_dialect_is_written_without_times(tmp_path, track):
    write_openface(tmp_path / "a.csv", track, "image")
    assert (tmp_path / "a.csv").read_text().startswith("face,confidence,AU01_r")
    read = read_openface(tmp_path / "a.csv", Fraction(30000, 1001))
    assert np.array_equal(read.track.times_seconds, track.times_seconds)
    with pytest.raises(UsageError, match="video or image"):
        write_openface(tmp_path / "a.csv", track, "audio")  # type: ignore[arg-type]


def test_unsided_column_is_the_stronger_side(tmp_path):
    track = AUTrack(("AU12L", "AU12R"), [[1, 3], [2, 0.5]], [0, 0.1])
    write_openface(tmp_path / "a.csv", track)
    lines = [line.split(",") for line in (tmp_path / "a.csv").read_text().split("\n")]
    column = lines[0].index("AU12_r")
    assert [lines[1][column], lines[2][column]] == ["3.0", "2.0"]
    assert read_openface(tmp_path / "a.csv").track.side("left").values.max() == 2.0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the challenge's clips are not here")
def test_real_reduced_tables():
    tables = sorted(SHARED.glob("*/openface.csv"))
    assert len(tables) == 6
    for path in tables:
        read = read_openface(path, Fraction(200))
        assert len(read.track.names) == 17
        assert len(read.presence) == 18
        assert read.track.frame_rate == 200
