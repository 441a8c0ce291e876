"""Time the encoders alone on a moving face of 512x512 pixels, and measure the quality of the files; print JSON lines.

Run as ``python -m benchmarks.encode``; needs the ``demo`` extra (scikit-image's astronaut).
"""

from __future__ import annotations

import tempfile
import time
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from benchmarks.report import report
from mien.io.clips import open_clip
from mien.io.formats import SinkOptions
from mien.io.sinks import open_sink

SIDE_PX = 512
FRAMES = 120
REPEATS = 3


def moving_face(grain: float) -> list[np.ndarray]:
    """Return frames whose middle sways by up to 3 px, with constant camera grain of this standard deviation."""
    image = cv2.resize(data.astronaut(), (SIDE_PX, SIDE_PX)).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, grain, image.shape) if grain else 0.0
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX].astype(np.float32)
    weight = np.exp(-(((x - 220) / 80) ** 2) - ((y - 110) / 90) ** 2)
    weight[weight < 0.02] = 0
    sway = [(3 * np.sin(np.pi * i / FRAMES) * weight).astype(np.float32) for i in range(FRAMES)]
    return [cv2.remap(image, x + s, y - s / 2, cv2.INTER_LINEAR) for s in sway]


def measure(path: Path, frames: list[np.ndarray], options: SinkOptions) -> dict[str, object]:
    """Write the frames a few times; return the best rate, the PSNR of the worst frame and the file size per frame."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        with open_sink(path, Fraction(200), width=SIDE_PX, height=SIDE_PX, options=options) as sink:
            for frame in frames:
                sink.write(frame)
        seconds.append(time.perf_counter() - start)
    errors = [
        float(np.mean((read.astype(np.float32) - frame) ** 2))
        for (_, read), frame in zip(open_clip(path, Fraction(200)), frames, strict=True)
    ]
    files = path.iterdir() if path.is_dir() else [path]
    return {
        "frames_per_second": round(len(frames) / min(seconds)),
        "worst_frame_psnr_db": round(10 * np.log10(255**2 / max(errors)), 1)
        if max(errors)
        else None,
        "kilobytes_a_frame": round(sum(f.stat().st_size for f in files) / len(frames) / 1000, 1),
    }


def main() -> None:
    """Print one JSON line for each format and kind of picture."""
    with tempfile.TemporaryDirectory() as folder:
        for grain in (0.0, 8.0):
            frames = moving_face(grain)
            for name in ("a.mp4", "420.mp4", "a.mkv", "a.gif", "frames"):
                options = SinkOptions(chroma="420" if name == "420.mp4" else "444")
                result = measure(Path(folder) / name, frames, options)
                report("encode", {"output": name, "grain": grain}, result)


if __name__ == "__main__":
    main()
