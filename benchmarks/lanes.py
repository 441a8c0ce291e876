"""Compare how far lanes that are made from a film move a portrait with the motion of the film.

Run as ``python -m benchmarks.lanes --clips FOLDER --portraits FOLDER``. Each clip becomes lanes, as in the studio's
transfer tab, and each portrait is moved by them with its measured gain. The written clip is compared with the film as
``mien evaluate motion`` does, by every optical flow. The clips are for evaluation only.
"""

from __future__ import annotations

import argparse
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.report import PORTRAITS, report
from benchmarks.transfer_clips import CLIPS, clip_folders, clip_fps, field_of, targets
from mien.engines.driven import driving_aus
from mien.engines.rig.engine import RigEngine
from mien.engines.track_gain import track_gain
from mien.evaluate.motion import evaluate_motion
from mien.face.portrait import Portrait
from mien.generate import generate
from mien.motion.field import MotionField
from mien.motion.flow_method import FlowMethod
from mien.studio.lanes import VISIBLE_INTENSITY, courses, lanes


def moved_by_lanes(
    motion: MotionField, fps: Fraction, portrait: Portrait, out: Path, least: float
) -> dict[str, float]:
    """Write the clip that the studio exports for a film's lanes that reach an intensity.

    Returns:
        The gain, and the slope of the lanes' peaks over the peaks of the measured courses: 1 if they are equal, a
        little less if a course is noisy or briefer than an envelope.
    """
    units = driving_aus(motion)
    made = lanes(units, "none", least)
    track = courses(made, motion.times_seconds)
    gain = track_gain(RigEngine().prepare(portrait), track, motion)
    ends = max(envelope.offset_seconds for envelope in made)
    last = float(motion.times_seconds[-1])
    generate(
        portrait,
        out,
        au=[envelope.format() for envelope in made],
        strength=gain.factor,
        fps=fps,
        tail_seconds=max(last - ends, 0.0),
    )
    read = units.values[:, [units.names.index(name) for name in track.names]].astype(np.float64)
    peaks, named = read.max(0), track.values.max(0).astype(np.float64)
    return {
        "gain": gain.factor,
        "label_of_measured": round(float((peaks * named).sum() / (peaks**2).sum()), 3),
    }


def main() -> None:
    """Move every face by every clip's lanes, and compare result and clip by every flow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=1, help="portraits beside the template face")
    parser.add_argument("--every", type=int, default=6, help="compare every N-th frame by tvl1")
    parser.add_argument(
        "--least", type=float, default=VISIBLE_INTENSITY, help="leave weaker AUs out"
    )
    options = parser.parse_args()
    faces = targets(options.clips, options.portraits, options.count)
    with tempfile.TemporaryDirectory() as folder:
        for clip in clip_folders(options.clips):
            fps = clip_fps(clip)
            motion = field_of(clip / "frames", fps).kept()
            for name, portrait in faces.items():
                out = Path(folder) / "moved.mkv"
                facts = moved_by_lanes(motion, fps, portrait, out, options.least)
                for flow in get_args(FlowMethod):
                    every = 1 if flow == "dis" else options.every
                    score = evaluate_motion(
                        clip / "frames", out, fps=fps, flow=flow, every=every
                    ).score
                    report(
                        "lanes",
                        {
                            "clip": clip.name,
                            "face": name,
                            "flow": flow,
                            "every": every,
                            "least": options.least,
                        },
                        {
                            "amplitude": round(score.amplitude, 3),
                            "cosine": round(score.cosine, 3),
                            "timing": round(score.timing, 3),
                            **facts,
                        },
                    )


if __name__ == "__main__":
    main()
