"""Measure, or plot, how the gain in recognition grows with the amount of generated data, by its source.

Run as ``python -m benchmarks.recognition_amount [--set NAME=FOLDER ...] >> amounts.jsonl`` for the figures of the rig's
flow maps and of sets that ``python -m benchmarks.augment FOLDER`` or ``mien augment`` made. ``--plot FILE.png
amounts.jsonl`` plots these lines and those of ``python -m benchmarks.augment --gain``. Needs the composite's flow maps,
which are not part of the project. All figures are of the kernel machine with its defaults; each line is a scoring.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recognition_flows import composite
from benchmarks.recognition_generated import DRAWS, some_people
from benchmarks.report import report
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import confusion, paired_gain, uf1
from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores
from mien.synthesis.flows import generate_rig_flows

NAME = "recognition, gain by amount"
RIG = "rig flow"
RIG_AMOUNTS = (100, 300, 1000, 3000)
SET_AMOUNTS = (100, 300, 1000)
"""Numbers of generated clips; a set that has fewer is measured with all it has."""

SHOWN = {"rig": "rig pixels", "ulme-gan": "ULME-GAN", "fomm": "FOMM + AWP"}
"""Names of the engines in the plot, as in the docs."""

FEW = 8
"""Number of real people in the second panel."""


def main() -> None:
    """Measure, or plot what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="?", type=Path)
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--without-rig", action="store_true", help="the sets alone")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    asked = parser.parse_args()
    if asked.plot is not None:
        if asked.lines is None:
            parser.error("expected the lines to draw with --plot")
        draw([json.loads(line) for line in asked.lines.read_text().splitlines()], asked.plot)
        return
    sets = dict(item.split("=", 1) for item in asked.set)
    real, person = composite()
    if not asked.without_rig:
        for amount in RIG_AMOUNTS:
            measure(real, person, RIG, generate_rig_flows(amount, 0))
    for name, folder in sets.items():
        made = FlowSet.from_npz(Path(folder) / "flows.npz")
        for amount in sorted({min(amount, len(made)) for amount in SET_AMOUNTS}):
            # The classes take turns, so the first ones are balanced.
            measure(real, person, name, made.take(np.arange(amount)))


def measure(real: FlowSet, person: np.ndarray, source: str, made: FlowSet) -> None:
    """Print the gain beside all real people and beside a few."""
    extra = (made.flow, made.label)

    def said(fold: np.ndarray, more: tuple[np.ndarray, np.ndarray] | None) -> np.ndarray:
        given = (real.flow, real.label, fold, KernelRecipe())
        classes: np.ndarray = kernel_left_out_scores(*given, more, "finetune").argmax(1)
        return classes

    gain = paired_gain(real.label, [said(person, extra)], [said(person, None)], person)
    few = []
    for draw_number in range(DRAWS):
        chosen = some_people(real, person, FEW, draw_number)
        fold = (~np.isin(person, chosen)).astype(np.int64)
        test = fold == 1
        with_it, without = (
            float(uf1(confusion(real.label[test], said(fold, more)[test])))
            for more in (extra, None)
        )
        few.append(with_it - without)
    result = {
        "all": [round(value, 4) for value in (gain.mean, gain.low, gain.high)],
        "few": [round(float(value), 4) for value in (np.mean(few), min(few), max(few))],
    }
    report(NAME, {"source": source, "maps": len(made), "few_people": FEW, "draws": DRAWS}, result)


def draw(lines: list[dict[str, Any]], out: Path) -> None:
    """Draw both panels: gain in UF1 over the number of maps, one colour per source."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    sources = list(dict.fromkeys(_source(line) for line in lines))
    figure = Figure(figsize=(9, 4), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2, sharey=True)
    titles = (
        ("all", "beside all real people\n(bars: 95 % bootstrap over subjects)"),
        ("few", f"beside {FEW} real people\n(bars: least and largest of {DRAWS} draws)"),
    )
    for axes, (what, title) in zip(panels, titles, strict=True):
        shown = {
            source: sorted(
                (line["config"]["maps"], gain)
                for line in lines
                if _source(line) == source and (gain := _gain(line, what)) is not None
            )
            for source in sources
        }
        shown = {source: points for source, points in shown.items() if points}
        for number, (source, points) in enumerate(shown.items()):
            # Side by side, so that no bar hides another.
            aside = 1.04 ** (number - (len(shown) - 1) / 2)
            amounts = np.array([amount for amount, _ in points]) * aside
            middle, low, high = np.array([gain for _, gain in points]).T
            axes.errorbar(
                *(amounts, middle, [middle - low, high - middle]),
                **{"marker": "o", "ms": 4, "lw": 1.4, "elinewidth": 0.8, "label": source},
            )
        axes.axhline(0, color="#444444", lw=0.8)
        axes.set_xscale("log")
        axes.set_xticks(RIG_AMOUNTS, [f"{amount:,}" for amount in RIG_AMOUNTS])
        axes.minorticks_off()
        axes.set_xlabel("generated maps")
        axes.set_title(title, fontsize=10)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("gain in UF1")
    panels[0].legend(frameon=False, fontsize=9)
    figure.savefig(out, dpi=130)


def _source(line: dict[str, Any]) -> str:
    source = line["config"]["source"]
    return RIG if source.startswith("rig:") else SHOWN.get(source, source)


def _gain(line: dict[str, Any], what: str) -> tuple[float, float, float] | None:
    """Return mean, low and high; None if they were not measured."""
    if line["benchmark"] == "augment gain":
        return (line["mean"], line["low"], line["high"]) if what == "all" else None
    return tuple(line[what])


if __name__ == "__main__":
    main()
