from __future__ import annotations

import numpy as np
import pytest

import mien
from mien.errors import OutputError
from mien.io.tracks import read_track
from mien.measure import measure


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
