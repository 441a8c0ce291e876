"""Labelled flow maps from the rig, thousands a second: no pixel is ever made.

Coded AU combinations of micro-expressions move faces of a bank; the head, lids and eyes move too, flow errs, and what
comes out goes through the same maps as measured flow does. ``docs/recognition.md`` tells the recipe.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.au.sampler import INTENSITY_RANGE, SHARED_WEIGHT, TRIANGLE_MODE
from mien.au.statistics import statistics_table
from mien.errors import UsageError
from mien.io.flow_sets import CLASSES, FlowSet
from mien.motion.flow_maps import many_flow_maps, strain_magnitude
from mien.synthesis.face_bank import FaceBank, face_bank
from mien.synthesis.flow_noise import astray, flow_errors, skin_texture
from mien.synthesis.flow_recipe import CLASS_OF_EMOTION, RigFlowRecipe

LONGEST_RUN = 16
"""Samples of one face that are made together, at most."""


def generate_rig_flows(count: int, seed: int = 0, recipe: RigFlowRecipe | None = None) -> FlowSet:
    """Generate labelled flow maps.

    Args:
        count: how many; the classes take turns, so they are balanced to within one.
        seed: 0 or more; the same seed gives the same maps.
        recipe: how.

    Returns:
        A set whose subjects are the bank's faces (``rig_007``) and whose data set is ``rig``.

    Raises:
        UsageError: a count under 3 or a negative seed.
    """
    recipe = recipe or RigFlowRecipe()
    if count < len(CLASSES) or seed < 0:
        raise UsageError(
            f"expected {len(CLASSES)} maps or more and a seed from 0 on, got {count} and {seed}"
        )
    rng = np.random.default_rng([seed, 1])
    bank = face_bank(recipe, seed)
    label = rng.permutation(np.arange(count) % len(CLASSES))
    run = min(LONGEST_RUN, -(-count // len(bank)))
    runs = -(-count // run)
    # Every face comes once before any comes twice.
    turns = [rng.permutation(len(bank)) for _ in range(-(-runs // len(bank)))]
    face = np.repeat(np.concatenate(turns)[:runs], run)[:count]
    intensity = draw_intensities(label, recipe, rng)

    def made(start: int) -> np.ndarray:
        own = np.random.default_rng([seed, 2, start])  # so that it does not matter who is first
        return _one_run(bank, int(face[start]), intensity[start : start + run], recipe, own)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        flow = np.concatenate(list(pool.map(made, range(0, count, run))))
    return FlowSet(
        flow,
        label,
        np.array([f"rig_{number:03d}" for number in face]),
        np.full(count, "rig"),
        np.array([f"{seed}_{number:06d}" for number in range(count)]),
    )


def draw_intensities(
    label: Int64[np.ndarray, " samples"], recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "samples shapes"]:
    """Draw what moves: (N, S) FACS intensities in the order of `RIG_NAMES`.

    Combinations and sides are coded ones; strengths follow the prior of :mod:`mien.au.sampler`, and two sides never
    move quite alike.
    """
    count, shapes = len(label), len(RIG_NAMES)
    moves = np.zeros((count, shapes), bool)
    for number in range(len(CLASSES)):
        mine = np.flatnonzero(label == number)
        coded, share = coded_moves(recipe.datasets, number)
        moves[mine] = coded[rng.choice(len(share), len(mine), p=share)]
    units = [name.rstrip("LR") for name in RIG_NAMES]
    column = np.unique(units, return_inverse=True)[1]
    low, high = INTENSITY_RANGE
    shared = rng.triangular(0, TRIANGLE_MODE, 1, (count, 1))
    own = rng.triangular(0, TRIANGLE_MODE, 1, (count, column.max() + 1))[:, column]
    strength = low + (high - low) * (SHARED_WEIGHT * shared + (1 - SHARED_WEIGHT) * own)
    uneven = np.exp(rng.normal(0, recipe.side_spread, (count, shapes)))
    intensity = moves * strength * uneven
    cheek = rng.uniform(*recipe.cheek_with_smile, count)
    for side in "LR":
        smile, raised = RIG_NAMES.index(f"AU12{side}"), RIG_NAMES.index(f"AU6{side}")
        intensity[:, raised] = np.maximum(intensity[:, raised], cheek * intensity[:, smile])
    return np.minimum(intensity, MAX_INTENSITY).astype(np.float32)


def coded_moves(
    datasets: tuple[str, ...], number: int
) -> tuple[Bool[np.ndarray, "combinations shapes"], Float64[np.ndarray, " combinations"]]:
    """Return a class's coded combinations: which of `RIG_NAMES` move, and their share of its clips."""
    table = statistics_table()
    found = [
        combination
        for emotion, its_class in CLASS_OF_EMOTION.items()
        if its_class == number
        for name, combinations in table.select(emotion).items()
        if name in datasets
        for combination in combinations
    ]
    moves = np.zeros((len(found), len(RIG_NAMES)), bool)
    for row, combination in zip(moves, found, strict=True):
        for unit in combination.aus:
            for name in sided_names(unit):
                row[RIG_NAMES.index(name)] = True
    rows = np.array([combination.rows for combination in found], np.float64)
    return moves, rows / rows.sum()


