"""Settings of validation batches and the drawing of sample sheets, for all networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mien.types import RGBImage

BATCHES = 4
"""Number of batches in a validation."""

MAX_BATCH_SIZE = 16
"""Largest batch size in a validation."""

SEED = 20240
"""Seed of the validation batches, equal in all runs."""

SHEET_ROWS = 8
"""Largest number of faces on a sample sheet."""

MAGNIFIED = 5.0
"""Factor by which a sample sheet magnifies changes."""


def tiled(columns: Sequence[Tensor]) -> RGBImage:
    """Tile pictures into a sheet with one face per row.

    Args:
        columns: (rows, 3, H, W) pictures in [-1, 1], from left to right.

    Returns:
        (rows * H, columns * W, 3) uint8.
    """
    pixels = torch.cat([torch.cat(list(column), 1) for column in columns], 2)
    grey_levels = ((pixels.float().cpu() + 1) * 127.5).round().clamp(0, 255)
    return np.ascontiguousarray(grey_levels.to(torch.uint8).permute(1, 2, 0).numpy())
