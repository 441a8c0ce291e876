"""The chart of a contact sheet: all AUs of a clip over time."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from mien.au.catalog import parse_au
from mien.plots.chart import LEVELS, clean, mark_phase
from mien.plots.colours import COLOURS
from mien.plots.contact_frames import SheetFrames
from mien.plots.page import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGEND_COLUMNS = 4

_STYLES = ("-", "--", ":", "-.")
"""Line styles; the next one is used when all colours are used up."""


def draw_contact_timeline(axes: Axes, shown: SheetFrames, chart_inches: float) -> None:
    """Draw every AU, the phases, and a triangle at each picked frame.

    Args:
        axes: The axes to draw into.
        shown: The sheet's frames and track.
        chart_inches: The axes' height, to place the legend below.
    """
    track = shown.track
    times = 1000.0 * track.times_seconds
    _draw_aus(axes, shown)
    for index, name in zip(shown.phases, ("onset", "apex", "offset"), strict=True):
        side = "left" if index == 0 else "right" if index == len(times) - 1 else "center"
        mark_phase(axes, times[index], name, side)
    axes.plot(times[list(shown.picks)], [0] * len(shown.picks), "^", color=INK, ms=5, clip_on=False)
    axes.set_xlim(times[0], max(times[-1], times[0] + 1))
    axes.set_ylim(0, 5)
    axes.set_yticks(range(6), LEVELS)
    axes.set_xlabel("time (ms)")
    axes.set_ylabel("intensity (FACS)")
    clean(axes)
    axes.legend(
        frameon=False,
        fontsize=9,
        loc="upper left",
        # Below the time axis, so that no curve runs behind it.
        bbox_to_anchor=(0.0, -0.5 / chart_inches),
        ncols=LEGEND_COLUMNS,
        borderaxespad=0.0,
        borderpad=0.0,
        handlelength=1.8,
        columnspacing=2.0,
    )


def _draw_aus(axes: Axes, shown: SheetFrames) -> None:
    track = shown.track
    times = 1000.0 * track.times_seconds
    styles = cycle(_STYLES)
    style = next(styles)
    for number, (name, values) in enumerate(zip(track.names, track.values.T, strict=True)):
        if number and number % len(COLOURS) == 0:
            style = next(styles)
        colour = COLOURS[number % len(COLOURS)]
        # If later curves are equal, this one is wider, so that it shows as their border.
        same = sum(np.array_equal(values, later) for later in track.values.T[number + 1 :])
        width = 2 + 3 * same
        axes.plot(times, values, style, color=colour, linewidth=width, label=_full_name(name))


def _full_name(name: str) -> str:
    unit, side = parse_au(name)
    return f"{name}  {unit.facs_name}" + (f" ({side})" if side else "")
