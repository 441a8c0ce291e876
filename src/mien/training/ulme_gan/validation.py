"""Metrics and sample sheets of ULME-GAN on held-out people."""

from __future__ import annotations

import numpy as np
import torch

from mien.training.core.validation import (
    BATCHES,
    MAGNIFIED,
    MAX_BATCH_SIZE,
    SEED,
    SHEET_ROWS,
    tiled,
)
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan import losses
from mien.training.ulme_gan.batches import Batch, make_batch
from mien.training.ulme_gan.flow_losses import flow_agreement
from mien.training.ulme_gan.recipe import UlmeGanRecipe
from mien.training.ulme_gan.steps import Generate, au_input
from mien.types import RGBImage


def validation_batches(recipe: UlmeGanRecipe, faces: FaceSet) -> list[Batch]:
    """Draw the batches that every validation of a run uses."""
    size = min(recipe.batch_size, MAX_BATCH_SIZE)
    return [
        make_batch(
            faces,
            recipe.generator.aus,
            batch_size=size,
            seed=SEED,
            step=step,
            with_flow=recipe.generator.flow,
        )
        for step in range(BATCHES)
    ]


@torch.no_grad()
def validate(recipe: UlmeGanRecipe, generate: Generate, batches: list[Batch]) -> dict[str, float]:
    """Measure a generator.

    Returns:
        L1 distances of pictures in [-1, 1]: ``cycle_l1``; ``kept_l1``, the change if the wanted AUs are
        the picture's own; ``changed_l1``, the change to other AUs. For paired sets also ``pair``, the
        loss, and ``left_share``, the output's distance to the target divided by the source's (1: no
        change, 0: perfect). With flow also ``flow_cosine`` and ``flow_amplitude`` against the true flow,
        over pairs that move.
    """
    kind = recipe.generator.conditioning
    rows: list[dict[str, float]] = []
    for batch in batches:
        generated = generate(batch.images, au_input(batch.own, batch.wanted, kind))
        made = generated.images
        back = generate(made, au_input(batch.wanted, batch.own, kind)).images
        kept = generate(batch.images, au_input(batch.own, batch.own, kind)).images
        row = {
            "cycle_l1": losses.cycle_l1(back, batch.images),
            "kept_l1": (kept - batch.images).abs().mean(),
            "changed_l1": (made - batch.images).abs().mean(),
        }
        if batch.targets is not None:
            row["pair"] = losses.pair_loss(made, batch.targets, batch.images)
            there = (batch.targets - batch.images).abs().mean().clamp(min=1e-6)
            row["left_share"] = (made - batch.targets).abs().mean() / there
        if batch.way_back is not None and generated.flow is not None:
            true_flow, drawn = batch.way_back[:, :2], batch.way_back[:, 2:]
            moving = true_flow.flatten(1).any(1)
            agreement = flow_agreement(generated.flow, true_flow, drawn)
            row["flow_cosine"], row["flow_amplitude"] = (a[moving].mean() for a in agreement)
        rows.append({name: float(value) for name, value in row.items()})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


@torch.no_grad()
def sample_sheet(recipe: UlmeGanRecipe, generate: Generate, batch: Batch) -> RGBImage:
    """Draw one face per row: portrait, target (if known), output, attention, changes.

    The changes, of the target (if known) and of the output, are magnified by `MAGNIFIED` and drawn
    on grey.
    """
    rows = slice(SHEET_ROWS)
    images = batch.images[rows]
    aus = au_input(batch.own[rows], batch.wanted[rows], recipe.generator.conditioning)
    made = generate(images, aus)
    columns = [images]
    if batch.targets is not None:
        columns.append(batch.targets[rows])
    columns += [made.images, (2 * made.attention - 1).expand(-1, 3, -1, -1)]
    if batch.targets is not None:
        columns.append(MAGNIFIED * (batch.targets[rows] - images))
    columns.append(MAGNIFIED * (made.images - images))
    return tiled(columns)
