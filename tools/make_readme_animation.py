"""Make the README's animation: one micro-expression at true speed, slowed, and slowed with magnified motion.

    python tools/make_readme_animation.py --portraits ../shared/data/portraits

The portrait is AI-generated (CC0), so the documentation shows no real person's face.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

import mien
from mien.au.catalog import RIG_NAMES
from mien.io.images import read_image
from mien.io.mark import SyntheticMark

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "micro_expression.webp"
PORTRAIT = "male_12.jpg"
EXPRESSION = "surprise"
PEAK = 1.6
"""Intensity of the strongest AU, FACS 0 to 5: between A and B, as micro-expressions are."""
MAGNIFY = 2.5
"""Factor by which the motion is magnified in the third tile."""
SLOWED = 8
"""Factor by which the movement is slowed in the second and third tile."""

FRAME_MS = 20
BEFORE_SECONDS = 0.6
AFTER_SECONDS = 0.6
TILE_PX = 280
GAP_PX = 6
LABEL_PX = 28
MAX_BYTES = 1_000_000
QUALITY = 74

_MARGIN = 0.08
"""Margin around the face's box, as a share of its size."""


def labels() -> tuple[str, str, str]:
    """Return the labels below the three tiles."""
    slow = f"{SLOWED} times slower"
    return f"true speed: {moving_seconds():.2f} s", slow, f"{slow}, motion x {MAGNIFY}"


def moving_seconds() -> float:
    """Return how long the face moves at true speed."""
    return max(each.offset_seconds for each in mien.preset(EXPRESSION).envelopes)


def times_seconds() -> tuple[np.ndarray, np.ndarray]:
    """Return the times of all frames at true speed and in slow motion, seconds from the onset.

    At true speed the movement is shown twice: at the beginning and at the end of the slow one.
    """
    moving = moving_seconds()
    slow_seconds = moving * SLOWED
    total = BEFORE_SECONDS + slow_seconds + AFTER_SECONDS
    clock = np.arange(round(total * 1000 / FRAME_MS)) * FRAME_MS / 1000 - BEFORE_SECONDS
    again = clock - (slow_seconds - moving)
    return np.where(clock < slow_seconds / 2, clock, again), clock / SLOWED


def course(seconds: np.ndarray, strength: float) -> mien.AUTrack:
    """Return the AUs at given times, seconds from the onset; 0 before and after the movement."""
    expression = mien.preset(EXPRESSION, PEAK)
    fps = 1000
    track = expression.track(fps)
    values = track.to_sided() * np.float32(strength)
    index = np.rint(seconds * fps).astype(int)
    inside = (index >= 0) & (index < len(values))
    rows = np.where(inside[:, None], values[np.clip(index, 0, len(values) - 1)], np.float32(0))
    return mien.AUTrack(RIG_NAMES, rows, np.arange(len(rows)) * FRAME_MS / 1000)


def pictures(file: Path) -> list[UInt8[np.ndarray, "height width 3"]]:
    """Return the frames, RGB: the three tiles side by side with their labels."""
    portrait = mien.Portrait.from_image(np.ascontiguousarray(read_image(file)[:, :, :3]))
    left, top, right, bottom = portrait.face.box_px
    half = (0.5 + _MARGIN) * max(right - left, bottom - top)
    x, y = (left + right) / 2, (top + bottom) / 2
    box = (round(x - half), round(y - half), round(x + half), round(y + half))
    true, slow = times_seconds()
    tracks = (course(true, 1), course(slow, 1), course(slow, MAGNIFY))
    tiles = [
        [_tile(frame, box) for frame in mien.render_frames(portrait, track)] for track in tracks
    ]
    paper = _paper()
    found = []
    for row in zip(*tiles, strict=True):
        canvas = paper.copy()
        for number, tile in enumerate(row):
            canvas.paste(tile, (number * (TILE_PX + GAP_PX), 0))
        found.append(np.asarray(canvas))
    return found


def _tile(frame: np.ndarray, box: tuple[int, int, int, int]) -> Image.Image:
    cut = Image.fromarray(frame).crop(box)
    return cut.resize((TILE_PX, TILE_PX), Image.Resampling.LANCZOS)


def _paper() -> Image.Image:
    size = (3 * TILE_PX + 2 * GAP_PX, TILE_PX + LABEL_PX)
    canvas = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(size=17)
    for number, label in enumerate(labels()):
        middle = (number * (TILE_PX + GAP_PX) + TILE_PX / 2, TILE_PX + LABEL_PX / 2)
        draw.text(middle, label, font=font, fill="#222222", anchor="mm")
    return canvas


def save(frames: list[UInt8[np.ndarray, "height width 3"]], out: Path) -> None:
    """Write a looping animated WebP with the synthetic mark.

    Raises:
        ValueError: The file is larger than `MAX_BYTES`.
    """
    first, *others = [Image.fromarray(frame) for frame in frames]
    packet = SyntheticMark().xmp()
    assert packet is not None
    first.save(
        out,
        save_all=True,
        append_images=others,
        duration=FRAME_MS,
        loop=0,
        quality=QUALITY,
        method=4,
        xmp=packet.encode(),
    )
    if (size := out.stat().st_size) > MAX_BYTES:
        raise ValueError(f"expected a picture of at most {MAX_BYTES} bytes, got {size}")


def main() -> None:
    """Make the animation, and print its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=Path("../shared/data/portraits"))
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    frames = pictures(arguments.portraits / PORTRAIT)
    save(frames, arguments.out)
    kilobytes = arguments.out.stat().st_size / 1000
    print(f"{arguments.out}: {len(frames)} frames, {kilobytes:.0f} kB")


if __name__ == "__main__":
    main()
