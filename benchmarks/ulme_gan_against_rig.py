"""Compare ULME-GAN with the rig that taught it: motion, ghosting and identity on held-out portraits.

Run as ``python -m benchmarks.ulme_gan_against_rig [--flow tvl1] [--weights FOLDER]``. Six sets of AUs are shown on five
portraits that training held out. Motion is the optical flow from the portrait to the result, at the mesh's vertices.
*Amplitude* is its length divided by that of the rig's result, *cosine* their agreement, and *ghosting* the part of the
change that flow does not explain (`mien.metrics.ghosting`). Levels are A to C by DIS, and B and C by TV-L1, which no
engine uses. *Lid gap* is the opening of both eyes with AU45 divided by that at rest, by the landmark network. The
weights are reported beside two controls: the rig itself, and the same network with random weights, which must fail. In
these rows the network alone makes the pictures (``--lids network --mouth network``). One more row has the weights with
lids and mouth by the rig, which is the default for users.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.openings import gap
from benchmarks.report import PORTRAITS, report
from benchmarks.ulme_gan import ALONE, held_out_portraits, random_engine
from mien.au.intensity import intensity_from_level
from mien.au.track import AUTrack
from mien.engines.base import TrackSession
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.face.portrait import Portrait
from mien.metrics.face_flow import vertex_motion
from mien.metrics.ghosting import ghosting
from mien.metrics.identity import identity_cosines
from mien.metrics.motion import cosine
from mien.motion.flow_method import FlowMethod
from mien.types import Image, Vertices2

AUS = (("AU4",), ("AU9",), ("AU12",), ("AU15",), ("AU26",), ("AU1", "AU2"))
LEVELS: dict[FlowMethod, str] = {"dis": "ABC", "tvl1": "BC"}
FACES = 5
LID_LEVELS = "CE"
Case = tuple[int, tuple[str, ...], str]
"""Number of the portrait, AUs, level."""


def frames(sessions: Sequence[TrackSession], cases: Sequence[Case]) -> list[Image]:
    """Render the apex of each case."""
    made = []
    for face, aus, level in cases:
        row = np.full((1, len(aus)), intensity_from_level(level), np.float32)
        made.append(next(iter(sessions[face].render(AUTrack(aus, row, np.zeros(1))))))
    return made


def lid_gaps(sessions: Sequence[TrackSession], faces: Sequence[Portrait]) -> dict[str, float]:
    """Return the mean lid gap with AU45 at each of `LID_LEVELS`."""
    gaps = {}
    for level in LID_LEVELS:
        shut = frames(sessions, [(number, ("AU45",), level) for number in range(len(faces))])
        each = [gap(face, frame) for face, frame in zip(faces, shut, strict=True)]
        gaps[level] = round(float(np.mean(each)), 2)
    return gaps


def judge(
    name: str,
    sessions: Sequence[TrackSession],
    faces: Sequence[Portrait],
    cases: Sequence[Case],
    made: Sequence[Image],
    wanted: Sequence[Vertices2],
    method: FlowMethod,
) -> None:
    """Report an engine's frames: all cases together, then each AU."""
    motions = [vertex_motion(faces[c[0]], f, method) for c, f in zip(cases, made, strict=True)]
    ghosts = [ghosting(faces[c[0]], f, method) for c, f in zip(cases, made, strict=True)]
    cosines = [cosine(own, rig) for own, rig in zip(motions, wanted, strict=True)]
    sizes = [
        float(np.linalg.norm(own) / np.linalg.norm(rig))
        for own, rig in zip(motions, wanted, strict=True)
    ]
    at_c = [(faces[c[0]], f) for c, f in zip(cases, made, strict=True) if c[2] == "C"]
    identity = np.mean([identity_cosines(face.image, [frame])[0] for face, frame in at_c])
    config = {"engine": name, "flow": method, "faces": len(faces), "pairs": len(cases)}
    report(
        "ulme_gan_against_rig",
        config,
        {
            "amplitude": round(float(np.mean(sizes)), 3),
            "cosine": round(float(np.mean(cosines)), 3),
            "ghosting": round(float(np.mean(ghosts)), 3),
            "identity_at_C": round(float(identity), 3),
            "lid_gap": lid_gaps(sessions, faces),
            "each": {
                "+".join(aus): [
                    round(
                        float(
                            np.mean([x for x, c in zip(values, cases, strict=True) if c[1] == aus])
                        ),
                        2,
                    )
                    for values in (sizes, cosines, ghosts)
                ]
                for aus in AUS
            },
        },
    )


def main() -> None:
    """Report the shipped weights or others, the rig and the control."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--faces", type=int, default=FACES)
    parser.add_argument("--flow", choices=tuple(LEVELS), default="dis")
    parser.add_argument("--weights", type=Path, nargs="*", default=[], help="other weights too")
    parser.add_argument("--only-weights", action="store_true", help="without rig and control")
    options = parser.parse_args()
    faces = held_out_portraits(options.portraits, options.faces)
    cases = [
        (face, aus, level)
        for face in range(len(faces))
        for aus in AUS
        for level in LEVELS[options.flow]
    ]
    rigs = [RigEngine().prepare(face) for face in faces]
    rig = frames(rigs, cases)
    wanted = [vertex_motion(faces[c[0]], f, options.flow) for c, f in zip(cases, rig, strict=True)]
    engines = {"ulme-gan": UlmeGanEngine(UlmeGanSettings(**ALONE))}
    engines["ulme-gan, lids and mouth by the rig"] = UlmeGanEngine()
    engines |= {str(f): UlmeGanEngine(UlmeGanSettings(weights=f, **ALONE)) for f in options.weights}
    if not options.only_weights:
        judge("rig", rigs, faces, cases, rig, wanted, options.flow)
        engines["random"] = random_engine()
    for name, engine in engines.items():
        sessions = [engine.prepare(face) for face in faces]
        judge(name, sessions, faces, cases, frames(sessions, cases), wanted, options.flow)


if __name__ == "__main__":
    main()
