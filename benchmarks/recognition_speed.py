"""Time training of all folds together against training of one fold after another with torch's own layers.

Run as ``OMP_NUM_THREADS=1 python -m benchmarks.recognition_speed``; needs the composite's flow maps, which are
not part of the project. Time is proportional to epochs and folds, so a few of each are enough.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.plain_ststnet import train_plain
from benchmarks.recognition_flows import composite
from benchmarks.report import report
from mien.recognition.net_folds import left_out_scores
from mien.recognition.nets import NetRecipe

EPOCHS = 2
TOGETHER = 16
"""Number of folds that are trained together: two modules of eight, one for each of two cores."""
ALONE = 2
ROUNDS = 5


def main() -> None:
    """Time both in turn, so that other work on the machine affects both."""
    real, fold = composite()
    flow, label = real.flow, real.label
    recipe = NetRecipe(epochs=EPOCHS)
    few = fold < TOGETHER

    def together() -> None:
        # The other subjects are in no fold of their own, so every fold learns from them.
        extra = (flow[~few], label[~few])
        left_out_scores(flow[few], label[few], fold[few], recipe, 0, extra)

    def alone() -> None:
        for number in range(ALONE):
            train_plain(flow[fold != number], label[fold != number], recipe, 0)

    together()  # torch loads what it needs
    alone()
    wall: dict[str, list[float]] = {"together": [], "alone": []}
    processor: dict[str, list[float]] = {"together": [], "alone": []}
    for _ in range(ROUNDS):
        for name, work, folds in (("together", together, TOGETHER), ("alone", alone, ALONE)):
            seconds, busy = _timed(work)
            scale = len(np.unique(fold)) / folds * NetRecipe().epochs / EPOCHS
            wall[name].append(seconds * scale)
            processor[name].append(busy * scale)
    result = {
        f"{name}_{what}_seconds": round(statistics.median(times[name]), 1)
        for what, times in (("wall", wall), ("processor", processor))
        for name in ("together", "alone")
    }
    for what, times in (("wall", wall), ("processor", processor)):
        ratios = [a / t for a, t in zip(times["alone"], times["together"], strict=True)]
        result[f"times_quicker_{what}"] = round(statistics.median(ratios), 2)
    report(
        "recognition speed",
        {"torch_threads": torch.get_num_threads(), "rounds": ROUNDS},
        result,
    )


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - busy


if __name__ == "__main__":
    main()
