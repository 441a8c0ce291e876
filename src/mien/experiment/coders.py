"""How far FACS coders agree: AUs, sides, levels, and the frames of onset, apex and offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from mien.au.catalog import CATALOG
from mien.errors import UsageError
from mien.experiment.agreement import cohen_kappa, fleiss_kappa, intraclass_correlations
from mien.experiment.coder_sheets import PHASES, CoderSheets
from mien.experiment.facs_table import LEVELS, SeenAU
from mien.experiment.interval import CONFIDENCE

RESAMPLES = 1000


@dataclass(frozen=True)
class AUAgreement:
    """How far coders agree on an AU, over the clips that all of them coded.

    Attributes:
        clips: Number of clips in which each coder saw the AU, by coder.
        cohen: Cohen's kappa of the AU's presence, the mean over pairs of coders; NaN if all coders saw it in every
            clip, or in no clip.
        low: Lower end of the 95 % interval of ``cohen``, by a bootstrap over clips.
        high: Upper end of this interval.
        fleiss: Fleiss' kappa of the AU's presence.
        level: ICC(2,1) of the AU's level: 0 if it was not seen, 1 to 5 for A to E.
        same_side: Share of agreement on the side, over clips and pairs of coders who both saw the AU; NaN if no pair
            did.
        frames_apart: Mean distance between two coders in onset, apex and offset, frames, over clips in which each of
            them saw the AU once.
    """

    clips: Mapping[str, int]
    cohen: float
    low: float
    high: float
    fleiss: float
    level: float
    same_side: float
    frames_apart: Mapping[str, float]

    def row(self) -> dict[str, Any]:
        """Return the columns of a table; an unknown value is NaN."""
        return {
            "seen_by_one_or_more": max(self.clips.values()),
            "cohen_kappa": self.cohen,
            "cohen_kappa_low": self.low,
            "cohen_kappa_high": self.high,
            "fleiss_kappa": self.fleiss,
            "level_icc_2_1": self.level,
            "same_side": self.same_side,
            **{f"{name}_frames_apart": value for name, value in self.frames_apart.items()},
        }


@dataclass(frozen=True)
class CoderAgreement:
    """How far coders agree.

    Attributes:
        coders: The coders' codes.
        clips: Number of clips that all of them coded.
        aus: The agreement on each AU that at least one coder saw, in the catalogue's order.
        index: For each pair of coders, twice the number of AUs on which the two agree, over the number of AUs that the
            first scored plus the number that the second scored.
    """

    coders: tuple[str, ...]
    clips: int
    aus: Mapping[str, AUAgreement]
    index: Mapping[tuple[str, str], float]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; an unknown value is None."""
        return {
            "coders": list(self.coders),
            "clips": self.clips,
            "agreement_index": [
                {"coders": list(pair), "index": _or_none(value)}
                for pair, value in self.index.items()
            ],
            "aus": {
                name: {key: _or_none(value) for key, value in each.row().items()}
                | {"clips": dict(each.clips)}
                for name, each in self.aus.items()
            },
        }


def coder_agreement(sheets: CoderSheets) -> CoderAgreement:
    """Return how far coders agree, over the clips that all of them coded.

    Raises:
        UsageError: There are fewer than two coders, or no clip was coded by all of them.
    """
    coders = sheets.coders
    clips = sheets.common
    if len(coders) < 2 or not clips:
        raise UsageError(
            f"expected two coders or more, and clips that all of them coded, got {len(coders)} coders and {len(clips)} "
            "such clips"
        )
    seen = {coder: {clip: _by_au(sheets.seen[coder][clip]) for clip in clips} for coder in coders}
    names = [
        name for name in CATALOG if any(name in seen[c][clip] for c in coders for clip in clips)
    ]
    return CoderAgreement(
        coders,
        len(clips),
        {name: _agreement(name, coders, clips, seen) for name in names},
        {pair: _index(*(seen[coder] for coder in pair)) for pair in combinations(coders, 2)},
    )


Seen = Mapping[str, Mapping[str, Sequence[SeenAU]]]
"""What a coder saw, by clip and by AU."""


def _by_au(sheet: Sequence[SeenAU]) -> dict[str, list[SeenAU]]:
    found: dict[str, list[SeenAU]] = {}
    for each in sheet:
        found.setdefault(each.au, []).append(each)
    return found


def _agreement(
    name: str, coders: Sequence[str], clips: Sequence[str], seen: Mapping[str, Seen]
) -> AUAgreement:
    present = np.array([[name in seen[coder][clip] for coder in coders] for clip in clips])
    levels = np.array(
        [
            [
                max((1 + LEVELS.index(e.level) for e in seen[c][clip].get(name, ())), default=0)
                for c in coders
            ]
            for clip in clips
        ],
        np.float64,
    )
    both = [
        (seen[one][clip][name], seen[two][clip][name])
        for one, two in combinations(coders, 2)
        for clip in clips
        if name in seen[one][clip] and name in seen[two][clip]
    ]
    once = [(a[0], b[0]) for a, b in both if len(a) == len(b) == 1]
    sides = [_sides(a) == _sides(b) for a, b in both]
    low, high = _interval(present)
    counts = np.stack([present.sum(1), (~present).sum(1)], axis=1).astype(np.int64)
    return AUAgreement(
        {coder: int(count) for coder, count in zip(coders, present.sum(0), strict=True)},
        _mean_kappa(present),
        low,
        high,
        fleiss_kappa(counts),
        intraclass_correlations(levels)[0] if len(clips) > 1 else float("nan"),
        float(np.mean(sides)) if sides else float("nan"),
        {
            phase: float(
                np.mean(
                    [
                        abs(getattr(a, f"{phase}_frame") - getattr(b, f"{phase}_frame"))
                        for a, b in once
                    ]
                )
            )
            if once
            else float("nan")
            for phase in PHASES
        },
    )


def _sides(found: Sequence[SeenAU]) -> frozenset[str]:
    return frozenset().union(*(each.sided for each in found))


def _mean_kappa(present: np.ndarray) -> float:
    values = [
        cohen_kappa(present[:, a].astype(str).tolist(), present[:, b].astype(str).tolist())
        for a, b in combinations(range(present.shape[1]), 2)
    ]
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _interval(present: np.ndarray) -> tuple[float, float]:
    """Return the interval of the mean kappa, by a bootstrap over clips with a fixed seed."""
    if len(present) < 2:
        return float("nan"), float("nan")
    at = np.random.default_rng(0).integers(0, len(present), (RESAMPLES, len(present)))
    drawn = present[at]  # (resamples, clips, coders)
    kappas = []
    for a, b in combinations(range(present.shape[1]), 2):
        one, two = drawn[..., a], drawn[..., b]
        p, q = one.mean(1), two.mean(1)
        chance = p * q + (1 - p) * (1 - q)
        with np.errstate(invalid="ignore", divide="ignore"):
            kappas.append(
                np.where(chance < 1, ((one == two).mean(1) - chance) / (1 - chance), np.nan)
            )
    known = np.array(kappas)
    means = np.nansum(known, 0) / np.maximum(np.isfinite(known).sum(0), 1)
    means = means[np.isfinite(known).any(0)]
    if len(means) < 2:
        return float("nan"), float("nan")
    rest = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, (rest, 1 - rest))
    return float(low), float(high)


def _index(one: Seen, two: Seen) -> float:
    agreed = sum(len(one[clip].keys() & two[clip].keys()) for clip in one)
    scored = sum(len(one[clip]) + len(two[clip]) for clip in one)
    return 2 * agreed / scored if scored else float("nan")


def _or_none(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
