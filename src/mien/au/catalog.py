"""The action units (AUs) that Mien knows. All names and the order of AUs come from here.

Names are ``AU12`` for both sides, ``AU12L`` and ``AU12R`` for the subject's own left or right. An
AU is never an index. Names, muscles and the one-sided scoring rule follow the FACS manual (Ekman,
Friesen and Hager, 2002). Column names are those of OpenFace 2.x, which estimates the intensity
(``_r``) of 17 AUs, and the presence (``_c``) of these and of AU28.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mien.errors import UnknownAUError, UsageError

Side: TypeAlias = Literal["left", "right", "both"]
"""A side of the face: the subject's own left or right, or both."""

SIDE_LETTERS: dict[Side, str] = {"left": "L", "right": "R"}
"""The letter that each single side adds to an AU's name."""


@dataclass(frozen=True)
class ActionUnit:
    """One action unit of FACS.

    Attributes:
        number: Its number in FACS.
        name: Mien's name, ``AU`` and the number without padding.
        facs_name: Its English name in FACS.
        muscle: The muscles that make it.
        sided: Whether it can move on one side of the face alone; an AU on the midline cannot.
        openface_intensity: OpenFace's intensity column (0 to 5), or None.
        openface_presence: OpenFace's presence column (0 or 1), or None.
    """

    number: int
    name: str
    facs_name: str
    muscle: str
    sided: bool
    openface_intensity: str | None
    openface_presence: str | None


_ROWS: tuple[tuple[int, str, str, bool], ...] = (
    (1, "Inner Brow Raiser", "frontalis, medial part", True),
    (2, "Outer Brow Raiser", "frontalis, lateral part", True),
    (4, "Brow Lowerer", "corrugator supercilii, depressor supercilii, procerus", True),
    (5, "Upper Lid Raiser", "levator palpebrae superioris", True),
    (6, "Cheek Raiser", "orbicularis oculi, orbital part", True),
    (7, "Lid Tightener", "orbicularis oculi, palpebral part", True),
    (9, "Nose Wrinkler", "levator labii superioris alaeque nasi", True),
    (10, "Upper Lip Raiser", "levator labii superioris", True),
    (12, "Lip Corner Puller", "zygomaticus major", True),
    (14, "Dimpler", "buccinator", True),
    (15, "Lip Corner Depressor", "depressor anguli oris", True),
    (16, "Lower Lip Depressor", "depressor labii inferioris", True),
    (17, "Chin Raiser", "mentalis", False),
    (18, "Lip Pucker", "incisivi labii superioris and inferioris", False),
    (20, "Lip Stretcher", "risorius, platysma", True),
    (22, "Lip Funneler", "orbicularis oris", False),
    (23, "Lip Tightener", "orbicularis oris", False),
    (24, "Lip Pressor", "orbicularis oris", False),
    (25, "Lips Part", "depressor labii inferioris; mentalis or orbicularis oris relax", False),
    (26, "Jaw Drop", "masseter, temporalis and medial pterygoid relax", False),
    (28, "Lip Suck", "orbicularis oris", False),
    (38, "Nostril Dilator", "nasalis, alar part", True),
    (43, "Eyes Closed", "levator palpebrae superioris relaxes", True),
    (45, "Blink", "levator palpebrae superioris relaxes; orbicularis oculi, palpebral part", True),
)
_OPENFACE_INTENSITY = {1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45}
_OPENFACE_PRESENCE = _OPENFACE_INTENSITY | {28}


def _action_unit(number: int, facs_name: str, muscle: str, sided: bool) -> ActionUnit:
    return ActionUnit(
        number=number,
        name=f"AU{number}",
        facs_name=facs_name,
        muscle=muscle,
        sided=sided,
        openface_intensity=f"AU{number:02d}_r" if number in _OPENFACE_INTENSITY else None,
        openface_presence=f"AU{number:02d}_c" if number in _OPENFACE_PRESENCE else None,
    )


