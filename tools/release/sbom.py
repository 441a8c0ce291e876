"""A software bill of materials: what a release of Mien contains and what it uses, as CycloneDX 1.6 JSON.

Format: https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import Any

from .lock import Locked, normal

ASSETS = Path(__file__).parents[2] / "src" / "mien" / "assets"
MODELS = (".task", ".safetensors", ".npz")
"""Endings of the files in a release that are models or their data."""


def sbom(
    version: str, requires: Iterable[str], locked: dict[str, Locked], build: Iterable[Path]
) -> dict[str, Any]:
    """Return the bill of materials of a release.

    Args:
        version: Mien's version.
        requires: Mien's requirements, as in its metadata.
        locked: The locked packages by name.
        build: The release's files.

    Returns:
        JSON values.
    """
    files = sorted(build)
    me = {
        "type": "application",
        "bom-ref": f"mien@{version}",
        "name": "mien",
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        # No purl: the project does not own the name in any package index.
        "components": [_file(path, path.name) for path in files],
    }
    used = _used_by_mien(requires)
    packages = [_package(name, entry, used) for name, entry in sorted(locked.items())]
    models = [
        _file(path, path.relative_to(ASSETS).as_posix(), "machine-learning-model")
        for path in sorted(ASSETS.rglob("*"))
        if path.suffix in MODELS
    ]
    content = "".join(path.name + _sha256(path) for path in files)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "version": 1,
        "metadata": {"component": me},
        "components": [*models, *packages],
        "dependencies": [
            {
                "ref": me["bom-ref"],
                "dependsOn": sorted(_ref(n, locked[n]) for n in used if n in locked),
            },
            *(
                {"ref": _ref(name, entry), "dependsOn": _dependencies(name, locked)}
                for name, entry in sorted(locked.items())
            ),
        ],
    }


def _package(name: str, entry: Locked, used: dict[str, bool]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(name, entry),
        "name": name,
        "version": entry.version,
        "purl": _ref(name, entry),
        "scope": "required" if used.get(name) else "optional",
    }
    try:
        licences = _licences(metadata(name))
    except PackageNotFoundError:  # a package of another platform
        return made
    return made | ({"licenses": licences} if licences else {})


def _licences(facts: PackageMetadata) -> list[dict[str, Any]]:
    if "License-Expression" in facts:
        return [{"expression": facts["License-Expression"]}]
    lines = [str(each) for each in facts.get_all("Classifier") or []]
    names = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License ::")]
    return [{"license": {"name": name}} for name in names if name != "OSI Approved"]


def _used_by_mien(requires: Iterable[str]) -> dict[str, bool]:
    """Return the packages that Mien itself requires, and whether it requires them without any extra."""
    used: dict[str, bool] = {}
    for each in requires:
        used[_name(each)] = used.get(_name(each), False) or "extra ==" not in each
    return used


def _dependencies(name: str, locked: dict[str, Locked]) -> list[str]:
    try:
        asked = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    needed = {_name(each) for each in asked if "extra ==" not in each}
    return sorted(_ref(each, locked[each]) for each in needed if each in locked and each != name)


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9][\w.-]*", requirement)
    assert found is not None, requirement
    return normal(found[0])


def _ref(name: str, entry: Locked) -> str:
    return f"pkg:pypi/{name}@{entry.version}"


def _file(path: Path, name: str, kind: str = "file") -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": f"file:{name}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": _sha256(path)}],
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
