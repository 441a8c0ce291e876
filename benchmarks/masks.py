"""Count how many masks drawn on faces are detected, and how many bare faces are taken for masked.

Run as ``python -m benchmarks.masks --portraits FOLDER [--count N] [--seed N]``. Each picture is looked at three times:
as it is, with a mask whose colour is drawn at random, and with a mouth on that mask: a line, black or red.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.masked import with_drawn_mouth, with_mask
from benchmarks.report import PORTRAITS, report
from mien.errors import FaceError
from mien.face.mouth_cover import mouth_is_covered
from mien.face.portrait import Portrait, find_face
from mien.io.images import read_image
from mien.types import Image

COLOURS = {
    "blue": (165, 205, 228),
    "white": (238, 238, 236),
    "black": (30, 30, 34),
    "pink": (238, 182, 196),
    "beige": (222, 196, 170),
}
"""RGB of the drawn masks."""

COLOUR_SPREAD = 8.0
"""Standard deviation of a mask's colour about the one in `COLOURS`, 0 to 255."""


LINES = ((25, 25, 25), (180, 40, 50))
"""RGB of the mouths drawn on masks."""


def count_masks(pictures: Iterable[Image], seed: int) -> Counter[str]:
    """Count the detections on bare and on masked faces.

    Args:
        pictures: Pictures (H, W, 3 or 4), each with one face without a mask.
        seed: Seed of the masks' colours.

    Returns:
        ``bare``: bare faces; ``bare_taken_for_masked``: those of them that are taken for masked; ``masks``: masks on
        faces that are still found; ``masks_seen``: those of them that are detected; ``with_a_mouth_seen``: those that
        are detected with a mouth drawn on them; ``masks_blue``, ``masks_seen_blue`` and so on: the same by colour;
        ``without_a_face``: pictures without exactly one face; ``masked_without_a_face``: faces that are no longer
        found with the mask.
    """
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    for picture in pictures:
        # Drawn for every picture, so that a face that is not found does not change the masks of other pictures.
        name = str(rng.choice(list(COLOURS)))
        red, green, blue = np.rint(rng.normal(COLOURS[name], COLOUR_SPREAD)).clip(0, 255)
        try:
            portrait = Portrait.from_image(picture)
        except FaceError:
            counts["without_a_face"] += 1
            continue
        counts["bare"] += 1
        counts["bare_taken_for_masked"] += mouth_is_covered(picture, portrait.face)
        masked = with_mask(portrait, (int(red), int(green), int(blue)))
        try:
            face = find_face(masked)
        except FaceError:
            counts["masked_without_a_face"] += 1
            continue
        seen = mouth_is_covered(masked, face)
        drawn = with_drawn_mouth(masked, portrait, LINES[counts["masks"] % len(LINES)])
        try:
            behind_line = mouth_is_covered(drawn, find_face(drawn))
        except FaceError:
            behind_line = False
        for kind in ("", f"_{name}"):
            counts[f"masks{kind}"] += 1
            counts[f"masks_seen{kind}"] += seen
            counts[f"with_a_mouth_seen{kind}"] += behind_line
    return counts


def main() -> None:
    """Draw a mask on each face, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, help="number of pictures, spread over the folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = sorted(options.portraits.glob("*.jpg"))
    if options.count is not None and options.count < len(files):
        files = [files[i * len(files) // options.count] for i in range(options.count)]
    counts = count_masks(map(read_image, files), options.seed)
    report("masks", {"pictures": len(files), "seed": options.seed}, dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
