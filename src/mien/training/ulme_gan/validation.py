"""How well a generator does on people that it never saw, and a picture of it."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan import losses
from mien.training.ulme_gan.batches import Batch, make_batch
from mien.training.ulme_gan.recipe import UlmeGanRecipe
from mien.training.ulme_gan.steps import Generate, condition
from mien.types import RGBImage

BATCHES = 4
"""Batches a validation."""

MAGNIFIED = 5.0
"""How many times the sample sheet enlarges a change."""

SHEET_ROWS = 8
_SEED = 20240
"""Of the validation's batches: the same in all runs, whatever their own seed."""


def validation_batches(recipe: UlmeGanRecipe, faces: FaceSet) -> list[Batch]:
    """Draw the batches that all validations of a run look at."""
    size = min(recipe.batch_size, 16)
    return [
        make_batch(faces, recipe.generator.aus, batch_size=size, seed=_SEED, step=s, augment=False)
        for s in range(BATCHES)
    ]


@torch.no_grad()
def validate(recipe: UlmeGanRecipe, generate: Generate, batches: list[Batch]) -> dict[str, float]:
    """Measure a generator.

    Returns:
        ``cycle_l1``; ``kept_l1``, the change where none is asked for; ``changed_l1``, how much is
        changed at all; and of paired sets ``pair``, the loss, and ``left_share``, the L1 distance to the
        target over the source's (1: nothing done, 0: perfect). Pictures in [-1, 1].
    """
    kind = recipe.generator.conditioning
    rows: list[dict[str, float]] = []
    for batch in batches:
        made = generate(batch.images, condition(batch.own, batch.wanted, kind)).images
        back = generate(made, condition(batch.wanted, batch.own, kind)).images
        kept = generate(batch.images, condition(batch.own, batch.own, kind)).images
        row = {
            "cycle_l1": losses.cycle_l1(back, batch.images),
            "kept_l1": (kept - batch.images).abs().mean(),
            "changed_l1": (made - batch.images).abs().mean(),
        }
        if batch.targets is not None:
            row["pair"] = losses.pair_loss(made, batch.targets, batch.images)
            there = (batch.targets - batch.images).abs().mean().clamp(min=1e-6)
            row["left_share"] = (made - batch.targets).abs().mean() / there
        rows.append({name: float(value) for name, value in row.items()})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


@torch.no_grad()
def sample_sheet(recipe: UlmeGanRecipe, generate: Generate, batch: Batch) -> RGBImage:
    """Draw one face a row: portrait, what is wanted (if known), output, attention, changes.

    The changes, of the target if known and of the output, are `MAGNIFIED` times, about grey.
    """
    rows = slice(SHEET_ROWS)
    images = batch.images[rows]
    told = condition(batch.own[rows], batch.wanted[rows], recipe.generator.conditioning)
    made = generate(images, told)
    columns = [images]
    if batch.targets is not None:
        columns.append(batch.targets[rows])
    columns += [made.images, (2 * made.attention - 1).expand(-1, 3, -1, -1)]
    if batch.targets is not None:
        columns.append(MAGNIFIED * (batch.targets[rows] - images))
    columns.append(MAGNIFIED * (made.images - images))
    return _picture(torch.cat([torch.cat(list(column), 1) for column in columns], 2))


def _picture(pixels: Float[Tensor, "3 height width"]) -> RGBImage:
    grey_levels = ((pixels.float().cpu() + 1) * 127.5).round().clamp(0, 255)
    return np.ascontiguousarray(grey_levels.to(torch.uint8).permute(1, 2, 0).numpy())
