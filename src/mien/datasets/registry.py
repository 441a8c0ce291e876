"""All data sets by name."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from mien.datasets.casme import CASME
from mien.datasets.casme2 import CASME2
from mien.datasets.casme3 import CASME3
from mien.datasets.casme_sq import CASME_SQ
from mien.datasets.dataset import Dataset
from mien.datasets.dfme import DFME
from mien.datasets.dme4 import DME4
from mien.datasets.folder import FOLDER
from mien.datasets.loader import load
from mien.datasets.mmew import MMEW
from mien.datasets.publication import Publication
from mien.datasets.samm import SAMM
from mien.datasets.smic import SMIC
from mien.errors import UsageError

DATASETS: dict[str, Publication] = {
    "casme": CASME,
    "casme2": CASME2,
    "samm": SAMM,
    "smic": SMIC,
    "casme_sq": CASME_SQ,
    "casme3": CASME3,
    "mmew": MMEW,
    "dme4": DME4,
    "dfme": DFME,
    "folder": FOLDER,
}
"""Every data set that Mien can read."""


def load_dataset(
    name: str,
    root: str | os.PathLike[str],
    *,
    annotations: str | os.PathLike[str] | None = None,
    frames: str | os.PathLike[str] | None = None,
) -> Dataset:
    """Load a copy of a data set by its name.

    Args:
        name: One of :data:`DATASETS`.
        root: The copy's folder.
        annotations: See :func:`mien.datasets.loader.load`.
        frames: See :func:`mien.datasets.loader.load`.

    Raises:
        UsageError: An unknown name.
        DatasetError: See :func:`mien.datasets.loader.load`.
        MissingExtraError: See :func:`mien.datasets.loader.load`.
    """
    return load(
        publication(name),
        Path(root),
        annotations=None if annotations is None else Path(annotations),
        frames=None if frames is None else Path(frames),
    )


def publication(name: str) -> Publication:
    """Return how a data set was published.

    Raises:
        UsageError: An unknown name.
    """
    if name not in DATASETS:
        close = get_close_matches(name, DATASETS, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise UsageError(f"unknown data set {name!r}{hint}: expected one of {', '.join(DATASETS)}")
    return DATASETS[name]
