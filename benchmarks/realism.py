"""Measure how real generated flow maps look, how alike real data sets are, and how many maps are made per second.

Run as ``python -m benchmarks.realism``; needs the composite's flow maps, which are not part of the project. No label of
the composite is read.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.recognition_flows import FLOWS
from benchmarks.report import report
from mien.io.flow_sets import FlowSet
from mien.recognition.realism import evaluate_realism
from mien.synthesis.face_bank import face_bank
from mien.synthesis.flow_recipe import RigFlowRecipe
from mien.synthesis.flows import generate_rig_flows

SEEDS = 3
COUNT = 10_000
"""Number of maps that are timed."""


def main() -> None:
    """Time the generator, then measure how well its maps, and each real data set, can be told from other real maps."""
    speed()
    if not FLOWS.is_file():
        print(f"no flow maps at {FLOWS}: realism not measured", file=sys.stderr)
        return
    real = FlowSet.from_npz(FLOWS)
    auc = [evaluate_realism(FLOWS, f"rig:{len(real)}", seed)["auc"] for seed in range(SEEDS)]
    config = {"maps": len(real), "seeds": SEEDS}
    report("realism rig", config, {"auc": round(float(np.mean(auc)), 3), "each": _rounded(auc)})
    # The generator's constants were chosen with the other half of the people, never with these.
    unseen = real.take(np.isin(real.subject, list(real.subjects)[1::2]))
    with TemporaryDirectory() as folder:
        part = Path(folder) / "unseen.npz"
        unseen.write_npz(part)
        told = [evaluate_realism(part, f"rig:{len(unseen)}", seed)["auc"] for seed in range(SEEDS)]
    config = {"maps": len(unseen), "seeds": SEEDS}
    result = {"auc": round(float(np.mean(told)), 3), "each": _rounded(told)}
    report("realism rig, half of the people", config, result)
    for name in sorted(set(real.dataset.tolist())):
        with TemporaryDirectory() as folder:
            one, rest = Path(folder) / "one.npz", Path(folder) / "rest.npz"
            real.take(real.dataset == name).write_npz(one)
            real.take(real.dataset != name).write_npz(rest)
            between = evaluate_realism(rest, str(one))
        report(f"realism {name} among the others", {}, {"auc": round(between["auc"], 3)})


def speed() -> None:
    """Time the bank of faces, which is made once, and the maps separately."""
    recipe = RigFlowRecipe()
    generate_rig_flows(100, 1)  # so that imports and loading are not timed
    start, cpu = time.perf_counter(), time.process_time()
    face_bank(recipe, 0)
    bank, bank_cpu = time.perf_counter() - start, time.process_time() - cpu
    generate_rig_flows(COUNT, 0)
    seconds, busy = time.perf_counter() - start, time.process_time() - cpu
    result = {
        "maps_per_second": round(COUNT / seconds),
        "bank_seconds": round(bank, 2),
        "maps_per_second_without_bank": round(COUNT / (seconds - bank)),
        # Per second of processor time, which other work on the machine does not change.
        "maps_per_core_second": round(COUNT / busy),
        "maps_per_core_second_without_bank": round(COUNT / (busy - bank_cpu)),
    }
    report("rig flows speed", {"maps": COUNT, "faces": recipe.faces}, result)


def _rounded(values: list[float]) -> list[float]:
    return [round(value, 3) for value in values]


if __name__ == "__main__":
    main()
