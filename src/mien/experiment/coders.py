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
        clips: In how many clips each coder saw it, by coder.
        cohen: Cohen's kappa of its presence, the mean over each two coders; NaN if nobody, or everybody, saw it
            everywhere.
        low: Lower end of the 95 % interval, by a bootstrap over clips.
        high: Its upper end.
        fleiss: Fleiss' kappa of its presence.
        level: ICC(2,1) of its level, 0 where it was not seen and 1 to 5 for A to E.
        same_side: Share of the pairs that agree on the side, where both saw it; NaN if none did.
        frames_apart: Mean distance between two coders in onset, apex and offset, frames, where both saw it once.
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
        """Return the columns of a table; what is unknown is NaN."""
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
        coders: Their codes.
        clips: Number of clips that all of them coded.
        aus: The agreement on each AU that somebody saw, in the catalogue's order.
        index: Twice the number of AUs on which two coders agree, over the AUs that both scored: of each two.
    """

    coders: tuple[str, ...]
    clips: int
    aus: Mapping[str, AUAgreement]
    index: Mapping[tuple[str, str], float]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; what is unknown is None."""
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
        UsageError: Fewer than two coders, or no clip that all of them coded.
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
"""What a coder saw: by clip, by AU."""


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
    """Return the interval of the mean kappa by a bootstrap over clips; its draws are always the same."""
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
