"""Emotions by name, and the three classes that recognition is scored on.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Label: TypeAlias = Literal["negative", "positive", "surprise"]
"""One of the three classes of the MEGC2019 composite (See et al., FG 2019)."""

LABELS: tuple[Label, ...] = get_args(Label)
"""The classes in the order of their numbers: 0 negative, 1 positive, 2 surprise."""

CLASS_COUNT = len(LABELS)
"""Number of classes."""

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
    "tense": None,
    "others": None,
}
"""Every emotion that the data sets name, with its class; "tense" and "others" have none."""
