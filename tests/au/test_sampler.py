from collections import Counter

import numpy as np
import pytest

from mien.au.sampler import sample_expression
from mien.au.statistics import MAX_SECONDS, statistics_table
from mien.errors import UsageError


def draws(emotion, count, dataset=None):
    return [sample_expression(emotion, seed, dataset) for seed in range(count)]


def test_the_seed_decides():
    assert sample_expression("fear", 7) == sample_expression("fear", 7)
    assert len({sample_expression("fear", seed) for seed in range(20)}) > 15


def test_every_emotion_of_every_data_set_gives_short_expressions():
    table = statistics_table()
    for dataset, emotions in table.tables.items():
        for emotion, combinations in emotions.items():
            known = {combination.aus for combination in combinations}
            for expression in draws(emotion, 15, dataset):
                assert expression.au_names in known
                assert expression.duration_seconds <= MAX_SECONDS
                assert expression.onset_seconds == 0.0
                assert all(1.0 <= e.peak_intensity <= 3.0 for e in expression.envelopes)
                assert expression.name == emotion
                expression.track(200)


def test_combination_and_timing_are_drawn_together():
    # In CASME II each surprise combination keeps to its own timings.
    timings = {
        c.aus: [(t.rise_seconds, t.fall_seconds) for t, _ in c.timings]
        for c in statistics_table().select("surprise", "CASME II")["CASME II"]
    }
    for expression in draws("surprise", 200, "CASME II"):
        _, apex, _, offset = expression.envelopes[0].times_seconds
        near = np.abs(np.array(timings[expression.au_names]) - (apex, offset - apex))
        assert (near.max(axis=1) <= 0.005 + 1e-4).any()


def test_frequencies_are_those_of_the_short_clips():
    table = statistics_table().select("happiness", "DFME")["DFME"]
    short = {
        c.aus: sum(n for t, n in c.timings if t.rise_seconds + t.fall_seconds <= MAX_SECONDS - 0.01)
        for c in table
    }
    total = sum(short.values())
    got = Counter(e.au_names for e in draws("happiness", 3000, "DFME"))
    for aus in (("AU6", "AU12"), ("AU12",), ("AU12L",)):
        assert got[aus] / 3000 == pytest.approx(short[aus] / total, abs=0.03)


def test_timings_are_those_of_the_short_clips():
    table = statistics_table().select("disgust", "CASME II")["CASME II"]
    short = [
        (t.rise_seconds, t.fall_seconds)
        for c in table
        for t, n in c.timings
        for _ in range(n)
        if t.rise_seconds + t.fall_seconds <= MAX_SECONDS
    ]
    drawn = [e.envelopes[0].times_seconds for e in draws("disgust", 3000, "CASME II")]
    got = np.array([(apex, offset - apex) for _, apex, _, offset in drawn])
    np.testing.assert_allclose(got.mean(axis=0), np.mean(short, axis=0), atol=0.006)
    np.testing.assert_allclose(got.std(axis=0), np.std(short, axis=0), atol=0.006)
    # Jointly: rise and fall keep their correlation.
    assert np.corrcoef(got.T)[0, 1] == pytest.approx(np.corrcoef(np.array(short).T)[0, 1], abs=0.1)


def test_peaks_follow_the_documented_prior():
    expressions = [e for e in draws("surprise", 2000, "DFME") if len(e.envelopes) > 1]
    pairs = np.array([[e.peak_intensity for e in x.envelopes[:2]] for x in expressions])
    # The triangle on [1, 3] with its top at 1.8 has mean (1 + 3 + 1.8) / 3.
    np.testing.assert_allclose(pairs.mean(axis=0), 5.8 / 3, atol=0.04)
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(0.49 / (0.49 + 0.09), abs=0.04)


def test_data_sets_can_be_restricted():
    both = {e.au_names for e in draws("anger", 300, ("CASME II", "SAMM"))}
    known = {c.aus for c in statistics_table().select("anger", "SAMM")["SAMM"]}
    assert both <= known  # CASME II has no anger


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, None])
def test_bad_seeds(seed):
    with pytest.raises(UsageError, match="seed"):
        sample_expression("anger", seed)


def test_bad_names():
    with pytest.raises(UsageError, match="unknown emotion"):
        sample_expression("joy", 0)
    with pytest.raises(UsageError, match="unknown data set"):
        sample_expression("anger", 0, "CASME")
