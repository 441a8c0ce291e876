"""Generate labelled flow maps from the rig, thousands a second, without rendering a pixel.

Coded AU combinations of micro-expressions move the faces of a bank. Head, lids and eyes move too,
flow errors are added, and the result becomes maps like measured flow. ``docs/recognition.md``
describes the recipe.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mien.au.emotions import CLASS_COUNT
from mien.au.intensity import MAX_INTENSITY
from mien.errors import UsageError
from mien.io.au_labels import AULabels
from mien.io.flow_sets import FlowMaps, FlowSet
from mien.motion.flow_maps import many_flow_maps, strain_magnitude
from mien.synthesis.coded_moves import draw_intensities
from mien.synthesis.face_bank import FaceBank, face_bank
from mien.synthesis.flow_artifacts import grainy_strain, outliers, stepped
from mien.synthesis.flow_motions import followed, head_motion, lids_and_eyes
from mien.synthesis.flow_noise import flow_errors, part_errors, skin_texture
from mien.synthesis.flow_recipe import RigFlowRecipe

LONGEST_RUN = 16
"""Largest number of samples of one face that are made together."""


def generate_rig_flows(count: int, seed: int = 0, recipe: RigFlowRecipe | None = None) -> FlowSet:
    """Generate labelled flow maps.

    Args:
        count: Number of maps; the classes take turns, so their sizes differ by one at most.
        seed: 0 or more; the same seed gives the same maps.
        recipe: How they are generated; None for the default recipe.

    Returns:
        A set whose subjects are the bank's faces (``rig_007``) and whose data set is ``rig``, with the AUs
        that moved.

    Raises:
        UsageError: A count under 3 or a negative seed.
    """
    recipe = recipe or RigFlowRecipe()
    if count < CLASS_COUNT or seed < 0:
        raise UsageError(
            f"expected {CLASS_COUNT} maps or more and a seed from 0 on, got {count} and {seed}"
        )
    rng = np.random.default_rng([seed, 1])
    bank = face_bank(recipe, seed)
    label = rng.permutation(np.arange(count) % CLASS_COUNT)
    run = min(LONGEST_RUN, -(-count // len(bank)))
    runs = -(-count // run)
    # Every face is used once before any is used twice.
    turns = [rng.permutation(len(bank)) for _ in range(-(-runs // len(bank)))]
    face = np.repeat(np.concatenate(turns)[:runs], run)[:count]
    intensity = draw_intensities(label, recipe, rng)

    def made(start: int) -> FlowMaps:
        own = np.random.default_rng([seed, 2, start])  # independent of the order of threads
        return flows_of_one_face(
            bank, int(face[start]), intensity[start : start + run], recipe, own
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        flow = np.concatenate(list(pool.map(made, range(0, count, run))))
    return FlowSet(
        flow,
        label,
        np.array([f"rig_{number:03d}" for number in face]),
        np.full(count, "rig"),
        np.array([f"{seed}_{number:06d}" for number in range(count)]),
        AULabels.of_intensities(intensity),
    )


def flows_of_one_face(
    bank: FaceBank,
    face: int,
    intensity: np.ndarray,
    recipe: RigFlowRecipe,
    rng: np.random.Generator,
) -> FlowMaps:
    """Make the maps of one face.

    Args:
        bank: Faces.
        face: Index of the face in the bank.
        intensity: (N, S) FACS intensities in the order of `mien.au.catalog.RIG_NAMES`.
        recipe: How maps are generated.
        rng: Source of randomness.
    """
    count, side = len(intensity), recipe.grid
    level = intensity / np.float32(MAX_INTENSITY)
    skin = (level @ bank.shapes[face]).reshape(count, 2, side, side)
    texture = skin_texture(count, side, rng)
    flow = followed(skin, texture, recipe, rng)
    flow += lids_and_eyes(bank, face, count, recipe, rng).reshape(flow.shape)
    flow += head_motion(bank, face, count, recipe, rng).reshape(flow.shape)
    flow += part_errors(bank, face, count, recipe, rng).reshape(flow.shape)
    busy = bank.busy[face].reshape(side, side)
    flow += flow_errors(count, recipe, busy, texture, rng)
    flow += outliers(count, recipe, bank.pixel_cm[face], rng)
    flow = stepped(flow, recipe, rng)
    return many_flow_maps(flow, grainy_strain(strain_magnitude(flow), recipe, rng))
