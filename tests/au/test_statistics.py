import pytest

from mien.au.catalog import canonical_name
from mien.au.statistics import statistics_table, typical_timing
from mien.errors import UsageError


def test_counts_are_those_of_the_source():
    table = statistics_table()
    rows = {
        name: sum(c.rows for combinations in emotions.values() for c in combinations)
        for name, emotions in table.tables.items()
    }
    read = table.notes["rows_read"]
    dropped = table.notes["rows_dropped_without_known_au"]
    assert read == {"CAS(ME)3": 860, "CASME II": 255, "DFME": 2330, "SAMM": 159}
    assert rows == {name: read[name] - dropped[name] for name in read}
    assert table.notes["codes_folded_to_midline"] == {"17R": 1, "18L": 1}
    assert table.notes["codes_dropped_outside_catalogue"]["39"] == 7


def test_combinations_are_canonical_and_timings_fit():
    for emotions in statistics_table().tables.values():
        for combinations in emotions.values():
            assert len({c.aus for c in combinations}) == len(combinations)
            for combination in combinations:
                assert [canonical_name(au) for au in combination.aus] == list(combination.aus)
                assert sum(n for _, n in combination.timings) <= combination.rows
                assert all(t.rise_seconds >= 0 and n > 0 for t, n in combination.timings)


def test_select_keeps_data_sets_apart():
    table = statistics_table()
    assert set(table.select("contempt")) == {"DFME", "SAMM"}
    assert set(table.select("Surprise", ("casme ii", "SAMM"))) == {"CASME II", "SAMM"}
    surprise = table.select("surprise", "CASME II")["CASME II"]
    assert sum(c.rows for c in surprise) == 25


@pytest.mark.parametrize(
    ("emotion", "dataset", "message"),
    [
        ("joy", None, "unknown emotion 'joy': expected one of anger, contempt"),
        ("anger", "CK+", r"unknown data set 'CK\+': expected one of CAS\(ME\)3, CASME II"),
        ("repression", "SAMM", "no repression in SAMM: expected one of anger"),
        ("anger", (), "empty list of data sets"),
    ],
)
def test_unknown_names_list_what_exists(emotion, dataset, message):
    with pytest.raises(UsageError, match=message):
        statistics_table().select(emotion, dataset)


def test_typical_timing_is_the_median_of_the_short_clips():
    # Medians of the source's own rows of at most 0.5 s: 0.226 and 0.165; 0.175 and 0.172.
    happiness = typical_timing("happiness")
    assert happiness.rise_seconds == pytest.approx(0.226, abs=0.006)
    assert happiness.fall_seconds == pytest.approx(0.165, abs=0.006)
    repression = typical_timing("repression")
    assert repression.rise_seconds == pytest.approx(0.175, abs=0.006)
    assert repression.fall_seconds == pytest.approx(0.172, abs=0.006)
