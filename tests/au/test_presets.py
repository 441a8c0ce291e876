import pytest

from mien.au.catalog import RIG_NAMES
from mien.au.presets import PRESETS, preset
from mien.au.statistics import MAX_SECONDS, typical_timing
from mien.errors import BadTrackError, UsageError


def test_the_eight():
    assert list(PRESETS) == [
        *("happiness", "surprise", "disgust", "anger", "fear", "sadness", "contempt", "repression")
    ]
    sets = {name: set(found.expression().au_names) for name, found in PRESETS.items()}
    assert sets["happiness"] == {"AU6", "AU12"}
    assert sets["surprise"] == {"AU1", "AU2", "AU5"}
    assert sets["contempt"] == {"AU12L", "AU14L"}
    assert len({frozenset(aus) for aus in sets.values()}) == 8
    assert all(found.why for found in PRESETS.values())


@pytest.mark.parametrize("name", PRESETS)
def test_timing_is_that_of_micro_expressions(name):
    expression = preset(name)
    timing = typical_timing(name)
    total = timing.rise_seconds + timing.fall_seconds
    assert expression.duration_seconds == pytest.approx(total, abs=0.011)
    assert expression.duration_seconds <= MAX_SECONDS
    assert expression.peak_intensity == 2.0
    main = max(expression.envelopes, key=lambda e: e.peak_intensity)
    centre = (main.apex_start_seconds + main.apex_end_seconds) / 2
    assert centre == pytest.approx(timing.rise_seconds, abs=0.006)
    assert main.apex_end_seconds - main.apex_start_seconds == pytest.approx(0.04)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(("intensity", "peak"), [("D", 4.0), (5.0, 5.0), ("0.5", 0.5)])
def test_intensity_sets_the_strongest_peak(name, intensity, peak):
    track = preset(name, intensity).track(200)
    assert track.peak == pytest.approx(peak)


def test_contempt_moves_one_side_and_can_move_the_other():
    track = preset("contempt").track(200)
    sided = dict(zip(RIG_NAMES, track.to_sided().max(axis=0), strict=True))
    assert sided["AU14L"] > 1.9
    assert not any(sided[name] for name in RIG_NAMES if name.endswith("R"))
    assert preset("contempt").side("right").au_names == ("AU14R", "AU12R")


def test_repression_cuts_the_smile_short():
    parts = {e.au: e for e in preset("repression").envelopes}
    smile, chin = parts["AU12"], parts["AU17"]
    assert smile.onset_seconds < chin.onset_seconds
    assert smile.apex_end_seconds < chin.apex_start_seconds
    assert smile.offset_seconds < chin.offset_seconds


def test_names():
    assert preset(" Happiness ") == preset("happiness")
    with pytest.raises(UsageError, match="unknown expression 'joy': expected one of happiness"):
        preset("joy")
    with pytest.raises(BadTrackError, match="0 to 5"):
        preset("anger", 6)
