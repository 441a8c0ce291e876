"""Check the signature of a clip's content credentials, and read what they state."""

from __future__ import annotations

import json
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from mien.errors import MissingExtraError
from mien.io.clip_hash import frame_files
from mien.io.credentials import media_type
from mien.io.credentials_extra import c2pa_library, offline
from mien.verify.report import Report
from mien.verify.signer import signer_fingerprint

_MANIFEST = b"jumdc2pa"
"""Bytes in the box that holds credentials in every format: the type of JUMBF's description box, and C2PA's type."""

_UNTRUSTED = "signingCredential.untrusted"


def check_credentials(clip: Path, signed_by: str, report: Report) -> None:
    """Check the signature of a clip, or of each frame in a folder, and add the result to a report.

    Args:
        clip: A file, or a folder of PNGs.
        signed_by: SHA-256 of the certificate that its sidecar names; empty if the sidecar names none.
        report: Where problems and facts are added.
    """
    trusted = report.trusted
    files = frame_files(clip) if clip.is_dir() else [clip]
    if not signed_by and not any(map(_may_be_signed, files)):
        if trusted is not None:
            report.add(clip, "has no content credentials, so nothing says who made it")
        return
    try:
        library = c2pa_library()
    except MissingExtraError as error:
        if trusted is not None:
            report.add(clip, f"who signed it was not checked: {error}")
        _keep(report, clip, {"state": "not checked", "why": str(error)})
        return
    facts: dict[str, Any] = {}
    for file in files:
        found = _read(library, file, trusted)
        if found is None:
            if signed_by:
                report.add(
                    file, "was signed when it was made, but its content credentials are gone"
                )
            elif trusted is not None:
                report.add(file, "has no content credentials, so nothing says who made it")
            continue
        certificate = signer_fingerprint(
            file, media_type(file) or "", found.get("active_manifest", "")
        )
        if problem := _problem(found, trusted is not None) or _other_signer(certificate, signed_by):
            report.add(file, problem)
        facts = facts or _facts(found) | {"certificate_sha256": certificate}
    if facts:
        _keep(report, clip, facts)


def _keep(report: Report, clip: Path, facts: dict[str, Any]) -> None:
    """Add the facts of a clip's credentials to those of the report."""
    report.facts.setdefault("credentials", {})[str(clip)] = facts


def _may_be_signed(file: Path) -> bool:
    """Return whether a file may have credentials; only the library, which is optional, can be certain."""
    try:
        with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
            return data.find(_MANIFEST) >= 0
    except ValueError:  # an empty file
        return False


def _read(library: Any, file: Path, trusted: str | None) -> dict[str, Any] | None:
    """Return a file's credentials and the result of their check; None if it has none."""
    kind = media_type(file)
    if kind not in library.Reader.get_supported_mime_types():
        return None
    try:
        with file.open("rb") as content:
            reader = library.Reader(
                kind, content, context=library.Context(offline(library, trusted))
            )
            read: dict[str, Any] = json.loads(reader.json())
            return read
    except library.C2paError.ManifestNotFound:
        return None
    except library.C2paError as error:
        return {"validation_state": "Invalid", "error": " ".join(str(error).split())}


def _problem(found: dict[str, Any], with_trust: bool) -> str | None:
    """Return what is wrong with credentials; None if nothing is."""
    results = found.get("validation_results", {}).get("activeManifest", {})
    codes = [each["code"] for each in results.get("failure", [])]
    if found.get("validation_state") == "Invalid":
        why = found.get("error") or ", ".join(code for code in codes if code != _UNTRUSTED)
        return f"its content credentials do not fit it ({why}): it was changed after it was signed"
    if with_trust and (_UNTRUSTED in codes or found.get("validation_state") != "Trusted"):
        return "its content credentials were signed by somebody whom no trusted certificate vouches for"
    return None


def _other_signer(certificate: str | None, signed_by: str) -> str | None:
    """Return the problem if the signing certificate is not the one that the sidecar names; None if it is."""
    if not signed_by or certificate == signed_by:
        return None
    got = "one that cannot be read" if certificate is None else f"{certificate[:16]}..."
    return (
        "its content credentials were signed with another certificate than its sidecar names: expected the one with "
        f"SHA-256 {signed_by[:16]}..., got {got}; it was signed again after it was made"
    )


def _facts(found: dict[str, Any]) -> dict[str, Any]:
    """Return the content of credentials as JSON values."""
    manifest = found.get("manifests", {}).get(found.get("active_manifest"), {})
    signature = manifest.get("signature_info", {})
    actions = [
        action
        for assertion in manifest.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    return {
        "state": str(found.get("validation_state", "")).lower(),
        "signer": signature.get("common_name"),
        "issuer": signature.get("issuer"),
        "digital_source_types": [
            a["digitalSourceType"] for a in actions if "digitalSourceType" in a
        ],
        "ingredients": [
            {
                "title": each.get("title"),
                "relationship": each.get("relationship"),
                "id": each.get("instance_id"),
                "has_credentials": "active_manifest" in each,
            }
            for each in manifest.get("ingredients", [])
        ],
    }
