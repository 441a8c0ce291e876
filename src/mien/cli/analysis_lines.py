"""Format the analysis of a study as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mien.experiment.analysis import Analysis
    from mien.experiment.asked_aus import SeenOfAsked
    from mien.experiment.coders import CoderAgreement
    from mien.experiment.interval import Estimate


def analysis_lines(found: Analysis) -> list[str]:
    """Return the analysis of answers, a line for each measure."""
    people = "1 participant" if found.people == 1 else f"{found.people} participants"
    lines = [f"{people}, {found.trials} trials; correct {_shown(found.overall)}"]
    if found.left_out:
        lines.append(f"{found.left_out} rows without a correct answer left out")
    wide = max(len(name) for name in found.categories)
    for name, each in found.recognised.items():
        lines.append(
            f"{name:<{wide}}  hit rate {_shown(each.hit_rate)}, unbiased {each.unbiased.mean:.2f} (by chance "
            f"{each.by_chance:.2f}), d' {each.sensitivity.mean:.2f}"
        )
    for condition, values in found.conditions.items():
        shown = ", ".join(f"{value or '(none)'} {_shown(each)}" for value, each in values.items())
        lines.append(f"correct by {condition}: {shown}")
    if found.kappa == found.kappa:
        lines.append(f"agreement of the participants: Fleiss' kappa {found.kappa:.2f}")
    elif found.people > 1:
        lines.append(
            "agreement of the participants: unknown, because no column names stimuli that two of them saw"
        )
    lines += _pair_lines(found)
    for name, rating in found.ratings.items():
        line = f"{name}: mean {_shown(rating.mean)}"
        if rating.one_rater == rating.one_rater:
            line += f"; ICC(2,1) {rating.one_rater:.2f}, ICC(2,k) {rating.all_raters:.2f}"
        lines.append(line)
        for condition, values in rating.conditions.items():
            shown = ", ".join(
                f"{value or '(none)'} {_shown(each)}" for value, each in values.items()
            )
            lines.append(f"{name} by {condition}: {shown}")
        if rating.by_asked:
            shown = ", ".join(
                f"{value:g} {_shown(each)}" for value, each in rating.by_asked.items()
            )
            lines.append(f"{name} by intensity asked for: {shown}")
        if rating.with_asked.mean == rating.with_asked.mean:
            lines.append(
                f"{name} and intensity asked for, neutral clips left out: Spearman's rho {_shown(rating.with_asked)}"
            )
    return lines


def coder_lines(found: CoderAgreement) -> list[str]:
    """Return how far FACS coders agree, a line for each AU."""
    lines = [f"{len(found.coders)} coders, {found.clips} clips that all of them coded"]
    values = [value for value in found.index.values() if value == value]
    if values:
        lines.append(
            f"agreement index of each pair of coders: mean {sum(values) / len(values):.2f} "
            f"({min(values):.2f} to {max(values):.2f})"
        )
    wide = max((len(name) for name in found.aus), default=0)
    for name, each in found.aus.items():
        line = f"{name:<{wide}}  seen in {', '.join(map(str, each.clips.values()))} clips; Cohen's kappa "
        line += (
            "unknown"
            if each.cohen != each.cohen
            else f"{each.cohen:.2f} ({each.low:.2f} to {each.high:.2f})"
        )
        if len(found.coders) > 2 and each.fleiss == each.fleiss:
            line += f", Fleiss' {each.fleiss:.2f}"
        if each.level == each.level:
            line += f"; level ICC(2,1) {each.level:.2f}"
        if each.same_side == each.same_side:
            line += f"; same side {each.same_side:.2f}"
        apart = each.frames_apart
        if apart["onset"] == apart["onset"]:
            line += "; frames apart: " + ", ".join(
                f"{phase} {value:.1f}" for phase, value in apart.items()
            )
        lines.append(line)
    return lines


def asked_lines(made: Mapping[str, SeenOfAsked]) -> list[str]:
    """Return how far coders see the AUs that clips were made with, a line for each AU."""
    return [
        f"{name}  seen in {_shown(each.seen)} of the {each.clips} clips made with it, in "
        f"{_shown(each.elsewhere)} of the others"
        if each.clips
        else f"{name}  seen in {_shown(each.elsewhere)} of the clips; no clip was made with it"
        for name, each in made.items()
    ]


def _pair_lines(found: Analysis) -> list[str]:
    known = {pair: value for pair, value in found.pairs.items() if value == value}
    if not known:
        return []
    mean = sum(known.values()) / len(known)
    line = f"Cohen's kappa of each pair of participants: mean {mean:.2f}"
    if len(known) > 1:
        least, most = min(known, key=lambda p: known[p]), max(known, key=lambda p: known[p])
        line += f", from {known[least]:.2f} ({' and '.join(least)}) to {known[most]:.2f} ({' and '.join(most)})"
    return [line]


def _shown(estimate: Estimate) -> str:
    if estimate.low != estimate.low:
        return f"{estimate.mean:.2f}"
    return f"{estimate.mean:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
