"""A software bill of materials: what a release of Mien contains and what it uses, as CycloneDX 1.6 JSON.

Format: https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from .licences import of_asset, of_package
from .lock import Locked, normal
from .needs import all_needed, needed_by

ASSETS = Path(__file__).parents[2] / "src" / "mien" / "assets"
MODELS = (".task", ".safetensors", ".npz")
"""Endings of the files in a release that are models or their data."""
SCRIPTS = {
    "jspsych.js": ("pkg:npm/jspsych", "8.3.0"),
    "html-button-response.js": ("pkg:npm/%40jspsych/plugin-html-button-response", "2.1.0"),
}
"""The scripts of jsPsych, which Mien copies into studies: the address of each one's package, and its version."""


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
    requires = list(requires)
    core = all_needed(requires)
    packages = [_package(name, entry, core) for name, entry in sorted(locked.items())]
    models = [
        _file(path, path.relative_to(ASSETS).as_posix(), "machine-learning-model") | of_asset(path)
        for path in sorted(ASSETS.rglob("*"))
        if path.suffix in MODELS
    ]
    scripts = [_script(name, *facts) for name, facts in SCRIPTS.items()]
    content = "".join(path.name + _sha256(path) for path in files)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "version": 1,
        "metadata": {"component": me},
        "components": [*models, *scripts, *packages],
        "dependencies": [
            {
                "ref": me["bom-ref"],
                "dependsOn": sorted(
                    _ref(n, locked[n]) for n in set(map(_name, requires)) & locked.keys()
                ),
            },
            *(
                {"ref": _ref(name, entry), "dependsOn": _dependencies(name, locked)}
                for name, entry in sorted(locked.items())
            ),
        ],
    }


def _script(name: str, package: str, version: str) -> dict[str, Any]:
    path = ASSETS / "jspsych" / name
    return _file(path, f"jspsych/{name}", "library") | {
        "version": version,
        "purl": f"{package}@{version}",
        "scope": "required",
        "licenses": [{"license": {"id": "MIT"}}],
    }


def _package(name: str, entry: Locked, core: set[str]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _ref(name, entry),
        "name": name,
        "version": entry.version,
        "purl": _ref(name, entry),
        "scope": "required" if name in core else "optional",
        **of_package(name),
    }


def _dependencies(name: str, locked: dict[str, Locked]) -> list[str]:
    return sorted(
        _ref(each, locked[each]) for each in needed_by(name) if each in locked and each != name
    )


def _name(requirement: str) -> str:
    return normal(Requirement(requirement).name)


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
