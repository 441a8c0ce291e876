"""The data card of a set: what it is, how it was made, what it may be used for, as Markdown."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from mien.produce.facts import SetFacts
from mien.produce.turns import samples_of_people
from mien.version import __version__

MEMBERS = {
    "clips": "`KEY.mp4` (or `KEY.0000.png`, ...), `KEY.aus.csv` (AUs in each frame) and `KEY.json` (how it was made)",
    "pairs": "`KEY.onset.png`, `KEY.apex.png`, `KEY.aus.csv` (AUs in both) and `KEY.json` (how it was made)",
    "flows": "`KEY.npz` (`flow`, 28 x 28 x 3 uint8: u, v, strain) and `KEY.json` (how it was made)",
}


def data_card(facts: SetFacts) -> str:
    """Return a set's data card; its head is what hubs read."""
    frozen, plan = facts.frozen, facts.frozen.plan
    # People take turns; a small set may end before everyone has had one.
    people = Counter(
        portrait.split
        for portrait, samples in zip(frozen.portraits, samples_of_people(frozen), strict=True)
        if samples
    )
    head = [
        "---",
        f"license: {json.dumps(_licence_id(facts.licence))}",
        f"pretty_name: {json.dumps(facts.name)}",
        "tags: [synthetic, micro-expression, facial-action-units, webdataset]",
        "---",
    ]
    body = [
        f"# {facts.name}",
        "<!-- written by mien produce export -->",
        f"**Synthetic.** Mien {__version__} computed these facial movements; nobody made them. "
        f"{facts.made} {plan.kind} of {sum(people.values())} people, {facts.failed} that could not be made, "
        f"{facts.bytes / 2**30:.2f} GiB.",
        "## Samples",
        _table(
            ["", "samples"],
            [(f"{c}: {v}", n) for c, each in facts.counts.items() for v, n in each.items()],
        ),
        "## Files",
        f"`shards/shard-*.tar` are WebDataset tars. Each sample has {MEMBERS[plan.kind]}. "
        "`shard-*.parquet` has a row for each sample with its labels, split, subject and hash, `shard-*.json` the "
        "hashes of both files. `croissant.json` describes the rows.",
        "## Splits",
        "By person: nobody is in two splits. "
        + ", ".join(f"{split}: {people[split]} people" for split in frozen.shares)
        + ".",
        "## How it was made",
        "AU combinations, sides and timing are drawn from coded micro-expressions of "
        f"{', '.join(plan.datasets)}, unless the plan names others; intensities are a prior, as no data set codes "
        f"them. The labels are what was rendered, so they are exact. Plan `{frozen.hash}`:",
        "```toml\n" + "\n".join(_lines(plan.to_json())) + "\n```",
        _table(["package", "version"], list(frozen.versions.items())),
        "## Provenance and licence",
        f"Portraits: {facts.portraits_from} Their hashes are in `plan.json`.",
        f"Licence of this set: {facts.licence}.",
        "IPTC digital source type, written into each picture and record: "
        + ", ".join(f"<{source}>" for source in facts.sources)
        + ".",
        "## Limits",
        "Movements are those of a rig: an average face's AUs, scaled to each person. Do not use the set to judge how "
        "people show emotions, and do not pass its pictures off as photographs of real events.",
    ]
    return "\n".join(head) + "\n" + "\n\n".join(body) + "\n"


def _licence_id(licence: str) -> str:
    """Return a licence as hubs list it: an SPDX name in lower case, an address as it is."""
    return licence if "/" in licence else licence.lower()


def _lines(values: dict[str, Any]) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in values.items() if value not in ([], {})]


def _toml(value: Any) -> str:
    """Return a value as TOML: inline tables differ from JSON's objects."""
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(name)} = {_toml(each)}" for name, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _table(head: list[str], rows: list[tuple[str, Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
