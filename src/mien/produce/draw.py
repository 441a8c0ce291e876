"""Draw the content of sample i. It depends only on the plan's hash and on i, not on the shard, worker or order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from mien.au.catalog import sided_names
from mien.augment.options import AugmentOptions
from mien.augment.plan import ClipPlanner, PlannedClip
from mien.errors import UsageError
from mien.produce.frozen import FrozenPlan
from mien.produce.movement import moved_as_planned, pick
from mien.produce.turns import Turns

KnownAUs = Callable[[str], frozenset[str] | None]
"""Returns the sided AUs that an engine can show, by the engine's name; None for all."""


@dataclass(frozen=True)
class Variant:
    """How a sample is rendered.

    Attributes:
        engine: The engine's name.
        size_px: Width and height of the frames.
        fps: Frames a second.
        camera: ``film`` or ``still``.
    """

    engine: str
    size_px: int
    fps: Fraction
    camera: str


@dataclass(frozen=True)
class DrawnSample:
    """The content of a sample.

    Attributes:
        index: Its number, from 0.
        variant: How it is rendered.
        clip: Its portrait, expression, timing and camera noise.
    """

    index: int
    variant: Variant
    clip: PlannedClip

    @property
    def key(self) -> str:
        """Name of the sample in its shard."""
        return key_of(self.index)


def key_of(index: int) -> str:
    """Return the name of a sample in its shard: nine digits, so that names sort as numbers do."""
    return f"{index:09d}"


class Drawing:
    """Draw the samples of a plan.

    Args:
        frozen: The plan.
        known_aus: What each engine can show.
    """

    def __init__(self, frozen: FrozenPlan, known_aus: KnownAUs) -> None:
        self._frozen = frozen
        self._known_aus = known_aus
        self._planner = lru_cache(maxsize=None)(self._make_planner)
        self.options = lru_cache(maxsize=256)(self._make_options)
        """Return the options with which `mien.augment` renders a variant."""
        self._turns = Turns(frozen)
        self._check_aus()

    def subject(self, index: int) -> int:
        """Return the number of a sample's portrait."""
        return self._turns.subject(index)

    def sample(self, index: int) -> DrawnSample:
        """Draw a sample.

        Raises:
            UsageError: The engine can show none of the coded combinations.
        """
        plan = self._frozen.plan
        rng = np.random.default_rng([self._frozen.seed, 4, index])
        variant = Variant(
            pick(plan.engines, rng),
            pick(plan.sizes, rng),
            pick(plan.rates, rng),
            pick(plan.cameras, rng),
        )
        planner = self._planner(variant.engine, variant.camera)
        label = planner.labels[self._turns.label(index, len(planner.labels))]
        clip = planner.clip(index, self.subject(index), label)
        return DrawnSample(index, variant, moved_as_planned(clip, plan, rng))

    def _make_planner(self, engine: str, camera: str) -> ClipPlanner:
        plan, known = self._frozen.plan, self._known_aus(engine)
        options = self.options(Variant(engine, plan.sizes[0], plan.rates[0], camera))
        splits = tuple(each.split for each in self._frozen.portraits)
        return ClipPlanner(options, splits, (), lambda aus: known is None or _sided(aus) <= known)

    def _make_options(self, variant: Variant) -> AugmentOptions:
        plan = self._frozen.plan
        return AugmentOptions(
            count=1,
            engine=variant.engine,
            engine_settings=plan.settings.get(variant.engine),
            emotions=plan.emotions,
            datasets=plan.datasets,
            seed=self._frozen.seed,
            fps=variant.fps,
            frames="two" if plan.kind == "pairs" else "all",
            side_px=variant.size_px,
            film=variant.camera == "film",
        )

    def _check_aus(self) -> None:
        """Refuse given AUs that an engine cannot show."""
        for engine in self._frozen.plan.engines:
            known = self._known_aus(engine)
            for combination in self._frozen.plan.aus:
                names = tuple(name.strip() for name in combination.split("+"))
                if known is not None and (strange := sorted(_sided(names) - known)):
                    raise UsageError(
                        f"the engine {engine} cannot show {', '.join(strange)} of {combination!r} in aus: choose others"
                    )


def _sided(aus: tuple[str, ...]) -> set[str]:
    return {side for name in aus for side in sided_names(name)}
