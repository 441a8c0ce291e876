"""Facts for the Croissant file and the data card."""

from __future__ import annotations

from dataclasses import dataclass

from mien.produce.frozen import FrozenPlan


@dataclass(frozen=True)
class SetFacts:
    """Facts about a set.

    Attributes:
        name: What it is called.
        licence: Its licence: an SPDX name or an address.
        portraits_from: Where the portraits come from.
        frozen: Its plan.
        made: Samples that were made.
        failed: Samples that failed.
        bytes: Size of its shards.
        counts: Samples by split and by label.
        sources: How its pictures came to be, in IPTC's terms.
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
