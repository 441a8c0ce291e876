"""Options of flow pairs: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypedDict

import tyro

from mien.common.option_checks import check_whole, make_plain
from mien.common.option_help import option
from mien.errors import UsageError

LEAST_SIDE_PX, MOST_SIDE_PX = 64, 2048


class FlowPairsKeywords(TypedDict, total=False):
    """The fields of :class:`FlowPairsOptions`, for functions that take them as keywords."""

    count: int
    size: int
    seed: int
    validation: float
    head: bool
    noise: bool
    light: bool
    skip_bad: bool


@dataclass(frozen=True, kw_only=True)
class FlowPairsOptions:
    """How pairs are made.

    Raises:
        UsageError: A value out of its range.
    """

    count: Annotated[int, tyro.conf.arg(metavar="N")]
    """Number of pairs; the portraits are used in turn."""

    size: Annotated[int, option("PX")] = 256
    """Width and height of the pictures: a square around the face."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """Seed of the random draws; the same seed gives the same files."""

    validation: Annotated[float, option("SHARE")] = 0.1
    """Share of the people whose pairs go to the validation split. A hash of the file's name decides, as in mien
    train."""

    head: bool = True
    """Let the head drift from onset to apex, and in some pairs the lids sink by themselves; the flow includes both."""

    noise: bool = True
    """Add camera noise to both pictures."""

    light: bool = True
    """Shade skin as its surface turns, and let the light flicker a little."""

    skip_bad: tyro.conf.FlagCreatePairsOff[bool] = False
    """Skip portraits that cannot be used and list them; by default the first one is an error."""

    def __post_init__(self) -> None:
        make_plain(self)
        check_whole("--count", self.count, 1)
        check_whole("--seed", self.seed, 0)
        check_whole("--size", self.size, LEAST_SIDE_PX)
        if not LEAST_SIDE_PX <= self.size <= MOST_SIDE_PX:
            raise UsageError(
                f"expected --size from {LEAST_SIDE_PX} to {MOST_SIDE_PX}, got {self.size}"
            )
        if not 0 <= self.validation < 1:
            raise UsageError(f"expected --validation from 0 to below 1, got {self.validation:g}")

    def to_json(self) -> dict[str, Any]:
        """Return the options that affect the files, as JSON values."""
        return {name: value for name, value in asdict(self).items() if name != "skip_bad"}
