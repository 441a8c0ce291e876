"""Findings and counts as text."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RANDOM = re.compile(r"\.[0-9a-f]{8}\.part")
LONGEST = 400


@dataclass(frozen=True)
class Finding:
    """A fault: the run, the call at which it was disturbed, what followed, and how."""

    run: str
    call: str
    fault: str
    details: str

    def __str__(self) -> str:
        return f"{self.run}, at {self.call}: {self.fault}: {self.details}"


def plain(text: str) -> str:
    """Return a text in one line, shortened, without the random parts of temporary names."""
    line = " ".join(_RANDOM.sub(".XXXXXXXX.part", text).split())
    return line if len(line) <= LONGEST else f"... {line[-LONGEST:]}"


def chosen(count: int, points: int | None, rng: random.Random) -> Sequence[int]:
    """Return the numbers from 1 to ``count``, or ``points`` of them in order."""
    every = range(1, count + 1)
    return every if points is None or points >= count else sorted(rng.sample(every, points))


def header(faults: Iterable[str]) -> str:
    """Return the first line of the table."""
    return f"{'run':28}" + "".join(f"{name:>13}" for name in ("calls", "tried", *faults))


def row(name: str, counts: Counter[str], faults: Iterable[str]) -> str:
    """Return a line of the table."""
    return f"{name:28}" + "".join(f"{counts[each]:13}" for each in ("calls", "tried", *faults))


def as_json(
    harness: str, seed: int, seconds: float, counts: Counter[str], faults: Iterable[str]
) -> str:
    """Return the result as one line of JSON."""
    facts = {each.replace(" ", "_"): counts[each] for each in ("calls", "tried", *faults)}
    return json.dumps({"harness": harness, "seed": seed, "seconds": round(seconds), **facts})
