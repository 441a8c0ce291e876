"""Measure the room for improvement across data sets: UF1 beside that of learning from all people, on the same clips.

Run as ``python -m benchmarks.recognition_room``; needs the composite's flow maps, which are not part of the project.
"""

from __future__ import annotations

import numpy as np

from benchmarks.recognition_flows import composite
from benchmarks.report import report
from mien.metrics.recognition import confusion, uf1
from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores


def main() -> None:
    """Print UF1 on the other data sets for each data set: learned from it alone, and from all people but the tested."""
    real, person = composite()
    recipe = KernelRecipe()
    everyone = kernel_left_out_scores(real.flow, real.label, person, recipe).argmax(1)
    for name in sorted(set(real.dataset.tolist())):
        tested = real.dataset != name
        # Fold 1 learns from fold 0 alone, the one data set.
        across = kernel_left_out_scores(real.flow, real.label, tested.astype(np.int64), recipe)
        uf1s = [
            float(uf1(confusion(real.label[tested], predicted[tested])))
            for predicted in (across.argmax(1), everyone)
        ]
        result = dict(zip(("from_it", "from_all_people"), (round(v, 3) for v in uf1s), strict=True))
        report(f"recognition of the others from {name}", {}, result)


if __name__ == "__main__":
    main()
