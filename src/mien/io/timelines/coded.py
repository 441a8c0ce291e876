"""Convert annotations of human coders to events: labels, sides, levels and apexes, of one coder or observation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mien.au.labels import Label, coded_intensity, side_letter, sided
from mien.au.timeline import SAME_TIME_SECONDS, AUEvent
from mien.errors import BadTrackError


@dataclass(frozen=True)
class Coded:
    """One annotation.

    Attributes:
        label: The AU, and its level and side if they are coded.
        onset_seconds: Its start.
        offset_seconds: Its end.
    """

    label: Label
    onset_seconds: float
    offset_seconds: float


def with_words(label: Label, words: Iterable[str]) -> tuple[Label, tuple[str, ...]]:
    """Add to a label what further words say: a side, a level, ``apex``.

    Args:
        label: The label.
        words: Modifiers, or parts of an annotation's text.

    Returns:
        The label, and the words that name none of these.

    Raises:
        BadTrackError: A side of an AU that lies on the midline, or another side than the label's.
    """
    au, intensity, is_apex = label.au, label.intensity, label.is_apex
    rest = []
    for word in words:
        letter, level = side_letter(word), coded_intensity(word)
        if word.strip().lower() == "apex":
            is_apex = True
        # "B" is a level; for both sides coders write "both" or "bilateral".
        elif level is not None:
            intensity = level
        elif letter is not None:
            unit = au.rstrip("LR")
            if letter and au not in (unit, unit + letter):
                raise BadTrackError(f"expected one side of {unit}, got {au} and {word.strip()!r}")
            au = sided(unit, letter, f"{unit} {word.strip()}") if letter else au
        elif word.strip():
            rest.append(word.strip())
    return Label(au, intensity, is_apex, label.has_word), tuple(rest)


def events_of(path: Path, coded: Iterable[Coded]) -> tuple[tuple[AUEvent, ...], tuple[str, ...]]:
    """Join movements with their apexes.

    Returns:
        The events, and notes of one line each. There is a note on level 0, which coders use for an absent AU. There is
        a note on each apex that lies in no movement of its AU and side, that lies in several, or that is not the first
        apex of its movement.
    """
    every = list(coded)
    listed = [each for each in every if each.label.intensity != 0]
    moves = [each for each in listed if not each.label.is_apex]
    apexes = [each for each in listed if each.label.is_apex]
    found: dict[int, Coded] = {}
    lonely = []
    for apex in apexes:
        inside = [
            index
            for index, move in enumerate(moves)
            if move.label.au == apex.label.au
            and move.onset_seconds - SAME_TIME_SECONDS <= apex.onset_seconds
            and apex.offset_seconds <= move.offset_seconds + SAME_TIME_SECONDS
        ]
        if len(inside) == 1 and inside[0] not in found:
            found[inside[0]] = apex
        else:
            lonely.append(apex)
    events = []
    for index, move in enumerate(moves):
        top = found.get(index)
        events.append(
            AUEvent(
                move.label.au,
                move.onset_seconds,
                move.offset_seconds,
                None if top is None else top.onset_seconds,
                None if top is None else top.offset_seconds,
                move.label.intensity,
            )
        )
    notes = _level_0(path, [each for each in every if each.label.intensity == 0])
    notes += tuple(
        f"{path.name}: the apex of {apex.label.au} at {apex.onset_seconds:g} s belongs to no event, left out"
        for apex in lonely
    )
    return tuple(events), notes


def _level_0(path: Path, absent: list[Coded]) -> tuple[str, ...]:
    """Return a note on annotations of level 0, which were read as an absent AU; empty if there are none."""
    if not absent:
        return ()
    more = f" and {len(absent) - 6} more" if len(absent) > 6 else ""
    shown = ", ".join(f"{each.label.au} at {each.onset_seconds:g} s" for each in absent[:6])
    return (f"{path.name}: level 0 read as an absent AU: {shown}{more}",)


def left_out(path: Path, what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return a note on annotations that are not AUs; empty if there are none."""
    listed = list(dict.fromkeys(names))
    if not listed:
        return ()
    more = f" and {len(listed) - 6} more" if len(listed) > 6 else ""
    shown = ", ".join(repr(name[:40]) for name in listed[:6])
    return (f"{path.name}: left out {what} that are not AUs: {shown}{more}",)


def chosen(
    path: Path, what: str, option: str, known: Iterable[str], asked: str | None
) -> str | None:
    """Choose one of a file's observations, subjects or coders.

    Args:
        path: The file, for messages.
        what: The word for them in messages, such as ``coder``.
        option: The option of the command line that chooses one.
        known: The names in the file; they may repeat.
        asked: The name that the user asked for; None for the only one.

    Returns:
        The chosen name; None if the file names none.

    Raises:
        BadTrackError: The file has several names and the user asked for none, or it lacks the one that the user asked
            for.
    """
    names = list(dict.fromkeys(known))
    listed = ", ".join(repr(name[:40]) for name in names[:8])
    if asked is not None:
        if asked not in names:
            raise BadTrackError(f"expected the {what} {asked!r} in {path}, got {listed or 'none'}")
        return asked
    if len(names) > 1:
        raise BadTrackError(
            f"expected one {what} in {path}, got {listed}: choose one with {option} NAME"
        )
    return names[0] if names else None


def written_level(event: AUEvent) -> str:
    """Return an event's level as text: a letter if it is whole, otherwise the number; empty if no level was coded."""
    intensity = event.peak_intensity
    if intensity is None:
        return ""
    # Only whole levels, A to E, have a letter.
    if intensity == int(intensity):
        return str(event.level)
    return repr(float(intensity))


def milliseconds(seconds: float) -> int:
    """Return a time in whole milliseconds; halves are rounded up."""
    return int(seconds * 1000 + 0.5 + 1e-9)
