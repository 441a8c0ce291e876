"""Format the figures of AU detectors as lines of text."""

from __future__ import annotations

from typing import Any


def describe(figures: dict[str, Any]) -> list[str]:
    """Return the result of `mien.recognition.au_evaluate.evaluate_au_detection` as lines of text."""
    if figures["protocol"] == "cd6me":
        return _cd6me(figures)
    lines = [
        _head(figures),
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
        lines.append(f"  with AUs that nobody in the training data shows: {_gain(every['gain'])}")
    return lines


def _head(figures: dict[str, Any]) -> str:
    """Return the detector, its training data, the protocol, and the numbers of clips and people."""
    seeds = figures["seeds"]
    learned = {"real": "real maps", "generated": "generated maps", "both": "both kinds of maps"}
    return (
        f"{figures['model']}, trained on {learned[figures['train']]}, {figures['protocol']}, "
        + ("one seed" if seeds == 1 else f"mean of {seeds} seeds")
        + f": {figures['clips']} clips of {figures['people']} people"
    )


def _cd6me(figures: dict[str, Any]) -> list[str]:
    """Return the figures of :func:`mien.recognition.cd6me.cd6me_figures` as lines of text."""
    lines = [_head(figures), *_f1_lines(figures)]
    for name, one in figures["aus"].items():
        lines.append(f"  {name:20} {_f1s(one)}  {one['positives']} positive")
    for name, one in figures["datasets"].items():
        lines.append(
            f"  {name:20} {_f1s(one)}  {one['clips']} clips (MEB has {one['published_clips']})"
        )
    if without := figures.get("without"):
        gain = figures["gain"]
        lines += ["  real alone", *_f1_lines(without)]
        lines.append(
            f"  gain in F1, mean of AUs {gain['mean']:+.3f}, 95 % from {gain['low']:+.3f} to {gain['high']:+.3f}"
        )
    return lines


def _f1_lines(figures: dict[str, Any]) -> list[str]:
    """Return F1 and macro F1, as means over AUs and over data sets, and the mean AUC."""
    return [
        f"  {title:20} F1 {figures['f1'][kind]:.3f}  macro F1 {figures['macro_f1'][kind]:.3f}"
        for kind, title in (("aus", "mean of AUs"), ("datasets", "mean of data sets"))
    ] + [f"  {'mean AUC':20} {_number(figures['auc'])}"]


def _f1s(one: dict[str, Any]) -> str:
    return f"F1 {one['f1']:.3f}  macro F1 {one['macro_f1']:.3f}  AUC {_number(one['auc'])}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _shown(one: dict[str, Any]) -> str:
    values = {name.upper(): one[name] for name in ("auc", "f1", "mcc")}
    return "  ".join(f"{n} {'-' if v is None else format(v, '.3f')}" for n, v in values.items())


def _gain(gain: dict[str, float]) -> str:
    return f"gain in AUC {gain['mean']:+.3f}, 95 % from {gain['low']:+.3f} to {gain['high']:+.3f}"
