"""Ask the packaged nets only once about the same pixels.

Many tests find the face in the same few pictures. A net is a constant function, so the nets that all of Mien
shares keep their answers. Mien's own code still runs, and pixels that differ in one bit are another question. A `Net`
or a `FaceLandmarker` that a test makes for itself keeps nothing.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from mien.face.bundle import Net
from mien.face.landmarker import default_landmarker

MOST = 1000
"""Answers that a net keeps; the largest have 60 kB."""

Answers = OrderedDict[bytes, list[np.ndarray]]


def install() -> None:
    """Let the shared nets keep their answers from now on."""
    ask = Net.__call__
    shared = vars(default_landmarker())  # the nets are in it once they are loaded

    def remembered(self: Net, tensor: np.ndarray) -> Sequence[np.ndarray]:
        if not any(each is self for each in shared.values()):
            return ask(self, tensor)
        answers: Answers = self.__dict__.setdefault("_answers", OrderedDict())
        key = question(tensor)
        found = answers.get(key)
        if found is None:
            found = answers[key] = [np.array(each) for each in ask(self, tensor)]
            while len(answers) > MOST:
                answers.popitem(last=False)
        return [each.copy() for each in found]

    Net.__call__ = remembered  # type: ignore[method-assign]


def question(tensor: np.ndarray) -> bytes:
    """Return a key for an input: its shape and its numbers as the net sees them."""
    seen = np.ascontiguousarray(tensor, np.float32)
    return hashlib.blake2b(seen, key=repr(seen.shape).encode(), digest_size=16).digest()
