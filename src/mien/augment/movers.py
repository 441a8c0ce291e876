"""The engines of a made data set, and the portraits that they have prepared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from mien.augment.options import AugmentOptions
from mien.augment.portraits import SquarePortraits
from mien.engines.base import Engine, MotionEngine, MotionSession, TrackEngine, TrackSession
from mien.engines.registry import DEFAULTS, make_engine

Session = TypeVar("Session")

KEPT = 4
"""Prepared portraits that each engine keeps; one portrait's clips are made in a row."""


class Movers:
    """Moves portraits: one engine for the whole run, so that its networks are read once.

    Args:
        options: What is asked for.
        portraits: The people.
    """

    def __init__(self, options: AugmentOptions, portraits: SquarePortraits) -> None:
        spec = options.spec
        self.engine: Engine = spec.make(options.settings)
        drawn = self.engine if spec.uses_aus else make_engine(DEFAULTS["generate"], "generate")
        by_aus = cast(TrackEngine, drawn)
        self.known_aus = by_aus.known_aus
        self._tracks = _Prepared(lambda number: by_aus.prepare(portraits.of(number)))
        carrier = cast(MotionEngine, self.engine)
        self._motions = _Prepared(lambda number: carrier.prepare(portraits.of(number)))

    def by_aus(self, number: int) -> TrackSession:
        """Return a portrait that AU tracks can move: by the run's engine, or by the rig to be a driver."""
        return self._tracks.of(number)

    def by_motion(self, number: int) -> MotionSession:
        """Return a portrait that a driver's motion can move, by the run's engine."""
        return self._motions.of(number)


class _Prepared(Generic[Session]):
    """Prepares portraits by number and keeps the last few."""

    def __init__(self, prepare: Callable[[int], Session]) -> None:
        self._prepare = prepare
        self._kept: OrderedDict[int, Session] = OrderedDict()

    def of(self, number: int) -> Session:
        """Return a prepared portrait."""
        if number not in self._kept:
            self._kept[number] = self._prepare(number)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(number)
        return self._kept[number]
