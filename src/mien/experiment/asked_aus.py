"""How often FACS coders see the AUs that clips were made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mien.au.catalog import CATALOG, parse_au
from mien.errors import UsageError
from mien.experiment.coder_sheets import CoderSheets
from mien.experiment.condition_join import by_name, find, one_row
from mien.experiment.interval import Estimate, over_people


@dataclass(frozen=True)
class SeenOfAsked:
    """How often coders see an AU that clips were made with; means over coders.

    Attributes:
        clips: Number of clips that were made with the AU.
        seen: Share of these clips in which a coder saw the AU.
        elsewhere: Share of the other clips in which a coder saw the AU.
    """

    clips: int
    seen: Estimate
    elsewhere: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "clips": self.clips,
            "seen": self.seen.to_json(),
            "elsewhere": self.elsewhere.to_json(),
        }


def seen_of_asked(
    sheets: CoderSheets, conditions: Sequence[Mapping[str, str]]
) -> dict[str, SeenOfAsked]:
    """Return how often coders see each AU that a clip was made with or a coder saw, by name; sides do not count.

    Args:
        sheets: What coders saw.
        conditions: The rows of the table of conditions, with the column ``aus``.

    Raises:
        UsageError: The table has no column ``aus``, or no row for a clip.
    """
    if "aus" not in (conditions[0] if conditions else {}):
        raise UsageError(
            "expected a column aus in --conditions, as FACS sheets are compared with it"
        )
    rows = by_name(conditions)
    asked: dict[str, frozenset[str]] = {}
    for clip in {clip for clips in sheets.seen.values() for clip in clips}:
        of_clip = find(rows, clip)
        if not of_clip:
            raise UsageError(f"expected a row for each clip in --conditions, got none for {clip}")
        row = one_row(clip, of_clip, ("aus",))
        asked[clip] = frozenset(parse_au(name)[0].name for name in row["aus"].split())
    saw = {
        coder: {clip: frozenset(each.au for each in aus) for clip, aus in clips.items()}
        for coder, clips in sheets.seen.items()
    }
    moving = frozenset[str]().union(*asked.values(), *(s for c in saw.values() for s in c.values()))
    return {
        name: SeenOfAsked(
            sum(name in aus for aus in asked.values()),
            over_people(_shares(name, saw, asked, with_it=True)),
            over_people(_shares(name, saw, asked, with_it=False)),
        )
        for name in CATALOG
        if name in moving
    }


def _shares(
    name: str,
    saw: Mapping[str, Mapping[str, frozenset[str]]],
    asked: Mapping[str, frozenset[str]],
    *,
    with_it: bool,
) -> np.ndarray:
    """Return the share of clips, with or without an AU, in which each coder saw it; NaN for a coder without clips."""
    shares = []
    for clips in saw.values():
        own = [name in aus for clip, aus in clips.items() if (name in asked[clip]) == with_it]
        shares.append(np.mean(own) if own else np.nan)
    return np.array(shares, np.float64)
