"""Read and write ELAN's annotation files (.eaf): a tier for each AU and side, a level as the annotation's text.

A tier is called ``AU12L`` or another label of an AU; ``AU12L@Ann`` is the tier of the coder Ann. ``AU12L apex`` has an
annotation from the apex's start to its end. An apex of a single moment has the text ``moment`` and lasts 1 ms, because
ELAN has no annotations without length. In tiers with other names, annotations whose text is a label such as
``AU12L B`` are read.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mien.au.labels import Label, parse_label
from mien.au.timeline import AUTimeline
from mien.errors import BadTrackError, MissingExtraError
from mien.install import install_command
from mien.io.atomic import atomic_file
from mien.io.plain_file import check_file
from mien.io.timelines.coded import (
    Coded,
    chosen,
    events_of,
    left_out,
    milliseconds,
    with_words,
    written_level,
)
from mien.io.timelines.csv_rows import MARK
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.head import Head

MOMENT = "moment"
"""The text of an apex that is a single moment."""

MILLISECONDS = "milliseconds"
"""The only unit of times that is read; files of films on tape may count frames."""

FPS_PROPERTY = "mien fps"
"""The property with the frame rate in files that Mien writes."""

END_PROPERTY = "mien end milliseconds"
"""The property with the end of the observation, in milliseconds."""


def recognises(head: Head) -> bool:
    """Return whether a file is an annotation file of ELAN."""
    return "<ANNOTATION_DOCUMENT" in head.text[:4096]


def read(path: Path, options: ReadOptions) -> Read:
    """Read an ELAN file.

    Raises:
        BadTrackError: The file is damaged, its times are invalid, or it has several coders and none is chosen.
        MissingExtraError: pympi-ling is not installed.
    """
    file = _parse(path)
    if (unit := file.header.get("TIME_UNITS", MILLISECONDS)) != MILLISECONDS:
        raise BadTrackError(f"expected times in milliseconds in {path}, got {unit}")
    tiers = {name: _tier(name) for name in file.tiers}
    coders = [coder for label, coder in tiers.values() if label is not None]
    coder = chosen(path, "coder", "--subject", coders, options.subject) if coders else None
    coded: list[Coded] = []
    others: list[str] = []
    unread: list[str] = []
    for name, (label, own) in tiers.items():
        if label is not None and own != coder:
            continue
        for start, end, text in _annotations(path, file, name):
            # Only in a tier's name may a bare number be an AU; texts often have other numbers.
            said = _said(label, text)
            if said is None:
                others.append(name if label is None else text)
                continue
            what, rest = said
            unread += rest
            if what.is_apex and MOMENT in rest:
                unread.remove(MOMENT)
                end = start
            coded.append(Coded(what, start / 1000, end / 1000))
    events, notes = events_of(path, coded)
    properties = dict(file.properties)
    timeline = AUTimeline(events, _end(properties), _fps(properties), 0.001, searched=None)
    if options.fps is not None:
        timeline = replace(timeline, fps=options.fps)
    for media in file.media_descriptors:
        if (origin := media.get("TIME_ORIGIN", "0")) not in ("", "0"):
            notes += (
                f"{path.name}: times count from {origin[:20]} ms into the film, its offset in ELAN",
            )
    notes += left_out(path, "tiers and texts", others)
    notes += left_out(path, "remarks", unread)
    return Read(timeline, notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write an ELAN file, whole or not at all.

    Raises:
        MissingExtraError: pympi-ling is not installed.
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUTimeline)
    elan = _pympi()
    file = elan.Eaf(author="Mien")
    file.remove_tier("default")
    file.header = {"MEDIA_FILE": "", "TIME_UNITS": MILLISECONDS}
    if options.source:
        file.add_property("source", options.source)
    if content.fps is not None:
        file.add_property(FPS_PROPERTY, str(content.fps))
    if content.end_seconds is not None:
        file.add_property(END_PROPERTY, str(milliseconds(content.end_seconds)))
    for name in content.names:
        events = content.of(name)
        file.add_tier(name)
        if any(event.apex_start_seconds is not None for event in events):
            file.add_tier(f"{name} apex")
        for event in events:
            start, end = milliseconds(event.onset_seconds), milliseconds(event.offset_seconds)
            file.add_annotation(name, start, max(end, start + 1), written_level(event))
            if event.apex_start_seconds is None or event.apex_end_seconds is None:
                continue
            first, last = (
                milliseconds(seconds)
                for seconds in (event.apex_start_seconds, event.apex_end_seconds)
            )
            text = MOMENT if first == last else ""
            file.add_annotation(f"{name} apex", first, max(last, first + 1), text)
    _order_slots(file)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{elan.to_string(file)}\n'
    text += _mark(text)
    with atomic_file(path, is_own=is_unchanged) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def is_unchanged(path: Path) -> bool:
    """Return whether a file is unchanged since Mien wrote it; a file that somebody has edited must not be replaced."""
    text = path.read_bytes().decode("utf-8", "replace")
    start = text.rfind("<!--")
    return start >= 0 and text[start:] == _mark(text[:start])


def _mark(text: str) -> str:
    return f"<!-- {MARK}, sha256 {hashlib.sha256(text.encode()).hexdigest()} -->\n"


def _order_slots(file: Any) -> None:
    """Rename the time slots in the order of time, as the format requires; pympi numbers them in the order added."""
    ordered = sorted(file.timeslots, key=lambda slot: (file.timeslots[slot], int(slot[2:])))
    new = {slot: f"ts{number}" for number, slot in enumerate(ordered, start=1)}
    file.timeslots = {new[slot]: file.timeslots[slot] for slot in ordered}
    for name, (aligned, references, facts, place) in file.tiers.items():
        moved = {key: (new[a], new[b], *rest) for key, (a, b, *rest) in aligned.items()}
        file.tiers[name] = (moved, references, facts, place)


def _pympi() -> Any:
    try:
        from pympi import Elan
    except ImportError as error:
        raise MissingExtraError(
            "ELAN's files need pympi-ling, which is not installed: "
            f"{install_command('interchange')}"
        ) from error
    return Elan


def _parse(path: Path) -> Any:
    elan = _pympi()
    check_file(path, BadTrackError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a version that pympi does not know
            # Absolute, because pympi reads "-" as the standard input.
            return elan.Eaf(str(path.absolute()), suppress_version_warning=True)
    except OSError as error:
        raise BadTrackError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # pympi raises many kinds of errors for damaged files
        raise BadTrackError(
            f"expected an ELAN file, got {path}, which is damaged: save it again in ELAN"
        ) from error


def _tier(name: str) -> tuple[Label | None, str]:
    """Return the AU label in a tier's name, if it is one, and the coder."""
    label, _, coder = name.partition("@")
    return parse_label(label), coder.strip()


