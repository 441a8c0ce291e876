"""What signs a clip, and from which files it was made."""

from __future__ import annotations

from pathlib import Path

from mien.common.picture import Picture
from mien.io.credentials import Credentials, Ingredient, Signing
from mien.io.sidecar import InputFile


def signing_of(
    credentials: Credentials | None,
    *,
    portrait: Picture,
    driver: InputFile | None = None,
    driver_path: Path | None = None,
) -> Signing | None:
    """Return what signs a clip of a portrait; None without credentials.

    Args:
        credentials: The certificate and the key.
        portrait: The picture, the clip's parent.
        driver: The clip that moves it, if one does.
        driver_path: Where that clip is.
    """
    if credentials is None:
        return None
    parent = Ingredient("portrait", portrait.input_file.sha256, portrait.path, "parentOf")
    if driver is None:
        return Signing(credentials, (parent,))
    return Signing(
        credentials, (parent, Ingredient("driver", driver.sha256, driver_path, "inputTo"))
    )
