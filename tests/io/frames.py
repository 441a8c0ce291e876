"""Frames to write: a real portrait whose face moves smoothly, while the rest stands still."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from mien.io.formats import SinkOptions
from mien.io.sink import FrameSink
from mien.io.sinks import open_sink


def moving_face(frames: int, width: int = 512, height: int = 512) -> list[np.ndarray]:
    """Return (height, width, 3) uint8 RGB frames of the astronaut, warped by up to 3 px."""
    image = cv2.resize(data.astronaut(), (width, height), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weight = np.exp(-(((x - width * 0.43) / 60) ** 2) - ((y - height * 0.2) / 60) ** 2)
    weight[weight < 0.02] = 0
    clip = []
    for i in range(frames):
        shift = (3 * np.sin(np.pi * i / max(frames, 2)) * weight).astype(np.float32)
        clip.append(cv2.remap(image, x + shift, y - shift / 2, cv2.INTER_LINEAR))
    return clip


def write_clip(
    path: Path | str,
    frames: list[np.ndarray],
    fps: Fraction = Fraction(200),
    options: SinkOptions | None = None,
) -> FrameSink:
    height, width, channels = frames[0].shape
    with open_sink(
        path, fps, width=width, height=height, channels=channels, options=options
    ) as sink:
        for frame in frames:
            sink.write(frame)
    return sink


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = np.mean((a.astype(np.float64) - b) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
