"""Score each recogniser on the MEGC2019 composite, and measure how much leakage from the test subject adds.

Run as ``python -m benchmarks.recognition [--model NAME ...] [--seeds N] [--epochs N] [--leak] [--augment rig:N] [--use
mix]``; needs the composite's flow maps, which are not part of the project. Record each run in ``docs/recognition.md``,
unless it repeats one that is recorded there.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from benchmarks.recognition_flows import FLOWS, composite
from benchmarks.report import report
from mien.recognition.evaluate import evaluate_recognition
from mien.recognition.names import MODEL_NAMES, NET_NAMES
from mien.recognition.nets import NetRecipe
from mien.recognition.options import RecognitionOptions

MODELS = ("svm", "kernel", "ststnet", "off-apexnet")
"""What is scored by default. The other networks take hours of one core: name them to score them."""


def main() -> None:
    """Score the chosen recognisers, one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="+", choices=MODEL_NAMES, default=MODELS)
    parser.add_argument("--seeds", type=int, default=RecognitionOptions.seeds)
    parser.add_argument("--epochs", type=int, default=RecognitionOptions.epochs)
    parser.add_argument("--leak", action="store_true")
    parser.add_argument("--augment")
    parser.add_argument("--use", choices=("mix", "finetune"), default=RecognitionOptions.use)
    asked = parser.parse_args()
    composite()  # ends the program if the maps are missing
    for model in asked.model:
        how = RecognitionOptions(
            model=model,
            seeds=asked.seeds,
            epochs=asked.epochs if model in NET_NAMES else None,
            leak=asked.leak,
            augment=asked.augment,
            use=asked.use,
        )
        epochs = (how.epochs or NetRecipe.epochs) if model in NET_NAMES else None
        start, busy = time.perf_counter(), time.process_time()
        figures = evaluate_recognition(FLOWS, how)
        figures["total_seconds"] = round(time.perf_counter() - start, 1)
        figures["processor_seconds"] = round(time.process_time() - busy, 1)
        report(
            "recognition",
            {"augment": how.augment, "use": how.augment and how.used, "epochs": epochs},
            _rounded(figures),
        )


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return np.round(value, 1).tolist()
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
