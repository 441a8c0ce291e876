"""What signs a clip, and from which files it was made."""

from __future__ import annotations

from pathlib import Path

from mien.io.credentials import Credentials, Ingredient, Signing
from mien.io.sidecar import InputFile


def signing_of(
    credentials: Credentials | None,
    *,
    portrait: InputFile,
    portrait_path: Path | None,
    driver: InputFile | None = None,
    driver_path: Path | None = None,
) -> Signing | None:
    """Return what signs a clip of a portrait; None without credentials.

    Args:
        credentials: The certificate and the key.
        portrait: The picture, the clip's parent.
        portrait_path: Where it is; None for one from memory.
        driver: The clip that moves it, or the picture whose face does, if there is one.
        driver_path: Where that is.
    """
    if credentials is None:
        return None
    parent = Ingredient("portrait", portrait.sha256, portrait_path, "parentOf")
    if driver is None:
        return Signing(credentials, (parent,))
    return Signing(
        credentials, (parent, Ingredient("driver", driver.sha256, driver_path, "inputTo"))
    )
