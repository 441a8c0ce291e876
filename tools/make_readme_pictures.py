"""Draw the README's picture: the eight presets at level D, at their apex, on two portraits.

    python tools/make_readme_pictures.py --portraits ../shared/data/portraits

The portraits are AI-generated (CC0), so the documentation shows no real person's face.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

import mien
from mien.au.catalog import RIG_NAMES
from mien.au.presets import PRESETS
from mien.io.images import read_image
from mien.io.mark import SyntheticMark

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "presets.png"
PORTRAITS = ("male_12.jpg", "female_90.jpg")
LEVEL = "D"

TILE_PX = 240
GAP_PX = 4
BETWEEN_PX = 20
LABEL_PX = 26
COLUMNS = 3
COLOURS = 256

_MARGIN = 0.10
"""Margin around the face's box, as a share of its larger side."""


def apex_tiles(file: Path) -> dict[str, Image.Image]:
    """Return the neutral face and each preset's apex frame, cut square to the face, by name."""
    image = read_image(file)[:, :, :3]
    portrait = mien.Portrait.from_image(np.ascontiguousarray(image))
    box = _square(portrait)
    rows = [np.zeros(len(RIG_NAMES), np.float32)]
    for name in PRESETS:
        track = mien.preset(name, LEVEL).track(200)
        rows.append(track.to_sided()[track.apex_index])
    # One track whose frames are all apexes, because preparing the portrait takes most of the time.
    apexes = mien.AUTrack(RIG_NAMES, np.stack(rows), np.arange(len(rows)) / 200)
    frames = mien.render_frames(portrait, apexes)
    names = ("the portrait", *PRESETS)
    return {name: _tile(frame, box) for name, frame in zip(names, frames, strict=True)}


def _square(portrait: mien.Portrait) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the square around the face."""
    left, top, right, bottom = portrait.face.box_px
    half = (0.5 + _MARGIN) * max(right - left, bottom - top)
    x, y = (left + right) / 2, (top + bottom) / 2
    return round(x - half), round(y - half), round(x + half), round(y + half)


def _tile(frame: np.ndarray, box: tuple[int, int, int, int]) -> Image.Image:
    cut = Image.fromarray(frame).crop(box)
    return cut.resize((TILE_PX, TILE_PX), Image.Resampling.LANCZOS)


def block(tiles: dict[str, Image.Image]) -> Image.Image:
    """Lay tiles out in rows of `COLUMNS`, each with its name below."""
    rows = -(-len(tiles) // COLUMNS)
    step_x, step_y = TILE_PX + GAP_PX, TILE_PX + LABEL_PX
    canvas = Image.new("RGB", (COLUMNS * step_x - GAP_PX, rows * step_y), "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(size=17)
    for number, (name, tile) in enumerate(tiles.items()):
        row, column = divmod(number, COLUMNS)
        x, y = column * step_x, row * step_y
        canvas.paste(tile, (x, y))
        middle = (x + TILE_PX / 2, y + TILE_PX + LABEL_PX / 2 - 1)
        draw.text(middle, name, font=font, fill="#222222", anchor="mm")
    return canvas


def main() -> None:
    """Draw the picture, and print its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=Path("../shared/data/portraits"))
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    blocks = [block(apex_tiles(arguments.portraits / name)) for name in PORTRAITS]
    width = sum(each.width for each in blocks) + BETWEEN_PX * (len(blocks) - 1)
    canvas = Image.new("RGB", (width, max(each.height for each in blocks)), "white")
    left = 0
    for each in blocks:
        canvas.paste(each, (left, 0))
        left += each.width + BETWEEN_PX
    # 256 colours take a third of the bytes, without a visible difference at this size.
    small = canvas.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
    text = PngInfo()
    for keyword, value in SyntheticMark().as_text().items():
        text.add_text(keyword, value)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    small.save(arguments.out, optimize=True, pnginfo=text)
    print(f"{arguments.out}: {canvas.size}, {arguments.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
