"""Metrics and sample sheets of motion networks on held-out people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mien.models.dense_motion import Motion
from mien.models.fomm import Fomm
from mien.models.mraa import Mraa
from mien.training.core.validation import (
    BATCHES,
    MAGNIFIED,
    MAX_BATCH_SIZE,
    SEED,
    SHEET_ROWS,
    tiled,
)
from mien.training.faces.face_set import FaceSet
from mien.training.motion.batches import MotionBatch, make_motion_batch
from mien.training.motion.pair_recipe import PairRecipe
from mien.training.motion.steps import driving_of, true_motion
from mien.types import RGBImage


def draw_held_out(recipe: PairRecipe, faces: FaceSet) -> list[MotionBatch]:
    """Draw the batches that every validation of a run uses, without augmentation."""
    return [
        make_motion_batch(
            faces,
            points=recipe.seen.points,
            with_points=recipe.seen.has_prior,
            batch_size=min(recipe.batch_size, MAX_BATCH_SIZE),
            seed=SEED,
            step=number,
            tracked=recipe.tracks_points,
            pairs="exact" if recipe.pairs == "exact" else "from_original",
        )
        for number in range(BATCHES)
    ]


@torch.no_grad()
def validate(net: Fomm | Mraa, batches: list[MotionBatch]) -> dict[str, float]:
    """Measure a network.

    Returns:
        Over all cells of all pairs: ``motion_cosine`` and ``motion_amplitude`` of the dense motion
        against the true motion, and ``motion_left``, the length of the error divided by the length of
        the true motion (1: no motion, 0: perfect). ``pixels_left`` is the output's L1 distance to the
        driving picture, divided by the source's distance to it. ``kept_psnr_db`` is the PSNR of sources
        that are driven by themselves.
    """
    net.eval()
    inner = own = true = left = 0.0
    rows: list[tuple[float, float, float]] = []
    for batch in batches:
        images, motion = _made(net, batch)
        got = motion.displacement
        wanted, known = true_motion(batch, *got.shape[-2:])
        inner += float((known * got * wanted).sum())
        own += float((known * got.square()).sum())
        true += float((known * wanted.square()).sum())
        left += float((known * (got - wanted).square()).sum())
        same, _ = _made(net, _unmoved(batch))
        error = float((same - batch.source).square().mean()) / 4  # of pictures in [0, 1]
        rows.append(
            (
                float((images - batch.driving).abs().mean()),
                float((batch.source - batch.driving).abs().mean()),
                -10 * float(np.log10(max(error, 1e-12))),
            )
        )
    made, there, psnr = np.mean(rows, axis=0)
    return {
        "motion_cosine": inner / max(float(np.sqrt(own * true)), 1e-12),
        "motion_amplitude": float(np.sqrt(own / max(true, 1e-12))),
        "motion_left": float(np.sqrt(left / max(true, 1e-12))),
        "pixels_left": float(made / max(there, 1e-6)),
        "kept_psnr_db": float(psnr),
    }


@torch.no_grad()
def sample_sheet(net: Fomm | Mraa, batch: MotionBatch) -> RGBImage:
    """Draw one face per row: source, driving, output, occlusion, and both changes, magnified."""
    net.eval()
    images, motion = _made(net, batch)
    rows = slice(SHEET_ROWS)
    shown = torch.nn.functional.interpolate(motion.occlusion, images.shape[-2:])
    columns = [
        batch.source[rows],
        batch.driving[rows],
        images[rows],
        (2 * shown[rows] - 1).expand(-1, 3, -1, -1),
        MAGNIFIED * (batch.driving[rows] - batch.source[rows]),
        MAGNIFIED * (images[rows] - batch.source[rows]),
    ]
    return tiled(columns)


def _unmoved(batch: MotionBatch) -> MotionBatch:
    """Return the batch with its sources as driving pictures."""
    maps = None if batch.maps is None else torch.eye(2).expand_as(batch.maps).to(batch.maps.device)
    return replace(batch, driving=batch.source, driving_points=batch.source_points, maps=maps)


def _made(net: Fomm | Mraa, batch: MotionBatch) -> tuple[Tensor, Motion]:
    source: Any = net.encode_source(batch.source, batch.source_points)
    motion = net.motion(source, driving_of(net, source, batch))
    return net.paint(source, motion), motion
