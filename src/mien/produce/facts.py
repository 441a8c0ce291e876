"""Facts for the Croissant file and the data card."""

from __future__ import annotations

from dataclasses import dataclass

from mien.produce.frozen import FrozenPlan


@dataclass(frozen=True)
class SetFacts:
    """Facts about a set.

    Attributes:
        name: Name of the set.
        licence: Its licence: an SPDX name or an address.
        portraits_from: Where the portraits come from.
        frozen: Its plan.
        made: Samples that were made.
        failed: Samples that failed.
        bytes: Size of its shards, bytes.
        counts: Samples by split and by label.
        sources: How its pictures were made, as addresses of IPTC's digital source types.
    """

    name: str
    licence: str
    portraits_from: str
    frozen: FrozenPlan
    made: int
    failed: int
    bytes: int
    counts: dict[str, dict[str, int]]
    sources: tuple[str, ...]
