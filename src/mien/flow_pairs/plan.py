"""Draw what a pair shows: portrait, AUs and filming; deterministic per seed and number of the pair."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.emotions import LABELS, Label
from mien.augment.plan import LIDS_AU, LIDS_CHANCE, LIDS_INTENSITY
from mien.flow_pairs.options import FlowPairsOptions
from mien.render.film import Film
from mien.synthesis.coded_moves import draw_intensities
from mien.synthesis.flow_recipe import RigFlowRecipe

_STREAM = 7
"""Keeps these draws independent of other draws with the same seed."""


@dataclass(frozen=True)
class PlannedPair:
    """One pair to be made.

    Attributes:
        number: The pair's number, from 0.
        subject: Index of its portrait.
        label: The class whose coded AU combinations it is drawn from.
        intensities: FACS intensity at the apex of each rig AU that moves, by its sided name; L is the person's left.
        film: How it is filmed; None for a still head without noise and flicker.
    """

    number: int
    subject: int
    label: Label
    intensities: dict[str, float]
    film: Film | None

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.number:06d}"


def plan_pair(number: int, portraits: int, options: FlowPairsOptions) -> PlannedPair:
    """Draw a pair.

    Args:
        number: The pair's number.
        portraits: Number of portraits; they are used in turn.
        options: How pairs are made.
    """
    rng = np.random.default_rng([options.seed, _STREAM, number])
    label = int(rng.integers(len(LABELS)))
    row = draw_intensities(np.array([label]), RigFlowRecipe(), rng)[0]
    sinks, lids, film = rng.random() < LIDS_CHANCE, rng.uniform(*LIDS_INTENSITY), Film.drawn(rng)
    sides = [RIG_NAMES.index(name) for name in sided_names(LIDS_AU)]
    if options.head and sinks and not row[sides].any():
        row[sides] = lids
    shown = {RIG_NAMES[i]: round(float(row[i]), 3) for i in np.flatnonzero(row)}
    return PlannedPair(number, number % portraits, LABELS[label], shown, _film(film, options))


def _film(film: Film, options: FlowPairsOptions) -> Film | None:
    """Return a film with only the effects that the options ask for; None if they ask for none."""
    if not (options.head or options.noise or options.light):
        return None
    return replace(
        film,
        drift_cm=film.drift_cm if options.head else (0.0, 0.0, 0.0, 0.0),
        noise_levels=film.noise_levels if options.noise else 0.0,
        flicker=film.flicker if options.light else 0.0,
    )
