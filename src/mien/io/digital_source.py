"""IPTC's digital source types: terms of metadata that say how a picture or film was made.

Source: https://cv.iptc.org/newscodes/digitalsourcetype/
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias, get_args

DigitalSource: TypeAlias = Literal[
    "compositeSynthetic", "compositeWithTrainedAlgorithmicMedia", "composite", "dataDrivenMedia"
]
"""The types of Mien's outputs, in this order: a photograph's own pixels moved by a formula, a face painted by a trained
network, a drawing over a film, a chart."""

DIGITAL_SOURCES: tuple[DigitalSource, ...] = get_args(DigitalSource)
DIGITAL_SOURCE_URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The start of every type's address."""

_START = b"://cv.iptc.org/newscodes/digitalsourcetype/"
_TERMS = (
    *("algorithmicMedia", "algorithmicallyEnhanced", "composite", "compositeCapture"),
    *("compositeSynthetic", "compositeWithTrainedAlgorithmicMedia", "computationalCapture"),
    *("dataDrivenMedia", "digitalArt", "digitalCapture", "digitalCreation", "humanEdits"),
    *("minorHumanEdits", "multiFrameCapture", "negativeFilm", "positiveFilm", "print"),
    *("screenCapture", "softwareImage", "trainedAlgorithmicMedia", "virtualRecording"),
)
# Longer terms come first, as some begin with a shorter one. The pattern does not check what follows a term: in a binary
# format that can be any byte, also a letter.
_TERM = re.compile("|".join(sorted(_TERMS, key=len, reverse=True)).encode("ascii"))
_LONGEST = max(map(len, _TERMS))
_TRAINED = {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"}
_COMPUTED = {"compositeSynthetic", "algorithmicMedia", "softwareImage", "virtualRecording"}


def digital_sources_in(files: Iterable[Path]) -> tuple[str, ...]:
    """Return the digital source types that files state in their metadata, sorted.

    XMP is plain text in all formats, and so are the assertions of content credentials.

    Args:
        files: Pictures or films, also of other programs.

    Raises:
        OSError: A file cannot be read.
    """
    found: set[str] = set()
    for path in files:
        if not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = data.find(_START)
            while at >= 0:
                after = at + len(_START)
                if term := _TERM.match(data[after : after + _LONGEST]):
                    found.add(term[0].decode("ascii"))
                at = data.find(_START, after)
    return tuple(sorted(found))


def inherited(of_inputs: Iterable[str]) -> DigitalSource | None:
    """Return the type that an output gets from synthetic inputs; None if no input says that it is synthetic."""
    types = set(of_inputs)
    if types & _TRAINED:
        return "compositeWithTrainedAlgorithmicMedia"
    return "compositeSynthetic" if types & _COMPUTED else None


def combined(own: DigitalSource, of_inputs: Iterable[str]) -> DigitalSource:
    """Return the type of an output. What a trained network made keeps its type in every later output.

    Args:
        own: The type that the output has if its inputs are photographs.
        of_inputs: The types of its inputs.
    """
    given = inherited(of_inputs)
    if given is None or own == "compositeWithTrainedAlgorithmicMedia":
        return own
    return given
