import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.errors import BadTrackError, UnknownAUError

TIMES = np.array([0.0, 0.1, 0.125, 0.15, 0.2, 0.3, 0.35, 0.4, 0.5])


@pytest.mark.parametrize(
    ("shape", "quarter"),
    [
        ("linear", 0.25),
        ("smooth", 0.5 - 0.5 * np.cos(np.pi / 4)),
        ("minimum_jerk", 10 / 4**3 - 15 / 4**4 + 6 / 4**5),
    ],
)
def test_shapes(shape, quarter):
    envelope = Envelope("AU12", 0.1, 0.2, 0.3, 0.4, 4.0, shape)
    got = envelope.intensity(TIMES)
    np.testing.assert_allclose(
        got, [0.0, 0.0, 4 * quarter, 2.0, 4.0, 4.0, 2.0, 0.0, 0.0], atol=1e-12
    )
    assert got[7] == 0.0  # exactly, at the offset itself


@pytest.mark.parametrize("shape", ["smooth", "minimum_jerk"])
def test_smooth_shapes_start_and_end_at_rest(shape):
    envelope = Envelope("AU12", 0.1, 0.2, 0.3, 0.4, 4.0, shape)
    step = 1e-4
    times = np.array([0.1, 0.2 - step, 0.3, 0.4 - step])
    speed = (envelope.intensity(times + step) - envelope.intensity(times)) / step
    assert np.abs(speed).max() < 0.1  # a linear rise has 40
    rise = envelope.intensity(np.linspace(0.1, 0.2, 50))
    assert (np.diff(rise) > 0).all()


def test_steps():
    envelope = Envelope("AU4", 0.1, 0.1, 0.3, 0.3, 2.0)
    with np.errstate(all="raise"):  # nothing is divided by a length of 0
        got = envelope.intensity(np.array([0.0999, 0.1, 0.2, 0.2999, 0.3]))
    assert got.tolist() == [0.0, 2.0, 2.0, 2.0, 0.0]
    # 0.1 + 0.2 is a bit above the frame at 0.3: that frame is the offset all the same.
    late = Envelope("AU4", 0.0, 0.0, 0.1 + 0.2, 0.1 + 0.2, 2.0)
    assert late.intensity(np.array([0.3])).tolist() == [0.0]


@pytest.mark.parametrize("shape", ["linear", "smooth", "minimum_jerk"])
def test_a_frame_at_the_offset_is_there_in_spite_of_rounding(shape):
    # 0.1 + 0.2 is 5.6e-17 above the frame at 0.3.
    fall = Envelope("AU4", 0.0, 0.0, 0.2, 0.1 + 0.2, 5.0, shape)
    assert fall.intensity(np.array([0.3])).tolist() == [0.0]


def test_intensities_are_of_double_precision_whatever_the_times():
    envelope = Envelope("AU4", 0.0, 1.0, 1.0, 2.0, 3.0, "linear")
    for kind in (np.float32, np.int64, np.float64):
        got = envelope.intensity(np.array([0, 1, 2], kind))
        assert got.dtype == np.float64 and got.tolist() == [0.0, 3.0, 0.0]
    third = envelope.intensity(np.array([1 / 3], np.float32))
    assert third[0] == 3.0 * float(np.float32(1 / 3))


@pytest.mark.parametrize("times", [(0.1, 0.4, 0.4, 0.4), (0.1, 0.1, 0.1, 0.4), (0, 0, 1, 1)])
def test_parts_of_no_length_are_allowed(times):
    assert Envelope("AU12", *times, 2.0).times_seconds == times


@pytest.mark.parametrize(
    "times", [(0.2, 0.1, 0.3, 0.4), (-0.1, 0.1, 0.3, 0.4), (0.1, 0.2, 0.5, 0.4), (0.1,) * 4]
)
def test_times_out_of_order(times):
    with pytest.raises(BadTrackError) as caught:
        Envelope("AU12", *times, 2.0)
    assert str(caught.value) == (
        "expected 0 <= onset <= apex start <= apex end <= offset and onset before offset, "
        f"got {times[0]:g}-{times[1]:g}-{times[2]:g}-{times[3]:g} s for AU12"
    )


