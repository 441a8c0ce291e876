"""Figures of a recognition or rating study: confusions, hit rates, and ratings by the intensity that was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mien.experiment.analysis import Analysis
from mien.experiment.interval import Estimate
from mien.io.mark import SyntheticMark
from mien.io.used_folder import used_folder
from mien.plots.chart import clean
from mien.plots.page import FAINT, INK, Page, check_plot
from mien.version import __version__

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONFUSION, HIT_RATES = "confusion.png", "hit_rates.png"
_MARK = SyntheticMark(
    title=f"Figure of a study, made with Mien {__version__}",
    comment=f"A chart of answers that people gave. Made with Mien {__version__}.",
    source=None,
)
_BLUE = "#3568a8"
_LEFT, _TOP = 2.2, 1.2


def draw_figures(found: Analysis, folder: Path) -> tuple[Path, ...]:
    """Draw the figures of an analysis into a folder.

    Args:
        found: The analysis.
        folder: Receives ``confusion.png``, ``hit_rates.png``, and ``RATING_by_intensity.png`` for each rating of
            stimuli whose intensity is known.

    Raises:
        OutputError: A place that cannot be written, or that holds a file that Mien did not write.
    """
    rated = {
        f"{_file(name)}_by_intensity.png": name
        for name, rating in found.ratings.items()
        if rating.by_asked
    }
    with used_folder(folder):
        for name in (CONFUSION, HIT_RATES, *rated):
            check_plot(folder / name)
        drawn = [
            draw_confusion(found).save(folder / CONFUSION, _MARK),
            draw_hit_rates(found).save(folder / HIT_RATES, _MARK),
        ]
        drawn += [
            draw_by_intensity(found, rating).save(folder / file, _MARK)
            for file, rating in rated.items()
        ]
    return tuple(drawn)


def draw_confusion(found: Analysis) -> Page:
    """Draw the confusion matrix: the share of a category's trials that got each answer."""
    shown, answered = len(found.categories), len(found.choices)
    cell = min(0.75, 8.6 / answered)
    page = Page(_TOP + 1.2 + shown * cell + 0.6)
    page.heading(
        "What was shown, and what was answered", f"{_facts(found, bars=False)}; shares of each row"
    )
    axes = page.axes(_LEFT, _TOP + 1.2, answered * cell, shown * cell)
    counts = found.confusion
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row in range(shown):
        for column in range(answered):
            share = shares[row, column]
            colour = "white" if share > 0.55 else INK if counts[row, column] else FAINT
            axes.text(
                column, row, f"{share:.2f}", ha="center", va="center", color=colour, fontsize=9
            )
    axes.set_xticks(
        range(answered), [_plain(each) for each in found.choices], rotation=40, ha="left"
    )
    axes.set_yticks(range(shown), [_plain(each) for each in found.categories])
    axes.tick_params(top=True, bottom=False, labeltop=True, labelbottom=False, length=0)
    axes.set_ylabel("shown")
    axes.set_xlabel("answered")
    return page


def draw_hit_rates(found: Analysis) -> Page:
    """Draw hit rates and unbiased hit rates with their intervals, and what is expected by chance."""
    names = list(found.recognised)
    page = Page(_TOP + 3.6 + 0.9)
    page.heading("Hit rates", _facts(found))
    axes = page.axes(1.0, _TOP, 10.2, 3.6)
    places = np.arange(len(names))
    each = [found.recognised[name] for name in names]
    _points(axes, places - 0.12, [one.hit_rate for one in each], _BLUE, "o", "hit rate")
    _points(
        axes, places + 0.12, [one.unbiased for one in each], "#c2571a", "s", "unbiased hit rate"
    )
    chance = [one.by_chance for one in each]
    axes.scatter(places + 0.12, chance, marker="_", s=160, color=FAINT, label="unbiased, by chance")
    axes.set(ylim=(-0.02, 1.02), xlim=(-0.6, len(names) - 0.4), ylabel="share")
    axes.set_xticks(places, [_plain(name) for name in names])
    clean(axes)
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9)
    return page


def draw_by_intensity(found: Analysis, name: str) -> Page:
    """Draw the mean of a rating for each intensity that was asked for.

    Args:
        found: The analysis.
        name: The rating.
    """
    rating = found.ratings[name]
    page = Page(_TOP + 3.6 + 0.9)
    rank = rating.with_asked
    facts = _facts(found)
    if not np.isnan(rank.mean):
        facts += f"; Spearman's rho {rank.mean:.2f}"
        facts += "" if np.isnan(rank.low) else f" ({rank.low:.2f} to {rank.high:.2f})"
        facts += ", neutral clips left out"
    page.heading(
        f"{_plain(name.replace('_', ' ').capitalize())} by the intensity that was asked for", facts
    )
    axes = page.axes(1.0, _TOP, 10.2, 3.6)
    asked = np.array(list(rating.by_asked))
    _points(axes, asked, list(rating.by_asked.values()), _BLUE, "o", name)
    axes.set(xlim=(min(0, asked.min()) - 0.2, max(5, asked.max()) + 0.2))
    # From 0 on, so that a small difference looks small.
    axes.set(
        ylim=(0, max(5, *(each.high for each in rating.by_asked.values()), axes.get_ylim()[1]))
    )
    axes.set_xlabel("intensity that was asked for (FACS: 1 = A to 5 = E)")
    axes.set_ylabel("mean rating")
    clean(axes)
    return page


def _points(
    axes: Axes, places: np.ndarray, estimates: list[Estimate], colour: str, marker: str, label: str
) -> None:
    for place, each in zip(places, estimates, strict=True):
        if not np.isnan(each.low):
            axes.plot([place, place], [each.low, each.high], color=colour, linewidth=1.4)
    means = [each.mean for each in estimates]
    axes.plot(
        places, means, linestyle="none", marker=marker, markersize=6, color=colour, label=label
    )


def _facts(found: Analysis, *, bars: bool = True) -> str:
    people = "1 participant" if found.people == 1 else f"{found.people} participants"
    kind = "trials (Wilson)" if found.people == 1 else "participants"
    if not bars:
        return f"{people}, {found.trials} trials"
    return f"{people}, {found.trials} trials; bars are 95 % intervals over {kind}"


def _plain(text: str) -> str:
    return text.replace("$", r"\$")


def _file(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)
