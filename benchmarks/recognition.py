"""Recognition on the MEGC2019 composite, and folds trained together against one after another.

Run as ``python -m benchmarks.recognition``; needs the composite's flow maps, which are not part of the project.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks.report import PORTRAITS, report
from mien.api.recognition import evaluate_recognition
from mien.api.recognition_options import RecognitionOptions
from mien.io.flow_sets import FlowSet
from mien.training.recognition_folds import left_out_scores
from mien.training.recognition_nets import NetRecipe

FLOWS = PORTRAITS.parent / "megc2019" / "flows.npz"
SPEED_EPOCHS = 5
"""Of the comparison of speed, on the first folds; time grows with epochs and folds in proportion."""
SPEED_FOLDS = 8


def main() -> None:
    """Score each recogniser, then time folds together and alone."""
    if not FLOWS.is_file():
        print(f"no flow maps at {FLOWS}: recognition not run", file=sys.stderr)
        return
    for options in (
        RecognitionOptions(model="svm"),
        RecognitionOptions(model="kernel"),
        RecognitionOptions(model="ststnet"),
        RecognitionOptions(model="ststnet", leak=True, seeds=1),
    ):
        start = time.perf_counter()
        figures = evaluate_recognition(FLOWS, options)
        figures["total_seconds"] = round(time.perf_counter() - start, 1)
        report("recognition", {"model": options.model, "leak": options.leak}, figures)
    speed()


def speed() -> None:
    """Time training four folds in one module against one fold after another in the same code."""
    real = FlowSet.from_npz(FLOWS)
    fold = np.unique(real.subject, return_inverse=True)[1]
    few = fold < SPEED_FOLDS
    seconds = {}
    for together in (1, 4):
        recipe = NetRecipe(epochs=SPEED_EPOCHS, folds_together=together)
        start = time.perf_counter()
        # The other subjects are in no fold of their own, so every fold learns from them.
        left_out_scores(
            *(real.flow[few], real.label[few], fold[few], recipe, 0),
            extra=(real.flow[~few], real.label[~few]),
        )
        seconds[together] = time.perf_counter() - start
    scale = (fold.max() + 1) / SPEED_FOLDS * NetRecipe().epochs / SPEED_EPOCHS
    result = {f"folds_together_{n}_seconds": round(s * scale, 1) for n, s in seconds.items()}
    report("recognition speed, scaled to 68 folds of 100 epochs", {}, result)


if __name__ == "__main__":
    main()
