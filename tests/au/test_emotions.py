from __future__ import annotations

from mien.au.emotions import CLASS_COUNT, LABEL_OF_EMOTION, LABELS
from mien.au.statistics import statistics_table


def test_the_classes_numbers():
    """Files of flow maps store these numbers."""
    assert LABELS == ("negative", "positive", "surprise") and CLASS_COUNT == 3


def test_every_emotion_that_is_counted_has_a_class_or_none_on_purpose():
    assert set(statistics_table().emotions) <= set(LABEL_OF_EMOTION)
    assert {label for label in LABEL_OF_EMOTION.values() if label} == set(LABELS)
    assert [name for name, label in LABEL_OF_EMOTION.items() if label is None] == [
        "tense",
        "others",
    ]
