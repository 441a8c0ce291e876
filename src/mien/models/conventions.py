"""How a motion network counts coordinates and samples pictures: as Mien does, or as the published code does.

Imported weights only give their authors' pictures if the network uses the conventions of their training.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conventions:
    """How a motion network counts coordinates and samples pictures.

    | what | Mien | published |
    |---|---|---|
    | pictures, inside the network | RGB in [-1, 1], painted by tanh | RGB in [0, 1], painted by a sigmoid |
    | outer pixels' centres | half a pixel inside -1 and 1 | at -1 and 1 |
    | a motion brought to a larger picture | displacements are resized | positions are resized |
    | beyond the border | the border is replicated | black |
    | downsampling | the filter is centred on each block | on the block's first pixel, with a black border |
    | prior points and maps | in the grid of the pixels' centres | pixel x is at 2 x / side - 1, cells count from 1 |
    | FOMM's keypoint and Jacobian maps | as large as the picture they come from | without the outer 3 cells |
    | MRAA's regions of a prior | each sums to 1 | their maximum is 1 |
    | MRAA's sign of a region's axes | by the trace of the map | by its first number |

    Attributes:
        published: Whether the conventions are those of the published code.
        align_corners: Whether sampling takes -1 and 1 as the outer pixels' centres. PyTorch's ``grid_sample`` did so
            before version 1.3, and since then takes them as the outer edges. The published code uses PyTorch's default.
    """

    published: bool = False
    align_corners: bool = False


MIEN = Conventions()

CONVENTIONS: dict[str, Conventions] = {
    "mien": MIEN,
    "published": Conventions(published=True),
    "published-corners": Conventions(published=True, align_corners=True),
}
"""The conventions by their name in a network's config."""
