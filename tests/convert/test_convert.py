from __future__ import annotations

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.convert.convert import convert_file
from mien.convert.options import ConvertOptions
from mien.errors import BadTrackError, OutputError, UsageError
from mien.io.timelines.files import read_timeline
from mien.io.tracks import read_track, write_track
from tests.io.timelines.layouts import FEX, LIBREFACE

SMILE = Expression((Envelope("AU12L", 0.1, 0.2, 0.25, 0.45, 2.5),))


@pytest.fixture
def track(tmp_path):
    write_track(tmp_path / "smile.csv", SMILE.track(200, tail_seconds=0.1))
    return tmp_path / "smile.csv"


@pytest.fixture
def fex(tmp_path):
    (tmp_path / "fex.csv").write_text(FEX)
    return tmp_path / "fex.csv"


def test_frames_to_events_to_frames(track, tmp_path):
    """Within a frame or two at the boundaries, and exact at the peak."""
    made = convert_file(track, tmp_path / "a.csv", ConvertOptions(target="mien-events"))
    assert (made.kind, made.count, made.aus) == ("events", 1, ("AU12L",))
    assert made.losses == ("events have no course between onset, apex and offset",)
    back = convert_file(tmp_path / "a.csv", tmp_path / "b.csv", ConvertOptions(target="mien"))
    assert (back.kind, back.losses) == ("samples", ())
    first, second = read_track(track), read_track(tmp_path / "b.csv")
    assert second.names == ("AU12L",) and len(first) == len(second)
    assert second.peak == 2.5
    assert (
        float(np.abs(first.values - second.values).max()) < 1.0
    )  # the edges move by a fifth of the rise


def test_events_need_a_frame_rate(tmp_path):
    (tmp_path / "a.csv").write_text("au,onset_seconds,offset_seconds\nAU4,0,0.5\n")
    with pytest.raises(BadTrackError, match="give a frame rate with --fps"):
        convert_file(tmp_path / "a.csv", tmp_path / "b.csv", ConvertOptions(target="mien"))
    with pytest.raises(BadTrackError, match="such as --scale 2"):
        convert_file(tmp_path / "a.csv", tmp_path / "b.csv", ConvertOptions(target="mien", fps=10))
    convert_file(
        tmp_path / "a.csv", tmp_path / "b.csv", ConvertOptions(target="mien", fps=20, scale=2)
    )
    assert read_track(tmp_path / "b.csv").peak == 2
    assert not list(tmp_path.glob("*.part"))


def test_probabilities_are_never_intensities_unasked(fex, tmp_path):
    with pytest.raises(BadTrackError, match="a probability is not a FACS intensity") as error:
        convert_file(fex, tmp_path / "a.csv", ConvertOptions(fps=25))
    assert "fex.csv to Mien, intensities" in str(error.value)
    assert not (tmp_path / "a.csv").exists()
    convert_file(fex, tmp_path / "a.csv", ConvertOptions(fps=25, scale=5))
    made = read_track(tmp_path / "a.csv")
    assert made.values[1, made.names.index("AU12")] == np.float32(4.75)


def test_probabilities_to_events(fex, tmp_path):
    options = ConvertOptions(target="mien-events", fps=25)
    made = convert_file(fex, tmp_path / "a.csv", options)
    assert "without --scale the events have no level" in made.losses
    events = read_timeline(tmp_path / "a.csv")[1].content
    assert {e.au for e in events.events} == {"AU6", "AU12"} and events.events[0].level is None
    assert "AU4" in events.searched
    with pytest.raises(BadTrackError, match="no AU is present in any frame"):
        convert_file(
            fex, tmp_path / "b.csv", ConvertOptions(target="mien-events", fps=25, threshold=1)
        )


@pytest.mark.parametrize(
    ("out", "options", "error", "says"),
    [
        ("a.mp4", {}, UsageError, "expected an output ending in .eaf, .tsv, .txt, .json, .csv"),
        ("a.csv", {"target": "elan"}, UsageError, "expected a file ending in .eaf for ELAN"),
        ("a.csv", {"target": "x"}, UsageError, "unknown format 'x'"),
        ("a.csv", {"fps": "x"}, UsageError, "expected a frame rate"),
        ("a.csv", {"source": "x"}, UsageError, "unknown format 'x'"),
        ("a.csv", {"scale": 5}, UsageError, "the table has intensities"),
        ("a.csv", {"threshold": 1}, UsageError, "--threshold is for frames that become events"),
        ("smile.csv", {}, OutputError, "other than"),
        ("a.csv", {"target": "fex"}, BadTrackError, "such as --scale 5"),
    ],
)
def test_what_does_not_fit(track, tmp_path, out, options, error, says):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error) as found:
        convert_file(track, tmp_path / out, ConvertOptions(**options))
    assert says in str(found.value) and "\n" not in str(found.value)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("options", [{"scale": 0}, {"scale": 6}, {"threshold": -1}])
def test_options_are_checked(options):
    with pytest.raises(UsageError):
        ConvertOptions(**options)


def test_a_file_of_another_program_is_not_replaced(track, tmp_path):
    (tmp_path / "theirs.csv").write_text(LIBREFACE)
    with pytest.raises(OutputError, match="--overwrite"):
        convert_file(track, tmp_path / "theirs.csv", ConvertOptions(target="libreface"))
    assert (tmp_path / "theirs.csv").read_text() == LIBREFACE


def test_uneven_times_are_resampled_on_request(tmp_path):
    (tmp_path / "a.csv").write_text("time_seconds,AU4\n0.1,0\n0.2,1\n0.5,4\n")
    made = convert_file(
        tmp_path / "a.csv", tmp_path / "b.csv", ConvertOptions(target="libreface", fps=20)
    )
    assert made.losses[0] == "resampled at 20 frames a second, the first at 0 s" and made.count == 9
    content = read_timeline(tmp_path / "b.csv")[1].content
    np.testing.assert_allclose(content.values[:, 0], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4], atol=1e-6)


def test_a_sidecar_has_the_exact_events(small_face, tmp_path):
    import mien

    clip = mien.generate(
        small_face, tmp_path / "s.mkv", au=("AU12L=2@0-0.08-0.1-0.2", "AU4=1@0.1-0.2-0.2-0.3"),
        fps=25, lead_seconds=0.1, strength=1.5,
    )  # fmt: skip
    made = convert_file(clip.sidecar, tmp_path / "truth.csv", ConvertOptions(target="mien-events"))
    assert made.losses == ()
    smile, brow = read_timeline(tmp_path / "truth.csv")[1].content.events
    assert (smile.au, smile.onset_seconds, smile.apex_start_seconds) == ("AU12L", 0.1, 0.18)
    assert (smile.apex_end_seconds, smile.offset_seconds, smile.peak_intensity) == (0.2, 0.3, 3.0)
    assert (brow.au, brow.onset_seconds, brow.peak_intensity) == ("AU4", 0.2, 1.5)
