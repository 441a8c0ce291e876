"""Measure how well motion networks transfer lids that shut and mouths that open.

Run as ``python -m benchmarks.openings [--engines fomm mraa] [--weights FOLDER]``. The drivers are films of portraits
that the rig moves: a full blink (AU45) and an open mouth (AU25 and AU26), to level E. Reported are

- *lid gap*: the gap between another portrait's lids at the driver's blink, divided by the gap at rest, both found by
  the landmark network. The driver's own value, which a perfect transfer would reach, is reported too;
- *error*: for a portrait driven by its own film, the mean absolute difference to the rig's frame in grey levels, where
  lids cover the eyes and inside a mouth that was shut; with the network's painting, and with moved pixels alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from jaxtyping import Float32

from benchmarks.report import PORTRAITS, report
from benchmarks.ulme_gan import held_out_portraits
from mien.au.track import AUTrack
from mien.engines.base import Driver, MotionEngine
from mien.engines.registry import make_engine
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.field import measure_field
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import lid_openings_cm, personalise
from mien.types import Image

FACES = 4
MOVEMENTS = {"blink": ("AU45",), "open mouth": ("AU25", "AU26")}
FRAMES = 13
"""Number of frames of a film, which goes from rest to level E and back at 60 frames per second."""


@dataclass(frozen=True, eq=False)
class Film:
    """A portrait that the rig moves, and the pixels to compare at the apex: the eyes, or what the rig draws."""

    frames: list[Image]
    compared: Float32[np.ndarray, "height width"]

    @property
    def apex(self) -> int:
        """Number of the frame with the largest motion."""
        return FRAMES // 2


def filmed(portrait: Portrait, aus: tuple[str, ...]) -> Film:
    """Move a portrait from rest to level E and back."""
    basis = personalise(load_basis(), portrait.face)
    warper = PortraitWarper(portrait)
    course = 5 * np.sin(np.linspace(0, np.pi, FRAMES)) ** 2
    track = AUTrack(aus, np.repeat(course[:, None], len(aus), 1), np.arange(FRAMES) / 60)
    moves = basis.displace(track)
    compared = eyes_of(portrait) if "AU45" in aus else warper.way_back(moves[FRAMES // 2]).drawn
    return Film([warper.warp(move) for move in moves], compared)


def eyes_of(portrait: Portrait) -> Float32[np.ndarray, "height width"]:
    """Return (H, W): 1 within the eye openings of a portrait, 0 elsewhere."""
    inside = np.zeros(portrait.image.shape[:2], np.float32)
    for upper, lower in mesh.OPENINGS[1:]:
        outline = portrait.face.landmarks[[*upper, *lower[::-1]], :2]
        cv2.fillPoly(inside, [np.rint(outline).astype(np.int32)], 1.0)
    return inside


def carried(engine: MotionEngine, film: Film, portrait: Portrait) -> Image:
    """Return the apex of a film's motion on a portrait."""

    def timed() -> Iterator[tuple[float, Image]]:
        return ((number / 60, frame) for number, frame in enumerate(film.frames))

    driver = Driver.of(measure_field(timed()), lambda: iter(film.frames))
    return list(engine.prepare(portrait).transfer(driver))[film.apex]


def gap(before: Portrait, after: Image) -> float:
    """Return the gap between the lids in a picture divided by that of a portrait, both eyes together."""
    gaps = [
        sum(lid_openings_cm(face, side)[1:-1, 1].mean() for side in "LR")
        for face in (Portrait.from_image(after).face, before.face)
    ]
    return float(gaps[0] / gaps[1])


def main() -> None:
    """Report the figures of each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--engines", nargs="*", default=["fomm", "mraa", "mesh"])
    parser.add_argument("--weights", type=Path, help="other weights than those that come with Mien")
    options = parser.parse_args()
    if options.weights and len(options.engines) != 1:
        parser.error("expected one of fomm and mraa in --engines with --weights")
    faces = held_out_portraits(options.portraits, FACES)
    films = [{name: filmed(face, aus) for name, aus in MOVEMENTS.items()} for face in faces]
    for name in options.engines:
        settings = {"weights": options.weights} if options.weights else {}
        engine = cast(MotionEngine, make_engine(name, "transfer", settings))
        blinks = [film["blink"] for film in films]
        others = faces[1:] + faces[:1]
        figures: dict[str, object] = {
            "lid_gap_of_drivers": [
                round(gap(f, b.frames[b.apex]), 2) for f, b in zip(faces, blinks, strict=True)
            ],
            "lid_gap": [
                round(gap(o, carried(engine, b, o)), 2) for o, b in zip(others, blinks, strict=True)
            ],
        }
        ways = {"moved": {**settings, "painted": False}, "painted": settings}
        if name == "mesh":
            ways = {"painted": settings}
        for movement in MOVEMENTS:
            for way, asked in ways.items():
                own = cast(MotionEngine, make_engine(name, "transfer", asked))
                errors = []
                for face, film in zip(faces, films, strict=True):
                    true = film[movement]
                    made = carried(own, true, face)
                    away = np.abs(
                        made[..., :3].astype(float) - true.frames[true.apex][..., :3]
                    ).mean(-1)
                    errors.append(float((away * true.compared).sum() / max(true.compared.sum(), 1)))
                figures[f"error_{movement.replace(' ', '_')}_{way}"] = round(
                    float(np.mean(errors)), 1
                )
        report("openings", {"engine": name, "faces": FACES}, figures)


if __name__ == "__main__":
    main()
