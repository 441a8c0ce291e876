"""Names of data sets that several packages use.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

COMPOSITE = "megc2019"
"""The MEGC2019 composite, named like a data set."""

COMPOSITE_PARTS = ("smic", "casme2", "samm")
"""The data sets of the composite, in the order of published tables."""

STATISTICS_NAMES = {"casme2": "CASME II", "casme3": "CAS(ME)3", "dfme": "DFME", "samm": "SAMM"}
"""Data sets whose AU codes are in Mien's statistics: their names there, by the loader's name."""

SEEN_DATASETS = tuple(
    title for name, title in STATISTICS_NAMES.items() if name not in COMPOSITE_PARTS
)
"""Statistics that generated expressions are drawn from by default.

No data set of the composite is among them, so that no code of a test clip is used."""
