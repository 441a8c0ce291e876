from __future__ import annotations

from mien.au.statistics import statistics_table
from mien.datasets.composite import COUNTS, SUBJECTS
from mien.datasets.names import COMPOSITE_PARTS, SEEN_DATASETS, STATISTICS_NAMES
from mien.datasets.registry import DATASETS


def test_statistics_and_loaders_know_these_names():
    assert set(STATISTICS_NAMES.values()) == set(statistics_table().datasets)
    assert {*STATISTICS_NAMES, *COMPOSITE_PARTS} <= set(DATASETS)


def test_the_composites_parts_are_counted():
    assert set(COMPOSITE_PARTS) == set(COUNTS) == set(SUBJECTS)


def test_no_code_of_a_tested_clip_is_drawn():
    assert SEEN_DATASETS == ("CAS(ME)3", "DFME")
