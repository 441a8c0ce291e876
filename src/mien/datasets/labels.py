"""Emotions and the three classes that recognition is judged by."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, get_args

Label: TypeAlias = Literal["negative", "positive", "surprise"]
"""The three classes of the MEGC2019 composite (See et al., FG 2019)."""

LABELS: tuple[Label, ...] = get_args(Label)
"""The classes in the order of their numbers: 0 negative, 1 positive, 2 surprise."""

LABEL_OF_EMOTION: dict[str, Label | None] = {
    "anger": "negative",
    "contempt": "negative",
    "disgust": "negative",
    "fear": "negative",
    "sadness": "negative",
    "repression": "negative",
    "negative": "negative",
    "happiness": "positive",
    "positive": "positive",
    "surprise": "surprise",
    "others": None,
}
"""Every emotion that the data sets name, and its class; "others" has none."""

_SPELLINGS = {
    "angry": "anger",
    "disgusted": "disgust",
    "fearful": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
    "suprise": "surprise",
    "other": "others",
}
_SEPARATORS = re.compile(r"\s*(?:[&+/,;|_]|\band\b)\s*")


def parse_emotion(text: str) -> tuple[str, ...]:
    """Return the emotions that a cell names, in lower case and one spelling each.

    ``'Happy'`` is ``('happiness',)``, ``'Positive & Surprise'`` is ``('positive', 'surprise')``. A
    word that is not in :data:`LABEL_OF_EMOTION` comes back as it stands.
    """
    parts = (part.strip() for part in _SEPARATORS.split(text.strip().casefold()))
    return tuple(dict.fromkeys(_SPELLINGS.get(part, part) for part in parts if part))


def label_of(emotions: tuple[str, ...]) -> Label | None:
    """Return the class of a clip's emotions; None where they have none, or do not agree."""
    labels = {LABEL_OF_EMOTION.get(emotion) for emotion in emotions}
    return labels.pop() if len(labels) == 1 else None
