"""Measure what generated flow maps add to recognition: alone, by their number, and beside few real people.

Run as ``python -m benchmarks.recognition_generated``; needs the composite's flow maps, which are not part of the
project. All figures are of the kernel machine with its defaults; nothing is chosen here.
"""

from __future__ import annotations

import numpy as np

from benchmarks.recognition_flows import composite
from benchmarks.report import report
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import confusion, uar, uf1
from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores, kernel_scores
from mien.synthesis.flows import generate_rig_flows

AMOUNTS = (100, 300, 1000, 3000)
PEOPLE = (4, 8, 16, 32)
DRAWS = 5
BESIDE = 900
"""Number of generated maps beside few real people."""


def main() -> None:
    """Print one line for each amount, and one for each number of people."""
    real, person = composite()
    for amount in AMOUNTS:
        made = generate_rig_flows(amount, 0)
        scores = kernel_scores(real.flow, (made.flow, made.label), KernelRecipe())
        counts = confusion(real.label, scores.argmax(1))
        result = {"uf1": round(float(uf1(counts)), 3), "uar": round(float(uar(counts)), 3)}
        report("recognition, generated alone", {"maps": amount, "model": "kernel"}, result)
    for people in PEOPLE:
        few_people(real, person, people)


def few_people(real: FlowSet, person: np.ndarray, people: int) -> None:
    """Learn from a few people, test on all others, with and without generated maps; means over draws."""
    made = generate_rig_flows(BESIDE, 0)
    figures = np.zeros((DRAWS, 2))
    for draw in range(DRAWS):
        chosen = some_people(real, person, people, draw)
        fold = (~np.isin(person, chosen)).astype(np.int64)
        test = fold == 1
        for column, extra in enumerate((None, (made.flow, made.label))):
            scores = kernel_left_out_scores(
                *(real.flow, real.label, fold, KernelRecipe()), extra, "finetune"
            )
            figures[draw, column] = uf1(confusion(real.label[test], scores[test].argmax(1)))
    without, with_it = figures.mean(0)
    gains = figures[:, 1] - figures[:, 0]
    result = {
        "without": round(float(without), 3),
        "with": round(float(with_it), 3),
        "gain": round(float(gains.mean()), 3),
        "least_gain": round(float(gains.min()), 3),
    }
    config = {
        "people": people,
        "draws": DRAWS,
        "maps": BESIDE,
        "model": "kernel",
        "use": "finetune",
    }
    report("recognition, few people", config, result)


def some_people(real: FlowSet, person: np.ndarray, people: int, draw: int) -> np.ndarray:
    """Draw people whose clips together show every class."""
    rng = np.random.default_rng(draw)
    while True:
        chosen = rng.permutation(person.max() + 1)[:people]
        if len(set(real.label[np.isin(person, chosen)].tolist())) == 3:
            return chosen


if __name__ == "__main__":
    main()