def _said(tier: Label | None, text: str) -> tuple[Label, tuple[str, ...]] | None:
    words = text.replace(",", " ").split()
    if tier is not None:
        return with_words(tier, words)
    label = parse_label(words[0]) if words else None
    return with_words(label, words[1:]) if label is not None and label.has_word else None


def _annotations(path: Path, file: Any, tier: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end in milliseconds and the text of each annotation in a tier.

    Raises:
        BadTrackError: A missing or invalid time, or an AU's tier that depends on another tier.
    """
    slots = file.timeslots
    aligned, references = file.tiers[tier][:2]
    if references and parse_label(tier.partition("@")[0]):
        raise BadTrackError(
            f"expected a tier with times of its own, got {tier!r} in {path}, which depends on another tier"
        )
    for first, last, text, _ in aligned.values():
        start, end = slots.get(first), slots.get(last)
        if start is None or end is None:
            raise BadTrackError(
                f"expected a time for each annotation, got one without in tier {tier!r} of {path}"
            )
        if not 0 <= start <= end < 10**12:
            raise BadTrackError(
                f"expected times that rise, got {start} to {end} ms in tier {tier!r} of {path}"
            )
        yield start, end, str(text or "")


def _fps(properties: dict[str, Any]) -> Any:
    from mien.au.frame_rate import parse_fps

    given = properties.get(FPS_PROPERTY)
    return parse_fps(str(given)) if given else None


def _end(properties: dict[str, Any]) -> float | None:
    given = str(properties.get(END_PROPERTY) or "")
    return int(given) / 1000 if given.isascii() and given.isdigit() and len(given) < 13 else None


FORMAT = Format(
    name="elan",
    title="ELAN",
    kind="events",
    suffixes=(".eaf",),
    recognises=recognises,
    read=read,
    write=write,
    milliseconds=True,
    points=False,
)