def test_bad_values():
    with pytest.raises(UnknownAUError):
        Envelope("AU3", 0, 0.1, 0.1, 0.2, 2.0)
    with pytest.raises(BadTrackError, match="name AU4"):
        Envelope("au04", 0, 0.1, 0.1, 0.2, 2.0)
    with pytest.raises(BadTrackError, match="0 to 5"):
        Envelope("AU4", 0, 0.1, 0.1, 0.2, 5.1)
    with pytest.raises(BadTrackError, match="finite offset_seconds"):
        Envelope("AU4", 0, 0.1, 0.1, float("inf"), 2.0)
    with pytest.raises(BadTrackError, match="number as onset_seconds"):
        Envelope("AU4", "0", 0.1, 0.1, 0.2, 2.0)  # type: ignore[arg-type]
    shapes = "^expected shape linear, smooth, minimum_jerk, got 'square' for AU4$"
    with pytest.raises(BadTrackError, match=shapes):
        Envelope("AU4", 0, 0.1, 0.1, 0.2, 2.0, "square")  # type: ignore[arg-type]


def test_parse():
    envelope = Envelope.parse("AU12L=2.5@0.10-0.20-0.25-0.45")
    assert envelope == Envelope("AU12L", 0.10, 0.20, 0.25, 0.45, 2.5)
    assert Envelope.parse(" au04 = b @ 0 - .1 - 0.1 - 0.2 :linear ") == Envelope(
        "AU4", 0.0, 0.1, 0.1, 0.2, 2.0, "linear"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AU12",
        "AU12=2",
        "AU12=2@0-0.1-0.2",
        "AU12=2@0-1-2-3-4",
        "AU12@0-1-2-3",
        "AU12=2@0-1-2-x",
        "AU12=2@0-1.2.3-2-3",
        "AU12=2@0-1-2-3;AU4=1@0-1-2-3",
        "AU12=2@-1-0-1-2",
    ],
)
def test_bad_text_shows_the_form(text):
    with pytest.raises(BadTrackError, match=r"AU12L=2.5@0.10-0.20-0.25-0.45") as caught:
        Envelope.parse(text)
    assert "\n" not in str(caught.value)


def test_bad_values_in_text():
    with pytest.raises(UnknownAUError, match="midline"):
        Envelope.parse("AU26L=2@0-0.1-0.1-0.2")
    with pytest.raises(BadTrackError, match="FACS level A to E, got 'F'"):
        Envelope.parse("AU12=F@0-0.1-0.1-0.2")
    with pytest.raises(BadTrackError, match="0 to 5"):
        Envelope.parse("AU12=7@0-0.1-0.1-0.2")


def test_format_round_trips_exactly():
    rng = np.random.default_rng(0)
    for shape in ("linear", "smooth", "minimum_jerk"):
        for scale in (1e-7, 1.0, 1e3):
            times = np.sort(rng.random(4)) * scale
            envelope = Envelope("AU12R", *times, rng.random() * 5, shape)
            assert Envelope.parse(envelope.format()) == envelope
            assert Envelope.from_dict(envelope.to_dict()) == envelope
    assert Envelope("AU4", 0, 0.1, 0.1, 0.2, 2).format() == "AU4=2@0-0.1-0.1-0.2"


def test_from_dict_refuses_other_fields():
    data = Envelope("AU4", 0, 0.1, 0.1, 0.2, 2).to_dict()
    del data["shape"]
    assert Envelope.from_dict(data).shape == "smooth"
    known = (
        "expected an envelope with apex_end_seconds, apex_start_seconds, au, offset_seconds, "
        "onset_seconds, peak_intensity, shape, got "
    )
    for wrong, got in (
        ({"peak_intensity": 2, "au": "AU4"}, "['au', 'peak_intensity']"),
        ([1, 0], "[1, 0]"),
    ):
        with pytest.raises(BadTrackError) as caught:
            Envelope.from_dict(wrong)  # type: ignore[arg-type]
        assert str(caught.value) == known + got
    with pytest.raises(BadTrackError, match="colour"):
        Envelope.from_dict({**data, "colour": 1})
