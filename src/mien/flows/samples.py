"""Load the clips of a data set, or of the composite of three."""

from __future__ import annotations

from pathlib import Path

from mien.datasets.composite import megc2019
from mien.datasets.dataset import Dataset
from mien.datasets.names import COMPOSITE, COMPOSITE_PARTS
from mien.datasets.registry import load_dataset
from mien.datasets.sample import Sample
from mien.errors import UsageError
from mien.flows.options import FlowsOptions


def load_samples(
    name: str, root: Path, options: FlowsOptions
) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """Load the clips of a data set.

    Args:
        name: The data set's name, or ``megc2019``; then ``root`` holds ``casme2``, ``samm`` and ``smic``.
        root: The folder of the user's copy.
        options: Where annotations and frames are, and whether clips may be missing.

    Returns:
        The clips, and what could not be read or, with ``megc2019``, what differs from the composite, one line each.

    Raises:
        DatasetError: The copy cannot be read or, without ``skip_bad``, the composite is incomplete.
        UsageError: An unknown name, or options that do not fit the composite.
        MissingExtraError: A spreadsheet needs a package that is not installed.
    """
    if name != COMPOSITE:
        try:
            copy = load_dataset(name, root, annotations=options.annotations, frames=options.frames)
        except UsageError as error:
            raise UsageError(f"{error}, or {COMPOSITE}") from error
        return copy.samples, _unread(copy)
    if options.annotations is not None or options.frames is not None:
        raise UsageError(
            f"--annotations and --frames are for a single data set, got them with {COMPOSITE}, which reads "
            "three: put each copy into its published layout, and leave the options out"
        )
    parts = {part: load_dataset(part, root / part) for part in sorted(COMPOSITE_PARTS)}
    whole = megc2019(parts["casme2"], parts["samm"], parts["smic"], whole=not options.skip_bad)
    return whole.samples, whole.differences()


def _unread(copy: Dataset) -> tuple[str, ...]:
    return tuple(
        str(problem)
        for problem in copy.problems
        if problem.kind in ("unreadable row", "unreadable frames")
    )
