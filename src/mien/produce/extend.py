"""Let a set grow: more samples of the same plan. The samples that are there stay as they are."""

from __future__ import annotations

from pathlib import Path

from mien.io.atomic import atomic_file
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.place import PLAN_NAME


def extend_set(folder: Path, count: int) -> FrozenPlan:
    """Give a set more samples; the next run makes them.

    Args:
        folder: The set.
        count: Number of samples that it shall have in all.

    Raises:
        UsageError: The folder is no set, or has more samples already.
        OutputError: The folder cannot be written.
    """
    path = folder / PLAN_NAME
    with atomic_file(path, is_own=lambda _: True) as temporary:  # one at a time
        frozen = read_frozen(folder).extended(count)
        temporary.write_text(frozen.text(), encoding="utf-8")
    return frozen
