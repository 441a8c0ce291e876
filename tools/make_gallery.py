"""Make the pictures of docs/gallery.md: contact sheets of four clips, small enough for a repository.

    python tools/make_gallery.py --portraits ../shared/data/portraits

The portraits are AI-generated (CC0), so the documentation shows no real person's face.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from scipy.spatial import cKDTree

import mien
from mien.io.mark import SyntheticMark
from mien.plots.colours import COLOURS as COLOURS_OF_AUS
from mien.plots.contact_sheet import contact_sheet

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
CLIPS = (
    ("male_30", "happiness", "B"),
    ("female_60", "surprise", "D"),
    ("male_70", "disgust", "B"),
    ("female_21", "sadness", "D"),
)
"""Portrait, expression and level; docs/gallery.md shows and describes these four."""

CHANGE_COLOURS = "RdBu_r"
"""Matplotlib's name of the colour scale in which a sheet draws the difference."""

WIDTH_PX = 1100
MAX_BYTES = 350_000
COLOURS = 256
SCALE_COLOURS = 49
"""Number of palette colours for the difference's colour scale; odd, so that zero change has its own colour."""
GREYS = ("#ffffff", "#e6e6e6", "#d0d0d0", "#8a8a8a", "#222222")
"""Colours of the sheet's background, lines and letters."""


def sheet_name(portrait: str, expression: str, level: str) -> str:
    """Return a sheet's file name."""
    return f"sheet_{portrait}_{expression}_{level}.png"


def small_png(sheet: Image.Image) -> bytes:
    """Shrink a sheet to `WIDTH_PX` and to a palette, and keep its synthetic mark.

    Raises:
        ValueError: The result is larger than `MAX_BYTES`.
    """
    rgb = sheet.convert("RGB")
    if rgb.width > WIDTH_PX:
        size = (WIDTH_PX, round(rgb.height * WIDTH_PX / rgb.width))
        rgb = rgb.resize(size, Image.Resampling.LANCZOS)
    text = PngInfo()
    for keyword, value in SyntheticMark().as_text().items():
        text.add_text(keyword, value)
    data = io.BytesIO()
    to_palette(rgb, palette(rgb)).save(data, format="png", optimize=True, pnginfo=text)
    if data.tell() > MAX_BYTES:
        raise ValueError(f"expected a sheet of at most {MAX_BYTES} bytes, got {data.tell()}")
    return data.getvalue()


def palette(rgb: Image.Image) -> UInt8[np.ndarray, "colours 3"]:
    """Choose a sheet's colours: those with a meaning, then the picture's own.

    Chosen by the picture alone, most would be skin tones, and the thin lines of two AUs would get the
    same colour.
    """
    scale = colormaps[CHANGE_COLOURS](np.linspace(0, 1, SCALE_COLOURS))[:, :3]
    meaning = np.concatenate([scale, [to_rgb(colour) for colour in (*COLOURS_OF_AUS, *GREYS)]])
    fixed = np.rint(255 * meaning).astype(np.uint8)
    own = rgb.quantize(COLOURS - len(fixed)).getpalette()
    return np.concatenate([fixed, np.array(own, np.uint8).reshape(-1, 3)])


def to_palette(rgb: Image.Image, colours: UInt8[np.ndarray, "colours 3"]) -> Image.Image:
    """Give each pixel the nearest colour.

    It is not dithered, because the dots would look like change in the magnified difference. Pillow is
    not used, because it does not always take the nearest colour, so that white would not stay white.
    """
    pixels = np.asarray(rgb)
    nearest = cKDTree(colours).query(pixels.reshape(-1, 3))[1]
    result = Image.fromarray(nearest.reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
    result.putpalette(colours.tobytes())
    return result


def main() -> None:
    """Make the clips losslessly, and write their sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=Path("../shared/data/portraits"))
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for portrait, expression, level in CLIPS:
            clip = Path(folder) / f"{portrait}-{expression}-{level}.mkv"
            picture = arguments.portraits / f"{portrait}.jpg"
            mien.generate(picture, clip, expression=expression, intensity=level)
            sheet = contact_sheet(clip, clip.with_suffix(".png"))
            with Image.open(sheet) as drawn:
                data = small_png(drawn)
            target = arguments.out / sheet_name(portrait, expression, level)
            target.write_bytes(data)
            print(f"{target}: {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
