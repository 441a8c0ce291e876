"""Outline where each action unit moves the skin of a face."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.face.portrait import Portrait
from mien.rig.basis import load_basis
from mien.rig.personal import personalise

REGION_SHARE = 1 / 3
"""An AU's region is where it moves the skin by at least this share of its largest motion."""

_SIMPLIFIED_NODES = 0.5
"""An outline may differ from the region's border by this distance, in steps of the grid."""

Polygon: TypeAlias = list[list[float]]
"""Corners (x, y), pixels of the picture."""


def au_regions(portrait: Portrait) -> dict[str, list[Polygon]]:
    """Outline where each action unit moves the skin of a face.

    Returns:
        Polygons by AU name, pixels of the portrait: every name of the rig, and for sided units also
        the plain name with the polygons of both sides.
    """
    import cv2

    from mien.render import flow

    grid = flow.face_grid(portrait.face)
    operator = flow.node_weights(portrait.face, grid, portrait.image.shape[:2])
    basis = personalise(load_basis(), portrait.face)
    regions: dict[str, list[Polygon]] = {}
    for name in RIG_NAMES:
        moved = flow.vertices_px(portrait.face, basis.shape(name))
        field = flow.smooth((operator @ moved).reshape(grid.rows, grid.cols, 2).astype(np.float32))
        size = np.linalg.norm(field, axis=-1)
        inside = (size >= max(REGION_SHARE * float(size.max()), 1e-6)).astype(np.uint8)
        outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        corners = (cv2.approxPolyDP(line, _SIMPLIFIED_NODES, True)[:, 0] for line in outlines)
        first, step = grid.nodes_px[0, 0], grid.step_px
        regions[name] = [
            np.round(first + step * line, 1).tolist() for line in corners if len(line) >= 3
        ]
    for name, unit in CATALOG.items():
        if unit.sided:
            regions[name] = [polygon for side in sided_names(name) for polygon in regions[side]]
    return regions
