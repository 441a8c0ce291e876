"""The licences of what a release contains or uses, as values of CycloneDX 1.6."""

from __future__ import annotations

import json
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

LONGEST = 60
"""Longest ``License`` field that is a name, in characters; some packages put the whole text there."""

OF_ASSETS = {
    "canonical_face.npz": "Apache-2.0",
    "face_landmarker.task": "Apache-2.0",
    "identity_modes.npz": "Apache-2.0 AND MIT",
    "rig_basis.npz": "Apache-2.0 AND MIT",
    "seen_basis.npz": "Apache-2.0",
}
"""Licences of the assets without a card. NOTICE says which come from others: MIT is that of ICT-FaceKit."""


def of_package(name: str) -> dict[str, Any]:
    """Return what a package's component says of its licence.

    Returns:
        ``licenses``, or ``properties`` that say why there is none.
    """
    try:
        found = stated(metadata(name))
    except PackageNotFoundError:
        return _unknown("not read: the package was not installed where this file was made")
    return {"licenses": found} if found else _unknown("the package's metadata state none")


def stated(facts: PackageMetadata) -> list[dict[str, Any]]:
    """Return the licences that metadata state.

    They are those of ``License-Expression``; without it, of a ``License`` field that is a name and not a text; without
    both, of the classifiers.
    """
    if "License-Expression" in facts:
        return [{"expression": facts["License-Expression"]}]
    name = facts["License"].strip() if "License" in facts else ""
    if name and name.upper() != "UNKNOWN" and len(name) <= LONGEST and "\n" not in name:
        return [{"license": {"name": name}}]
    lines = [str(each) for each in facts.get_all("Classifier") or []]
    names = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License ::")]
    return [{"license": {"name": name}} for name in names if name != "OSI Approved"]


def of_asset(path: Path) -> dict[str, Any]:
    """Return the licence of a model: that of its card, or of `OF_ASSETS`."""
    card = path.parent / "card.json"
    if not card.is_file():
        return {"licenses": [{"expression": OF_ASSETS[path.name]}]}
    expression = json.loads(card.read_text(encoding="utf-8"))["licence"]
    return {"licenses": [{"expression": expression}]}


def _unknown(why: str) -> dict[str, Any]:
    return {"properties": [{"name": "mien:licence", "value": why}]}
