"""Describe a finished set for others: Croissant metadata, and a data card for people."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from mien.common.marking import clip_source
from mien.engines.registry import DEFAULTS, find_engine
from mien.errors import UsageError
from mien.io.atomic import atomic_file
from mien.io.digital_source import DIGITAL_SOURCE_URI
from mien.produce.croissant import croissant
from mien.produce.data_card import data_card
from mien.produce.facts import SetFacts
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.shard import finished

CROISSANT_NAME = "croissant.json"
CARD_NAME = "README.md"


def export_set(folder: Path, name: str, licence: str, portraits_from: str) -> tuple[Path, Path]:
    """Write Croissant metadata and a data card into a finished set.

    Args:
        folder: The set.
        name: Name of the set.
        licence: Its licence: an SPDX name or an address.
        portraits_from: One sentence: where the portraits come from, and why they may be used.

    Returns:
        Paths of both files.

    Raises:
        UsageError: The folder is not a set, a shard is missing, or a text is empty.
        OutputError: A file cannot be written.
    """
    facts = _facts(folder, name, licence, portraits_from)
    texts = {
        folder / CROISSANT_NAME: json.dumps(croissant(facts), indent=1) + "\n",
        folder / CARD_NAME: data_card(facts),
    }
    for path, text in texts.items():
        with atomic_file(path, is_own=_is_exported) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return folder / CROISSANT_NAME, folder / CARD_NAME


def _is_exported(path: Path) -> bool:
    return b"mien produce export" in path.read_bytes()


def _facts(folder: Path, name: str, licence: str, portraits_from: str) -> SetFacts:
    for option, text in (
        ("--name", name),
        ("--licence", licence),
        ("--portraits-from", portraits_from),
    ):
        if not text.strip() or "\n" in text:
            raise UsageError(f"expected {option} as a line of text, got {text!r}")
    frozen = read_frozen(folder)
    counts: dict[str, Counter[str]] = {"split": Counter(), "label": Counter()}
    made, failed, size = 0, 0, 0
    for shard in range(frozen.plan.shards):
        stats = finished(folder, shard, frozen.hash, frozen.plan.samples_of(shard))
        if stats is None:
            raise UsageError(
                f"expected a finished set, got {folder} without shard {shard}: mien produce run {folder}"
            )
        made, failed = made + stats.made, failed + stats.failed
        size += stats.tar.bytes + stats.manifest.bytes
        for column, counted in counts.items():
            counted.update(stats.counts[column])
    return SetFacts(
        name.strip(),
        licence.strip(),
        portraits_from.strip(),
        frozen,
        made,
        failed,
        size,
        {column: dict(sorted(counted.items())) for column, counted in counts.items()},
        sources_of(frozen),
    )


def sources_of(frozen: FrozenPlan) -> tuple[str, ...]:
    """Return how the pictures of a set were made, as addresses of IPTC's digital source types."""
    names = (DEFAULTS["generate"],) if frozen.plan.kind == "flows" else frozen.plan.engines
    terms = {
        clip_source(find_engine(engine), [portrait.input_file])
        for engine in names
        for portrait in frozen.portraits
    }
    return tuple(DIGITAL_SOURCE_URI + term for term in sorted(terms))
