"""The engines of a made data set, and the portraits that they have prepared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, cast

from mien.augment.options import AugmentOptions
from mien.engines.base import Engine, MotionEngine, MotionSession, TrackEngine, TrackSession
from mien.engines.checks import shows_portrait
from mien.engines.registry import DEFAULTS, make_engine
from mien.face.portrait import Portrait

Session = TypeVar("Session")

KEPT = 4
"""Number of prepared portraits that are kept for each engine; all clips of a portrait are made in sequence."""


class PortraitsByNumber(Protocol):
    """Portraits that are read or cut when they are needed."""

    def of(self, number: int) -> Portrait:
        """Return the portrait with a number."""
        ...


class Movers:
    """Move portraits with one engine for the whole run, so that its network is loaded once.

    Args:
        options: Which engine, with which settings.
        portraits: The portraits by number.
    """

    def __init__(self, options: AugmentOptions, portraits: PortraitsByNumber) -> None:
        spec = options.spec
        self.engine: Engine = spec.make(options.settings)
        drawn = self.engine if spec.uses_aus else make_engine(DEFAULTS["generate"], "generate")
        by_aus = cast(TrackEngine, drawn)
        self.known_aus = by_aus.known_aus
        self._tracks = _Prepared(
            lambda number: shows_portrait(by_aus.prepare(portraits.of(number)), "a data set")
        )
        carrier = cast(MotionEngine, self.engine)
        self._motions = _Prepared(
            lambda number: shows_portrait(carrier.prepare(portraits.of(number)), "a data set")
        )

    def by_aus(self, number: int) -> TrackSession:
        """Return a portrait that can be moved by AU tracks.

        The run's engine moves it. If that engine carries motion, the rig moves the portrait instead, to make a driver.
        """
        return self._tracks.of(number)

    def by_motion(self, number: int) -> MotionSession:
        """Return a portrait that the run's engine can move with a driver's motion."""
        return self._motions.of(number)


class _Prepared(Generic[Session]):
    """Prepare portraits by number, and keep the last `KEPT`."""

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
