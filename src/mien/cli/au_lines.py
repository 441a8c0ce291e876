"""The figures of AU detectors as lines of text."""

from __future__ import annotations

from typing import Any


def describe(figures: dict[str, Any]) -> list[str]:
    """Return the result of `mien.recognition.au_evaluate.evaluate_au_detection` as lines of text."""
    seeds = figures["seeds"]
    learned = {"real": "real maps", "generated": "generated maps", "both": "both kinds of maps"}
    lines = [
        f"learned from {learned[figures['train']]}, {figures['protocol']}, "
        + ("one seed" if seeds == 1 else f"mean of {seeds} seeds")
        + f": {figures['clips']} clips of {figures['people']} people",
        f"  mean of AUs  {_shown(figures)}",
    ]
    for kind in ("aus", "sides"):
        lines += [
            f"  {name:11}  {_shown(one)}  {one['positives']:g} positive"
            for name, one in figures[kind].items()
        ]
    for part in figures.get("parts", ()):
        lines.append(f"  {'+'.join(part['train'])} to {'+'.join(part['test'])}  {_shown(part)}")
        if "gain" in part:
            lines.append(f"    {_gain(part['gain'])}")
    if without := figures.get("without"):
        lines += [f"  real alone   {_shown(without)}", f"  {_gain(figures['gain'])}"]
        every = figures["with_unseen"]
        lines.append(f"  with AUs that nobody learned from shows: {_gain(every['gain'])}")
    return lines


def _shown(one: dict[str, Any]) -> str:
    values = {name.upper(): one[name] for name in ("auc", "f1", "mcc")}
    return "  ".join(f"{n} {'-' if v is None else format(v, '.3f')}" for n, v in values.items())


def _gain(gain: dict[str, float]) -> str:
    return f"gain in AUC {gain['mean']:+.3f}, 95 % from {gain['low']:+.3f} to {gain['high']:+.3f}"