CATALOG: dict[str, ActionUnit] = {f"AU{row[0]}": _action_unit(*row) for row in _ROWS}
"""Every known AU by its name, in the order that all tables use."""

OPENFACE_AUS: tuple[str, ...] = tuple(
    unit.name for unit in CATALOG.values() if unit.openface_intensity is not None
)
"""The 17 AUs whose intensity OpenFace estimates, both sides together, in its order."""

_SIDE_OF_LETTER: dict[str, Side | None] = {"": None, "L": "left", "R": "right"}
_NAME = re.compile(r"AU0*([1-9]\d*)([LR]?)", re.IGNORECASE | re.ASCII)


def parse_au(name: str) -> tuple[ActionUnit, Side | None]:
    """Read an AU name; upper or lower case and leading zeros do not matter.

    Args:
        name: A name such as ``'AU12'``, ``'AU12L'`` or ``'au04l'``.

    Returns:
        The action unit, and the side in the name (None if the name has no side).

    Raises:
        UnknownAUError: The text is not an AU name, the AU is not in the catalogue, or the name has a
            side but the AU is on the midline.
    """
    match = _NAME.fullmatch(name.strip()) if isinstance(name, str) else None
    unit = CATALOG.get(f"AU{match[1]}") if match else None
    if match is None or unit is None:
        known = " ".join(CATALOG)
        raise UnknownAUError(
            f"unknown action unit {name!r}: expected one of {known}, "
            "with L or R after it for one side"
        )
    letter = match[2].upper()
    if letter and not unit.sided:
        raise UnknownAUError(
            f"{name!r} asks for one side, but {unit.name} ({unit.facs_name}) lies on the midline: "
            f"write {unit.name}"
        )
    return unit, _SIDE_OF_LETTER[letter]


def canonical_name(name: str) -> str:
    """Return the canonical spelling of an AU name: ``'AU4L'`` for ``'au04l'``.

    Raises:
        UnknownAUError: See :func:`parse_au`.
    """
    unit, side = parse_au(name)
    return unit.name + (SIDE_LETTERS[side] if side else "")


def sided_names(name: str) -> tuple[str, ...]:
    """Return the rig's names for an AU.

    ``'AU12'`` gives ``('AU12L', 'AU12R')`` and ``'AU26'`` gives ``('AU26',)``. A name that already
    has a side gives only itself.

    Raises:
        UnknownAUError: See :func:`parse_au`.
    """
    unit, side = parse_au(name)
    if side is not None or not unit.sided:
        return (canonical_name(name),)
    return (f"{unit.name}L", f"{unit.name}R")


RIG_NAMES: tuple[str, ...] = tuple(side for name in CATALOG for side in sided_names(name))
"""The names of the rig's basis in order: the catalogue's, left before right, midline AUs once."""


def is_midline(name: str) -> bool:
    """Return whether FACS does not divide an AU into sides, as AU23 and AU26.

    Raises:
        UnknownAUError: See :func:`parse_au`.
    """
    return sided_names(name) == (name,) and name[-1].isdigit()


def names_on_side(names: tuple[str, ...], side: Side) -> dict[str, str]:
    """Return the new names of AUs after an expression is moved to one side of the face.

    :meth:`mien.au.track.AUTrack.side` describes the rule.

    Returns:
        New name by old name, in the given order, without the AUs that are removed.

    Raises:
        UsageError: A side that is not left, right or both.
    """
    if side not in ("left", "right", "both"):
        raise UsageError(f"expected side left, right or both, got {side!r}")
    kept: dict[str, str] = {}
    for name in names:
        unit, own = parse_au(name)
        wanted = unit.name + (SIDE_LETTERS[side] if unit.sided and side != "both" else "")
        if side == "both":
            kept[name] = name
        elif own in (None, side) or not {wanted, unit.name} & set(names):
            kept[name] = wanted
    return kept
