"""``mien evaluate recognition``: measure the recognition of micro-expressions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro

from mien.au.emotions import LABELS
from mien.cli.say import say
from mien.recognition.options import RecognitionOptions


@dataclass(frozen=True, kw_only=True)
class EvaluateRecognition:
    """Measure how well a model recognises micro-expressions of people that it was not trained on."""

    flows: Annotated[Path, tyro.conf.arg(metavar="FILE.npz")]
    """The flow maps, with arrays flow, label, subject, dataset and clip."""

    how: Annotated[RecognitionOptions, tyro.conf.arg(name="")] = field(
        default_factory=RecognitionOptions
    )
    """Options of the evaluation."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Run the evaluation and print its figures."""
        from mien.recognition.evaluate import evaluate_recognition

        figures = evaluate_recognition(self.flows, self.how)
        if self.json:
            say(json.dumps(figures))
        else:
            say("\n".join(describe(figures)))
        return 0


def describe(figures: dict[str, Any]) -> list[str]:
    """Return the figures as lines of text."""
    seeds = figures["seeds"]
    lines = [f"{figures['model']}, " + ("one seed" if seeds == 1 else f"mean of {seeds} seeds")]
    for part, both in figures.items():
        if isinstance(both, dict) and "uf1" in both:
            lines.append(f"  {part:8} UF1 {both['uf1']:.3f}  UAR {both['uar']:.3f}")
    for part in figures.get("parts", ()):
        both = part["full"]
        gain = f"  gain {part['gain']['mean']:+.3f}" if "gain" in part else ""
        names = f"{'+'.join(part['train'])} to {'+'.join(part['test'])}"
        lines.append(f"  {names:22} UF1 {both['uf1']:.3f}  UAR {both['uar']:.3f}{gain}")
    lines += confusion_lines(figures["confusion"]["full"], figures["seeds"])
    if without := figures.get("without"):
        gain = figures["gain"]
        lines.append(f"  without generated maps: UF1 {without['full']['uf1']:.3f}")
        lines.append(
            f"  gain in UF1 {gain['mean']:+.3f}, 95 % from {gain['low']:+.3f} to {gain['high']:+.3f}"
        )
    return lines


def confusion_lines(counts: list[list[float]], seeds: int) -> list[str]:
    """Return the confusion matrix as lines of text."""
    lines = ["  number of clips: true class (lines), recognised class (columns)"]
    lines.append(" " * 12 + "".join(f"{name:>10}" for name in LABELS))
    digits = 0 if seeds == 1 else 1
    for name, row in zip(LABELS, counts, strict=True):
        lines.append(f"  {name:10}" + "".join(f"{count:10.{digits}f}" for count in row))
    return lines
