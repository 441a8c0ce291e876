"""Small sets for tests, and how they are compared."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data

from mien.io.images import write_png
from mien.produce.freeze import freeze
from mien.produce.plan import ProducePlan
from mien.produce.worker import make_shard


def write_people(folder: Path, count: int = 2) -> Path:
    """Write portraits: a head, its mirror image, and both in other light."""
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    for number in range(count):
        side = head if number % 2 == 0 else head[:, ::-1]
        lighter = np.clip(side.astype(np.int16) + 6 * (number // 2), 0, 255).astype(np.uint8)
        write_png(folder / f"person{number}.png", np.ascontiguousarray(lighter))
    return folder


def plan_of(people: Path, **values: Any) -> ProducePlan:
    """Return a small plan of pairs."""
    given = {"kind": "pairs", "count": 12, "shard": 5, "seed": 5, "size": 80, "turn": 4} | values
    return ProducePlan(portraits=people, **given)


def begun(people: Path, out: Path, **values: Any) -> Path:
    """Begin a set and return its folder."""
    freeze(plan_of(people, **values), out)
    return out


def made(people: Path, out: Path, **values: Any) -> Path:
    """Make a set in this process and return its folder."""
    begun(people, out, **values)
    plan = plan_of(people, **values)
    for shard in range(plan.shards):
        assert make_shard(out, shard).state == "made"
    return out


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file of a set."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
