"""Draw AU intensities over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mien.au.catalog import parse_au
from mien.au.track import AUTrack
from mien.plots.chart import LEVELS, clean, mark_phases
from mien.plots.colours import COLOURS
from mien.plots.page import FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_AUS = 6
"""Largest number of AUs that are drawn."""
WORTH_SHOWING = 0.1
"""AUs with a lower peak are not drawn."""


def shown_units(track: AUTrack) -> tuple[str, ...]:
    """Return the AUs (without side) that are drawn, the strongest first."""
    peaks: dict[str, float] = {}
    for name, peak in zip(track.names, track.values.max(axis=0), strict=True):
        unit = parse_au(name)[0].name
        peaks[unit] = max(peaks.get(unit, 0.0), float(peak))
    ranked = sorted(peaks, key=lambda unit: -peaks[unit])
    return tuple(unit for unit in ranked[:MOST_AUS] if peaks[unit] >= WORTH_SHOWING)


def draw_timeline(
    axes: Axes, track: AUTrack, phases: Mapping[str, int], end_seconds: float
) -> None:
    """Draw the strongest AUs: the subject's left as a full line, the right dashed.

    Args:
        axes: The axes to draw into.
        track: The intensities.
        phases: Frames to mark, by name.
        end_seconds: The clip's end; the time after the track is marked as without a face.
    """
    times = 1000 * track.times_seconds
    top = 1.0
    for colour, unit in zip(COLOURS, shown_units(track), strict=False):
        for name, values in zip(track.names, track.values.T, strict=True):
            found, side = parse_au(name)
            if found.name != unit or not values.any():
                continue
            top = max(top, float(values.max()))
            style = (0, (3.5, 1.8)) if side == "right" else "-"
            axes.plot(times, values, linestyle=style, color=colour, linewidth=1.9)
    _legend(axes, shown_units(track))
    end = max(1000 * end_seconds, times[0] + 1)
    if times[-1] < end:
        _mark_lost(axes, times[-1], end)
    axes.set_xlim(times[0], end)
    axes.set_ylim(0, min(5.0, 1.12 * top))
    step = 1.0 if top > 1.5 else 0.5
    ticks = [float(tick) for tick in np.arange(0, 5.01, step) if tick <= 1.12 * top]
    axes.set_yticks(ticks, [_tick_label(tick) for tick in ticks])
    axes.set_ylabel("intensity (FACS)")
    mark_phases(axes, track.times_seconds, phases)
    clean(axes)


def draw_confidence(axes: Axes, track: AUTrack) -> None:
    """Draw the track's confidence over time as a filled curve."""
    times = 1000 * track.times_seconds
    axes.fill_between(times, track.confidence, color="#9db8c9", linewidth=0)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1])
    axes.set_ylabel("sure", fontsize=10)
    axes.set_xlabel("time (ms)")
    clean(axes)


def _mark_lost(axes: Axes, start_ms: float, end_ms: float) -> None:
    """Hatch the time without a face."""
    axes.axvspan(
        start_ms, end_ms, facecolor="#eeeeee", hatch="///", edgecolor="#d8d8d8", linewidth=0
    )
    middle, across = (start_ms + end_ms) / 2, axes.get_xaxis_transform()
    axes.text(middle, 0.5, "no face", ha="center", color=FAINT, fontsize=9, transform=across)


def _tick_label(intensity: float) -> str:
    """Return a whole intensity with its FACS level; 0 and halves as numbers."""
    return LEVELS[int(intensity)] if intensity.is_integer() else f"{intensity:g}"


def _legend(axes: Axes, units: tuple[str, ...]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, linewidth=2.2, label=_full_name(unit))
        for colour, unit in zip(COLOURS, units, strict=False)
    ]
    if not handles:
        inside = axes.transAxes
        axes.text(0.5, 0.5, "no action unit moves", transform=inside, ha="center", color=FAINT)
        return
    handles += [
        Line2D([], [], color=FAINT, linewidth=1.6, label="the subject's left"),
        Line2D([], [], color=FAINT, linewidth=1.6, linestyle=(0, (3, 1.6)), label="the right"),
    ]
    axes.legend(
        handles=handles,
        frameon=False,
        fontsize=9,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.03),
        borderaxespad=0.0,
        handlelength=2.0,
    )


def _full_name(unit: str) -> str:
    return f"{unit}  {parse_au(unit)[0].facs_name}"
