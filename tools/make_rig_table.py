"""Write the table of action units into docs/rig.md: ``python tools/make_rig_table.py``.

The table is made from the recipes of ``tools/build_rig.py`` and from the packaged basis, so run this
after that tool. A test fails if the page differs.
"""

from __future__ import annotations

import numpy as np

from build_rig import RECIPES
from doc_tables import DOCS, markdown_table, write_table
from mien.au.catalog import CATALOG, sided_names
from mien.rig.basis import load_basis

PAGE = DOCS / "rig.md"
NAME = "action units"
HEADER = ("AU", "FACS name", "ICT shapes and their weights", "sides", "largest, cm")


def recipe_text(au: str) -> str:
    """Return the shapes and weights from which an AU is mixed, as text; for one side if the AU is sided."""
    if au == "AU38":
        return "none: the nose's wing goes outwards"
    recipe = RECIPES[au]
    parts = []
    for shape, weight in recipe.items():
        name = shape.removesuffix("_{S}")
        if name.endswith("_R") and recipe.get(f"{name[:-2]}_L") == weight:
            continue  # named together with the left one
        if name.endswith("_L") and recipe.get(f"{name[:-2]}_R") == weight:
            name = f"{name[:-2]}_L and _R"
        parts.append(f"{name} {weight:g}".replace("-", "−"))
    return ", ".join(parts)


def largest_cm(au: str) -> float:
    """Return the largest displacement of a vertex at intensity 5 of both sides, centimetres."""
    total = sum((load_basis().shape(name) for name in sided_names(au)), np.zeros((468, 3)))
    return float(np.linalg.norm(total, axis=1).max())


def rig_table() -> str:
    """Return the table in Markdown."""
    rows = [
        (
            f"`{au}`",
            unit.facs_name,
            recipe_text(au),
            "left, right" if unit.sided else "midline",
            f"{largest_cm(au):.2f}",
        )
        for au, unit in CATALOG.items()
    ]
    return markdown_table(HEADER, rows)


if __name__ == "__main__":
    write_table(PAGE, NAME, rig_table())
    print(PAGE)
