"""The optional library for content credentials, set up so that it does not use the network."""

from __future__ import annotations

from typing import Any

from mien.errors import MissingExtraError
from mien.install import install_command


def c2pa_library() -> Any:
    """Import c2pa-python and return it.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import c2pa
    except ImportError as error:
        raise MissingExtraError(
            f"content credentials need c2pa-python, which is not installed: {install_command('credentials')}"
        ) from error
    return c2pa


def offline(library: Any, trusted: str | None = None) -> Any:
    """Return settings with which the library does not use the network and makes no thumbnails.

    Args:
        library: The result of `c2pa_library`.
        trusted: Certificates in PEM whose signatures are trusted; None to not check who signed.
    """
    settings: dict[str, Any] = {
        "builder": {"thumbnail": {"enabled": False}},
        "verify": {
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_trust": trusted is not None,
        },
    }
    if trusted is not None:
        settings["trust"] = {"trust_anchors": trusted}
    return library.Settings.from_dict(settings)
