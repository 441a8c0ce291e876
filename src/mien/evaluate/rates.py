"""The frame rate at which a clip was made, which its file may not state."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from mien.io.png_folder import SIDECAR_NAME
from mien.io.sidecar import read_sidecar, sidecar_path


def sidecar_rate(clip: str | os.PathLike[str]) -> Fraction | None:
    """Return the frame rate in the sidecar of a clip that Mien made; None without a sidecar.

    A GIF may play slower than its frame rate, and a folder of pictures states no frame rate.
    """
    path = Path(clip)
    sidecar = path / SIDECAR_NAME if path.is_dir() else sidecar_path(path)
    return read_sidecar(sidecar).fps if sidecar.is_file() else None
