"""Collect what signs a clip: the credentials and the files that the clip was made from."""

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
        portrait: The picture, which is the clip's parent.
        portrait_path: The picture's file; None for a picture from memory.
        driver: The clip or picture whose face moves the portrait; None if there is none.
        driver_path: The driver's file; None if there is none.
    """
    if credentials is None:
        return None
    parent = Ingredient("portrait", portrait.sha256, portrait_path, "parentOf")
    if driver is None:
        return Signing(credentials, (parent,))
    return Signing(
        credentials, (parent, Ingredient("driver", driver.sha256, driver_path, "inputTo"))
    )
