"""Add samples of the same plan to a set. Existing samples do not change."""

from __future__ import annotations

from pathlib import Path

from mien.io.atomic import atomic_file
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.place import PLAN_NAME


def extend_set(folder: Path, count: int) -> FrozenPlan:
    """Raise a set's number of samples; the next run makes the new ones.

    Args:
        folder: The set.
        count: New total number of samples.

    Raises:
        UsageError: The folder is not a set, or has more samples already.
        OutputError: The folder cannot be written.
    """
    path = folder / PLAN_NAME
    with atomic_file(path, is_own=lambda _: True) as temporary:  # also locks out a second call
        frozen = read_frozen(folder).extended(count)
        temporary.write_text(frozen.text(), encoding="utf-8")
    return frozen
