"""The plan of a set, with all its defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from mien.datasets.names import SEEN_DATASETS
from mien.engines.registry import DEFAULTS, checked_settings, find_engine
from mien.errors import UsageError

Kind: TypeAlias = Literal["clips", "pairs", "flows"]
"""Whole clips, onset and apex alone, or maps of the flow between them."""

Camera: TypeAlias = Literal["film", "still"]
"""``film``: the head drifts, pixels are noisy and lids sink by themselves; ``still``: nothing moves but the AUs."""

SIDES = ("both", "left", "right")
LEVELS = ("A", "B", "C", "D", "E")
MAX_COUNT = 10**9
"""Keys of samples have nine digits."""

MAX_SHARD = 100_000
MIN_SIZE = 72
"""In a smaller square no face is found."""
LEAST_FRAMES = 3
"""Frames that the shortest movement of a clip must last: with fewer, onset, apex and offset fall together."""
SHORTEST_SECONDS = 0.13
"""Shortest movement from onset to offset for which rates are checked; 0.4 % of the coded movements are shorter."""
FLOWS_RUN = 16
"""Flow maps in a row with the same portrait."""

FLOWS_TAKE = ("portraits", "kind", "count", "shard", "seed", "size", "splits", "retries")
"""Fields that a plan of flow maps may set; the recipe of the flow maps fixes the others."""


@dataclass(frozen=True, kw_only=True)
class ProducePlan:
    """What a set holds. In a TOML file each field is a key of the same name.

    Raises:
        UsageError: A value out of its range, or values that contradict each other.
    """

    portraits: Path
    """One picture of each person: a folder of pictures, or a text file that lists some."""

    kind: Kind
    """clips, pairs (onset and apex alone) or flows (28 x 28 maps of the flow from onset to apex)."""

    count: int
    """Number of samples. The classes take turns, so their numbers differ by one at most."""

    shard: int = 1000
    """Samples in a shard, the unit of work and of restart."""

    seed: int = 0
    """Seed of all random draws."""

    size: int | tuple[int, ...] = 256
    """Width and height in pixels of the square that is cut around the face, or a list from which each sample draws
    one. Flow maps are always 28 x 28: for them it is one number, the square in which the face is measured."""

    turn: int = 24
    """Samples in a row with the same portrait: preparing a portrait takes as long as some onset-apex pairs. Flow maps
    come in rows of 16."""

    splits: Mapping[str, float] = field(default_factory=lambda: {"train": 1.0})
    """Share of the portraits in each split, by name; a person is in one split only. Shares add up to 1."""

    engines: tuple[str, ...] = (DEFAULTS["generate"],)
    """Engines from which each sample draws one."""

    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of engines, by the engine's name."""

    emotions: tuple[str, ...] = ()
    """Emotions to draw from. By default all that belong to a class; within a class, as often as they were coded."""

    datasets: tuple[str, ...] = SEEN_DATASETS
    """Data sets whose statistics AUs, sides and timing are drawn from."""

    aus: tuple[str, ...] = ()
    """Combinations such as ``AU6+AU12L`` that replace the coded ones; each sample draws one. It then has no emotion."""

    sides: tuple[str, ...] = ()
    """both, left, right: the side on which the AUs move; each sample draws one. As coded, or as ``aus`` says, by
    default."""

    levels: tuple[str, ...] = ()
    """FACS levels A to E of the strongest AU; each sample draws one. From A to C, mostly B, by default."""

    durations_seconds: tuple[float, ...] = ()
    """Least and greatest time from onset to offset, drawn evenly. As coded by default, at most 0.5 s."""

    rates: tuple[Fraction, ...] = (Fraction(100),)
    """Frames a second of clips, as numbers or as text such as ``30000/1001``; each sample draws one. The shortest
    movement, 0.13 s or the least of ``durations_seconds``, must last 3 frames."""

    cameras: tuple[Camera, ...] = ("film",)
    """film, still; each sample draws one."""

    format: Literal["mp4", "png"] = "mp4"
    """How frames of clips are stored: an mp4, or PNG files without loss. Pairs are always PNG files."""

    quantiser: int = 13
    """Constant quantiser of mp4, 1 (best) to 51: a larger value gives smaller files, which are mostly camera noise."""

    retries: int = 1
    """How often a failed sample is tried again before its shard is finished without it."""

    def __post_init__(self) -> None:
        self._normalise()
        self._check_numbers()
        self._check_words()
        self._check_splits()
        self._check_movement()
        self._check_contradictions()

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes from which each sample draws one."""
        return (self.size,) if isinstance(self.size, int) else self.size

    @property
    def run(self) -> int:
        """Samples in a row with the same portrait: ``turn``, or 16 with ``flows``."""
        return FLOWS_RUN if self.kind == "flows" else self.turn

    @property
    def shards(self) -> int:
        """Number of shards; the last one may hold fewer samples."""
        return -(-self.count // self.shard)

    def samples_of(self, shard: int) -> range:
        """Return the numbers of a shard's samples."""
        return range(shard * self.shard, min((shard + 1) * self.shard, self.count))

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON values, with only the last part of the portraits' path."""
        values: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Path):
                value = value.name
            elif isinstance(value, Mapping):
                value = {k: dict(v) if isinstance(v, Mapping) else v for k, v in value.items()}
            elif isinstance(value, tuple):
                value = [str(v) if isinstance(v, Fraction) else v for v in value]
            values[each.name] = value
        return values

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> ProducePlan:
        """Make a plan from the values of a TOML or JSON file.

        Raises:
            UsageError: An unknown or missing key, or a value that a plan cannot have.
        """
        known = [each.name for each in fields(cls)]
        for name in values:
            if name not in known:
                raise UsageError(
                    f"expected only known keys in a plan ({', '.join(known)}), got {name!r}"
                )
        for name in ("portraits", "kind", "count"):
            if name not in values:
                raise UsageError(f"expected the key {name} in a plan, got none")
        if not isinstance(values["portraits"], str | Path):
            raise UsageError(f"expected portraits as a path, got {values['portraits']!r}")
        return cls(**values)

    def _normalise(self) -> None:
        from mien.au.frame_rate import parse_fps  # imports numpy

        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("portraits", Path(self.portraits))
        if not isinstance(self.size, int):
            put("size", _tuple("size", self.size, int))
        for name in ("engines", "emotions", "datasets", "aus", "sides", "levels", "cameras"):
            put(name, _tuple(name, getattr(self, name), str))
        put(
            "durations_seconds",
            tuple(map(float, _tuple("durations_seconds", self.durations_seconds, (int, float)))),
        )
        rates = _tuple("rates", self.rates, (int, float, str, Fraction))
        put("rates", tuple(parse_fps(rate) for rate in rates))
        if not isinstance(self.splits, Mapping) or not isinstance(self.settings, Mapping):
            raise UsageError("expected splits and settings as tables")
        put("splits", MappingProxyType(dict(self.splits)))
        put("settings", MappingProxyType(dict(self.settings)))

    def _check_numbers(self) -> None:
        ranges = (
            *(("count", 1, MAX_COUNT), ("shard", 1, MAX_SHARD), ("seed", 0, 2**63 - 1)),
            *(("turn", 1, MAX_COUNT), ("retries", 0, 100), ("quantiser", 1, 51)),
        )
        for name, least, most in ranges:
            _check_whole(name, getattr(self, name), least, most)
        for size in self.sizes:
            _check_whole("size", size, MIN_SIZE, 2048)

    def _check_words(self) -> None:
        allowed: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
            ("kind", [self.kind], get_args(Kind)),
            ("format", [self.format], ("mp4", "png")),
            ("cameras", self.cameras, get_args(Camera)),
            ("sides", self.sides, SIDES),
            ("levels", self.levels, LEVELS),
        )
        for name, given, words in allowed:
            for word in given:
                if word not in words:
                    raise UsageError(
                        f"expected {name} to be one of {', '.join(words)}, got {word!r}"
                    )
        for name in ("size", "engines", "datasets", "rates", "cameras"):
            if getattr(self, name) == ():
                raise UsageError(f"expected {name} with a value or more, got none")
        for name in ("engines", "cameras", "sides", "levels", "rates", "aus", "size"):
            given = getattr(self, name)
            if isinstance(given, tuple) and len(set(given)) < len(given):
                raise UsageError(f"expected each of {name} once, got {', '.join(map(str, given))}")
        for engine in self.engines:
            checked_settings(find_engine(engine, None), self.settings.get(engine) or {})

    def _check_splits(self) -> None:
        for name, share in self.splits.items():
            number = isinstance(share, int | float) and not isinstance(share, bool)
            if not name.isidentifier() or not number or not 0 < share <= 1:
                raise UsageError(
                    f"expected splits as names with shares above 0, got {name!r} = {share!r}"
                )
        if not math.isclose(sum(self.splits.values()), 1.0, abs_tol=1e-6):
            raise UsageError(f"expected splits that add up to 1, got {sum(self.splits.values()):g}")

    def _check_movement(self) -> None:
        from mien.au.catalog import parse_au

        for combination in self.aus:
            for name in combination.split("+"):
                parse_au(name.strip())
        if self.durations_seconds:
            if len(self.durations_seconds) != 2:
                raise UsageError(
                    f"expected durations_seconds as [least, most], got {len(self.durations_seconds)} numbers"
                )
            least, most = self.durations_seconds
            if not 0.01 <= least <= most <= 10:
                raise UsageError(
                    f"expected durations_seconds from 0.01 to 10, least first, got {least:g} and {most:g}"
                )
        if self.kind == "clips":
            self._check_rates()

    def _check_rates(self) -> None:
        shortest = self.durations_seconds[0] if self.durations_seconds else SHORTEST_SECONDS
        # A broadcast rate, such as 30000/1001, counts as its nominal rate.
        if min(self.rates) * shortest < LEAST_FRAMES * 0.998:
            raise UsageError(
                f"expected rates of {LEAST_FRAMES / shortest:.4g} or more, so that a movement of {shortest:g} s has "
                f"{LEAST_FRAMES} frames, got {min(self.rates)}"
            )

    def _check_contradictions(self) -> None:
        defaults = {
            each.name: each.default_factory() if callable(each.default_factory) else each.default
            for each in fields(self)
        }
        changed = {
            name
            for name, default in defaults.items()
            if getattr(self, name) != default and name not in ("portraits", "kind", "count")
        }
        if self.kind == "flows" and (strange := sorted(changed - set(FLOWS_TAKE))):
            raise UsageError(
                f"{', '.join(strange)} cannot be chosen with kind = flows, whose recipe fixes it: leave it out"
            )
        if self.kind == "flows" and not isinstance(self.size, int):
            raise UsageError(
                f"expected size as one number with kind = flows, got {', '.join(map(str, self.size))}: the face is "
                "measured in one square"
            )
        if self.kind != "clips" and (video := sorted(changed & {"format", "quantiser"})):
            raise UsageError(
                f"{video[0]} needs kind = clips, got {self.kind}: leave {video[0]} out"
            )
        if self.format == "png" and "quantiser" in changed:
            raise UsageError("quantiser needs format = mp4, got png: leave quantiser out")
        if self.kind == "pairs" and "rates" in changed:
            raise UsageError(
                "rates needs kind = clips, got pairs: a pair has no frame rate; leave rates out"
            )
        if self.aus and self.emotions:
            raise UsageError(
                "expected emotions or aus, got both: AUs that are given replace the coded ones"
            )
        if strange := sorted(set(self.settings) - set(self.engines)):
            raise UsageError(
                f"settings of {strange[0]}, which is not among engines: leave them out"
            )


def _tuple(name: str, value: Any, kinds: type | tuple[type, ...]) -> tuple[Any, ...]:
    """Return a value or a list of values as a tuple."""
    values = tuple(value) if isinstance(value, list | tuple) else (value,)
    for each in values:
        if not isinstance(each, kinds) or isinstance(each, bool):
            raise UsageError(f"expected {name} as a value or a list of values, got {each!r}")
    return values


def _check_whole(name: str, value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UsageError(f"expected {name} as a whole number from {least} to {most}, got {value!r}")
