"""Check that outputs are complete, unaltered, and described by the records beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from mien.verify.report import Report


def verify(path: str | os.PathLike[str]) -> Report:
    """Check an output of Mien.

    Args:
        path: A clip, its sidecar, a folder of PNGs, of a batch, of an augmented set, of faces or of weights, a file of
            flow maps, or a folder with any of these in it.

    Returns:
        What was found; ``problems`` is empty if the output is as Mien wrote it.

    Example:
        >>> verify("smile.mp4").problems  # doctest: +SKIP
        []
    """
    from pathlib import Path

    from mien.verify.kinds import check

    return check(Path(path))
