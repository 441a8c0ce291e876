"""Compare the mouths that ULME-GAN opens with those of the rig that taught it, on held-out portraits.

Run as ``python -m benchmarks.ulme_gan_mouths``. The jaw drops (AU26) at levels B, C and E on portraits that training
held out. *Inside* is the mean absolute difference to the rig's frame, in grey levels, where the rig draws the inside of
the mouth. *Around* is the same in a band of 0.8 cm around it: the lips. Reported are the network alone (``--mouth
network``), the engine's default (``--mouth rig``), and a control: *nothing*, the portrait itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from jaxtyping import Float32

from benchmarks.report import PORTRAITS, report
from benchmarks.ulme_gan import Nothing, held_out_portraits
from mien.au.intensity import intensity_from_level
from mien.au.track import AUTrack
from mien.engines.base import TrackSession
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Image

AU = "AU26"
LEVELS = "BCE"
FACES = 10
AROUND_CM = 0.8

Prepare: TypeAlias = Callable[[Portrait], TrackSession]
"""Prepares a portrait, as an engine's ``prepare`` does."""


def jaw(level: str) -> AUTrack:
    """Return one frame with a dropped jaw."""
    return AUTrack((AU,), np.full((1, 1), intensity_from_level(level), np.float32), np.zeros(1))


def places(face: Portrait, level: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where the rig draws the inside of the mouth (H, W), and the band around it, both from 0 to 1."""
    (move,) = personalise(load_basis(), face.face).displace(jaw(level))
    inside: Float32[np.ndarray, "h w"] = PortraitWarper(face).way_back(move).drawn
    reach = 2 * round(AROUND_CM * face.face.pose.scale_px_per_cm) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    around = cv2.dilate(inside, disc) * (inside == 0)
    return inside, around


def difference(made: Image, wanted: Image, where: np.ndarray) -> float:
    """Return the mean absolute difference of two frames, grey levels; NaN where there is nothing to compare."""
    away = np.abs(made[..., :3].astype(np.float32) - wanted[..., :3]).mean(-1)
    return float((away * where).sum() / where.sum()) if where.any() else float("nan")


def main() -> None:
    """Report each engine at each level."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--faces", type=int, default=FACES)
    options = parser.parse_args()
    faces = held_out_portraits(options.portraits, options.faces)
    engines: dict[str, Prepare] = {
        "ulme-gan": UlmeGanEngine(UlmeGanSettings(mouth="network")).prepare,
        "ulme-gan, mouth by the rig": UlmeGanEngine(UlmeGanSettings(mouth="rig")).prepare,
        "nothing": Nothing,
    }
    found = {(name, level): np.zeros((len(faces), 2)) for name in engines for level in LEVELS}
    for number, face in enumerate(faces):
        rig = RigEngine().prepare(face)
        sessions = {name: prepare(face) for name, prepare in engines.items()}
        for level in LEVELS:
            wanted, where = next(rig.render(jaw(level))), places(face, level)
            for name, session in sessions.items():
                made = next(session.render(jaw(level)))
                found[name, level][number] = [difference(made, wanted, part) for part in where]
    for (name, level), errors in found.items():
        inside, around = np.nanmean(errors, axis=0)
        report(
            "ulme_gan_mouths",
            {"engine": name, "au": AU, "level": level, "faces": len(faces)},
            {
                "inside": round(float(inside), 1),
                "around": round(float(around), 1),
                "inside_each": np.round(errors[:, 0], 1).tolist(),
            },
        )


if __name__ == "__main__":
    main()
