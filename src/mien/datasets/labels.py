"""Read emotions as data sets spell them, and find their class."""

from __future__ import annotations

import re

from mien.au.emotions import LABEL_OF_EMOTION, Label

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
    """Return the emotions in a cell, in lower case and in a common spelling.

    ``'Happy'`` is ``('happiness',)``, ``'Positive & Surprise'`` is ``('positive', 'surprise')``.
    A word that is not in :data:`mien.au.emotions.LABEL_OF_EMOTION` is returned unchanged.
    """
    parts = (part.strip() for part in _SEPARATORS.split(text.strip().casefold()))
    return tuple(dict.fromkeys(_SPELLINGS.get(part, part) for part in parts if part))


def label_of(emotions: tuple[str, ...]) -> Label | None:
    """Return the class of a clip's emotions; None if they have no class or different ones."""
    labels = {LABEL_OF_EMOTION.get(emotion) for emotion in emotions}
    return labels.pop() if len(labels) == 1 else None
