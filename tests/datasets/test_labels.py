from __future__ import annotations

import pytest

from mien.datasets.labels import label_of, parse_emotion


@pytest.mark.parametrize(
    ("text", "emotions", "label"),
    [
        ("Happiness", ("happiness",), "positive"),
        (" happy ", ("happiness",), "positive"),
        ("Contempt", ("contempt",), "negative"),
        ("Other", ("others",), None),
        ("Positive & Surprise", ("positive", "surprise"), None),
        ("Negative_Repression", ("negative", "repression"), "negative"),
        ("sad and angry", ("sadness", "anger"), "negative"),
        ("disgust/others", ("disgust", "others"), None),
        ("tense", ("tense",), None),
        ("", (), None),
    ],
)
def test_emotions(text, emotions, label):
    assert parse_emotion(text) == emotions and label_of(emotions) == label
