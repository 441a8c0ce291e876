"""Compare the motion of transferred clips with that of their drivers, beside the official outputs of ULME-GAN.

Run as ``python -m benchmarks.transfer --clips FOLDER --portraits FOLDER``. The clips are those of the MEGC2021
generation challenge, used for evaluation only. Portraits are resized to 512x512.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.report import PORTRAITS, report
from benchmarks.transfer_clips import CLIPS, clip_folders, clip_fps, targets
from benchmarks.transfer_scores import (
    Driven,
    Judge,
    Scored,
    agreement,
    official,
    reenacted,
    summary,
    summary_of,
    transferred,
)
from benchmarks.transfer_ways import NETWORKS, WAYS, Jacobians, network, packaged, untrained
from mien.engines.base import MotionEngine
from mien.motion.flow_method import FlowMethod


def main() -> None:
    """Transfer every clip to every face with every engine; rebuild every clip from itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--engines", nargs="*", help="only these engines, without the re-enactment")
    parser.add_argument("--clip", nargs="*", help="only the clips of these names")
    parser.add_argument(
        "--weights-root",
        type=Path,
        help="a folder with a folder of weights for each motion network, such as fomm-awp",
    )
    parser.add_argument("--unpainted", action="store_true", help="motion networks only move pixels")
    parser.add_argument(
        "--jacobians",
        choices=get_args(Jacobians),
        help="measured: from the driver's motion field, which the published systems do not do; by "
        "default as the weights were trained",
    )
    parser.add_argument(
        "--untrained",
        action="store_true",
        help="motion networks before their first training step, as a control",
    )
    parser.add_argument("--weights", type=Path, help="weights of ulme-gan other than its own")
    parser.add_argument("--flow", choices=get_args(FlowMethod), default="dis", help="for the score")
    parser.add_argument("--every", type=int, default=1, help="score every N-th frame only")
    options = parser.parse_args()
    judge = Judge(options.flow, options.every)
    faces = targets(options.clips, options.portraits, options.count)
    drivers = {
        folder: Driven.read(folder, judge)
        for folder in clip_folders(options.clips)
        if not options.clip or folder.name in options.clip
    }
    if judge.flow != "dis":
        report(
            "transfer",
            {"engine": "none: the drivers by both flows", "clip": "all", **judge.to_dict()},
            summary(
                [agreement(folder, driven.judged, judge) for folder, driven in drivers.items()]
            ),
        )
    for way in WAYS:
        if options.engines and way.engine not in options.engines:
            continue
        name = str(way)
        if way.engine in NETWORKS:
            engine: MotionEngine | None = (
                untrained(way.engine)
                if options.untrained
                else network(
                    way.engine, options.weights_root, not options.unpainted, options.jacobians
                )
            )
            name += ", untrained" if options.untrained else ""
            name += ", measured Jacobians" if options.jacobians == "measured" else ""
            name += ", unpainted" if options.unpainted else ""
        else:
            engine = packaged(way, options.weights)
            name += f", {options.weights.name}" if options.weights else ""
        if engine is None:
            print(f"{name}: no weights, left out", file=sys.stderr)
            continue
        everything: list[Scored] = []
        for folder, driven in drivers.items():
            scores = [transferred(engine, driven, face, folder, judge) for face in faces.values()]
            everything += scores
            report(
                "transfer",
                {"engine": name, "clip": folder.name, "faces": len(scores), **judge.to_dict()},
                summary_of(scores),
            )
        report(
            "transfer",
            {"engine": name, "clip": "all", "faces": len(faces), **judge.to_dict()},
            summary_of(everything),
        )
    if options.engines:
        return
    published = [
        official(folder, driven.judged, clip_fps(folder), judge)
        for folder, driven in drivers.items()
    ]
    report(
        "transfer",
        {"engine": "ULME-GAN, official outputs", "clip": "all", "faces": 1, **judge.to_dict()},
        summary(published),
    )
    ratios = []
    for folder in drivers:
        result = reenacted(folder, clip_fps(folder))
        ratios.append(result["squared_error_ratio"])
        report("reenact", {"clip": folder.name}, result)
    report("reenact", {"clip": "all"}, {"squared_error_ratio": round(float(np.mean(ratios)), 3)})


if __name__ == "__main__":
    main()
