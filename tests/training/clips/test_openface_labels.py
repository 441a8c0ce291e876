from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import OPENFACE_AUS
from mien.errors import BadTrackError
from mien.training.clips.openface_labels import OPENFACE_NAMES, find_table, openface_rows
from mien.training.clips.person_clip import PersonClip
from tests.datasets import copies


def write_table(path: Path, rows: int, *, lost: int | None = None, units=OPENFACE_AUS) -> Path:
    """AU12 is 0.5, 1, 1.5, ... and all others are 0."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = ["frame", "face_id", "timestamp", "confidence", "success"]
    lines = [", ".join([*header, *(f"AU{int(unit[2:]):02d}_r" for unit in units)])]
    for row in range(rows):
        values = [(row + 1) / 2 if unit == "AU12" else 0 for unit in units]
        lines.append(f"{row + 1}, 0, {row / 100}, 0.98, {int(row != lost)}, " + str(values)[1:-1])
    path.write_text("\n".join(lines) + "\n")
    return path


def clip(tmp_path: Path, start: int = 0, stop: int | None = None) -> PersonClip:
    folder = tmp_path / "ann" / "smile"
    if not folder.is_dir():
        copies.frames(folder, "{}.png", range(5))
    files = tuple(sorted(folder.iterdir()))
    return PersonClip(
        person="ann",
        name="ann/smile",
        folder="ann",
        path=folder,
        fps=Fraction(100),
        files=files,
        start=start,
        stop=stop,
    )


def smile(rows: np.ndarray) -> list[float]:
    left, right = (rows[:, OPENFACE_NAMES.index(name)] for name in ("AU12L", "AU12R"))
    np.testing.assert_array_equal(left, right)
    others = [name not in ("AU12L", "AU12R") for name in OPENFACE_NAMES]
    assert (rows[np.isfinite(left)][:, others] == 0).all()
    return left.tolist()


def test_both_sides_of_openfaces_17_aus(tmp_path: Path):
    assert len(OPENFACE_NAMES) == 30 and len(set(OPENFACE_NAMES)) == 30
    write_table(tmp_path / "ann" / "smile.csv", 5)
    assert smile(openface_rows(clip(tmp_path), 5, None)) == [0.5, 1, 1.5, 2, 2.5]


@pytest.mark.parametrize("rows", [5, 3])
def test_a_table_of_the_clip_or_of_its_part(rows: int, tmp_path: Path):
    write_table(tmp_path / "ann" / "smile.csv", rows)
    found = smile(openface_rows(clip(tmp_path, 1, 4), 3, None))
    assert found == ([1, 1.5, 2] if rows == 5 else [0.5, 1, 1.5])


def test_a_frame_that_openface_lost_has_no_label(tmp_path: Path):
    for lost in (0, 2, 4):
        path = write_table(tmp_path / "ann" / "smile.csv", 5, lost=lost)
        found = openface_rows(clip(tmp_path), 5, None)
        assert np.flatnonzero(np.isnan(found).any(1)).tolist() == [lost]
        wanted = np.delete([0.5, 1, 1.5, 2, 2.5], lost)
        assert smile(np.delete(found, lost, axis=0)) == wanted.tolist()
    path.write_text(path.read_text().replace("0.98, 1", "0.98, 0"))
    with pytest.raises(BadTrackError, match=r"expected a face in .*, got success 0"):
        openface_rows(clip(tmp_path), 5, None)


def test_a_table_that_does_not_fit(tmp_path: Path):
    path = write_table(tmp_path / "ann" / "smile.csv", 4)
    with pytest.raises(
        BadTrackError, match=r"one row per frame in .*smile\.csv, 5, got 4: run Open"
    ):
        openface_rows(clip(tmp_path), 5, None)
    with pytest.raises(BadTrackError, match=r"5 \(or 3, for its part alone\), got 4"):
        openface_rows(clip(tmp_path, 1, 4), 3, None)
    write_table(path, 5, units=[unit for unit in OPENFACE_AUS if unit not in ("AU9", "AU23")])
    with pytest.raises(BadTrackError, match="intensities of AU9 AU23 in"):
        openface_rows(clip(tmp_path), 5, None)


def test_a_table_of_several_faces(tmp_path: Path):
    path = write_table(tmp_path / "ann" / "smile.csv", 5)
    path.write_text(path.read_text().replace("3, 0, 0.02", "3, 1, 0.02"))
    with pytest.raises(BadTrackError, match="got several: keep the rows of the person's own"):
        openface_rows(clip(tmp_path), 5, None)


def test_where_a_table_is_looked_for(tmp_path: Path):
    one = clip(tmp_path)
    with pytest.raises(BadTrackError, match=r"table of ann/smile at .*ann/smile\.csv, got none"):
        find_table(one, None)
    folder = tmp_path / "ann"
    for place in (folder / "processed", folder / "smile", folder):
        table = write_table(place / "smile.csv", 5)
        assert find_table(one, None) == table
    elsewhere = write_table(tmp_path / "tables" / "ann" / "smile.csv", 5)
    assert find_table(one, tmp_path / "tables") == elsewhere
    video = folder / "blink.avi"
    video.write_bytes(b"")
    table = write_table(folder / "blink.csv", 5)
    assert find_table(PersonClip(person="", name="", folder="", path=video), None) == table