def _one_run(
    bank: FaceBank,
    face: int,
    intensity: np.ndarray,
    recipe: RigFlowRecipe,
    rng: np.random.Generator,
) -> np.ndarray:
    """(N, 28, 28, 3) maps of one face."""
    count, side = len(intensity), recipe.grid
    level = intensity / np.float32(MAX_INTENSITY)
    skin = (level @ bank.shapes[face]).reshape(count, 2, side, side)
    texture = skin_texture(count, side, rng)
    flow = _followed(skin, texture, recipe, rng)
    flow += _lids_and_eyes(bank, face, count, recipe, rng).reshape(flow.shape)
    flow += _head(bank, face, count, recipe, rng).reshape(flow.shape)
    flow += _parts(bank, face, count, recipe, rng).reshape(flow.shape)
    busy = bank.busy[face].reshape(side, side)
    flow += flow_errors(count, recipe, busy, texture, rng)
    flow += astray(count, recipe, bank.pixel_cm[face], rng)
    flow = _stepped(flow, recipe, rng)
    return many_flow_maps(flow, _seen_strain(strain_magnitude(flow), recipe, rng))


def _followed(
    skin: np.ndarray, texture: np.ndarray, recipe: RigFlowRecipe, rng: np.random.Generator
) -> np.ndarray:
    """What flow follows of the skin's motion: more where there is texture, little of what is faint."""
    count = len(skin)
    gaps = rng.uniform(*recipe.gaps, (count, 1, 1, 1)).astype(np.float32)
    seen = skin * np.exp(gaps * texture)
    squared = (seen**2).sum(1, keepdims=True)
    most = squared.max((2, 3), keepdims=True)
    share = rng.uniform(*recipe.still_share, (count, 1, 1, 1)).astype(np.float32)
    followed = squared**2 / (squared**2 + (share**2 * most) ** 2 + 1e-12)
    median, spread = recipe.strength
    strength = median * np.exp(rng.normal(0, spread, share.shape)).astype(np.float32)
    return strength * followed * seen


def _parts(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> np.ndarray:
    """Errors that are much the same within each part of the face, (N, 2, G * G)."""
    parts = bank.parts[face]
    median, spread = recipe.part_cm
    size = median * np.exp(rng.normal(0, spread, (count, 1, 1)))
    uneven = np.exp(rng.normal(0, recipe.part_spread, (count, 1, len(parts))))
    uneven /= np.sqrt((uneven**2).mean(2, keepdims=True))
    motion = size * uneven * rng.normal(0, 1, (count, 2, len(parts)))
    return np.matmul(motion.astype(np.float32), parts)


def _stepped(flow: np.ndarray, recipe: RigFlowRecipe, rng: np.random.Generator) -> np.ndarray:
    """Flow in soft steps of random height and phase; it never turns back, as the share stays below 1."""
    shape = (len(flow), 2, 1, 1)
    share = rng.uniform(*recipe.steps, (len(flow), 1, 1, 1)).astype(np.float32)
    height = flow.std((2, 3), keepdims=True) * rng.uniform(*recipe.step_size, shape)
    wave = (2 * np.pi / (height + 1e-12)).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, shape).astype(np.float32)
    return flow + share / wave * np.sin(wave * flow + phase)


def _seen_strain(strain: np.ndarray, recipe: RigFlowRecipe, rng: np.random.Generator) -> np.ndarray:
    """Strain as differences of a finer flow show it: grainy, and nowhere quite zero."""
    count = len(strain)
    grain = rng.uniform(*recipe.grain, (count, 1, 1)).astype(np.float32)
    strain = strain * np.exp(grain * rng.standard_normal(strain.shape, dtype=np.float32))
    median, spread = recipe.floor
    rms = np.sqrt((strain**2).mean((1, 2), keepdims=True))
    size = rms * median * np.exp(rng.normal(0, spread, rms.shape)).astype(np.float32)
    # Three independent derivatives of white noise make its magnitude; two draws come close enough.
    fine = size**2 * rng.standard_exponential(strain.shape, dtype=np.float32)
    return np.sqrt(strain**2 + fine)


def _lids_and_eyes(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> np.ndarray:
    blinks = rng.random((count, 1)) < recipe.blink_chance
    lids = rng.normal(0, recipe.blink_cm, (count, 1)) * blinks
    lids = lids * np.exp(rng.normal(0, recipe.side_spread, (count, 2)))
    turns = rng.random((count, 1)) < recipe.gaze_chance
    glance = rng.normal(0, recipe.gaze_cm, (count, 2)) * (1, 0.4) * turns
    return np.concatenate([lids, glance], axis=1).astype(np.float32) @ bank.eyes[face]


def _head(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> np.ndarray:
    median, spread = recipe.head_cm
    size = median * np.exp(rng.normal(0, spread, (count, 1)))
    # A turn and a growth left over move the crop's edge about as far as a shift left over.
    parts = rng.normal(0, 1, (count, 6)) * (1, 1, 0.4, 0.4, 0.5, 0.5)
    motion = (size * parts / np.sqrt(6)).astype(np.float32) @ bank.head[face]
    still = rng.random((count, 1)) < recipe.ground_still
    ground = np.tile(bank.ground[face], 2)
    return motion * np.where(still, ground, np.float32(1))
