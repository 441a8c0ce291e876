"""AU intensities over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mien.au.catalog import parse_au
from mien.au.track import AUTrack
from mien.plots.contact_sheet import COLOURS
from mien.plots.page import FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_AUS = 6
WORTH_SHOWING = 0.1
"""AUs whose peak stays below are not drawn."""
LEVELS = {1.0: "1 A", 2.0: "2 B", 3.0: "3 C", 4.0: "4 D", 5.0: "5 E"}


def shown_units(track: AUTrack) -> tuple[str, ...]:
    """The AUs (without side) that are drawn, the strongest first."""
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
        axes: Where.
        track: The intensities.
        phases: Frames to mark, by name.
        end_seconds: When the clip ends; what lies after the track is marked as lost.
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
        axes.axvspan(
            times[-1], end, facecolor="#eeeeee", hatch="///", edgecolor="#d8d8d8", linewidth=0
        )
        axes.text((times[-1] + end) / 2, 0.5, "no face", ha="center", color=FAINT, fontsize=9,
                  transform=axes.get_xaxis_transform())  # fmt: skip
    axes.set_xlim(times[0], end)
    axes.set_ylim(0, min(5.0, 1.12 * top))
    step = 1.0 if top > 1.5 else 0.5
    ticks = [tick for tick in np.arange(0, 5.01, step) if tick <= 1.12 * top]
    axes.set_yticks(ticks, [LEVELS.get(tick, f"{tick:g}") for tick in ticks])
    axes.set_ylabel("intensity (FACS)")
    mark_phases(axes, track.times_seconds, phases)
    clean(axes)


def draw_confidence(axes: Axes, track: AUTrack) -> None:
    """A strip of the track's confidence over time, darker where it is surer."""
    times = 1000 * track.times_seconds
    axes.fill_between(times, track.confidence, color="#9db8c9", linewidth=0)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1])
    axes.set_ylabel("sure", fontsize=10)
    axes.set_xlabel("time (ms)")
    clean(axes)


def mark_phases(axes: Axes, times_seconds: np.ndarray, phases: Mapping[str, int]) -> None:
    """Draw a dashed line, and its name above, at each phase."""
    first, last = axes.get_xlim()
    together: dict[int, list[str]] = {}
    for name, index in phases.items():
        together.setdefault(index, []).append(name)
    for index, names in together.items():
        name = ", ".join(names)
        at = 1000 * float(times_seconds[index])
        axes.axvline(at, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        share = (at - first) / max(last - first, 1e-9)
        # At the chart's ends a centred word would run into the axis or the margin.
        side = "left" if share < 0.03 else "right" if share > 0.97 else "center"
        axes.annotate(name, (at, 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                      textcoords="offset points", ha=side, fontsize=9)  # fmt: skip


def clean(axes: Axes) -> None:
    """Light grid, no upper and right frame."""
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _legend(axes: Axes, units: tuple[str, ...]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, linewidth=2.2, label=_full_name(unit))
        for colour, unit in zip(COLOURS, units, strict=False)
    ]
    if not handles:
        axes.text(0.5, 0.5, "no action unit moves", transform=axes.transAxes, ha="center",
                  color=FAINT)  # fmt: skip
        return
    handles += [
        Line2D([], [], color=FAINT, linewidth=1.6, label="the subject's left"),
        Line2D([], [], color=FAINT, linewidth=1.6, linestyle=(0, (3, 1.6)), label="the right"),
    ]
    axes.legend(handles=handles, frameon=False, fontsize=9, loc="upper left",
                bbox_to_anchor=(1.01, 1.03), borderaxespad=0.0, handlelength=2.0)  # fmt: skip


def _full_name(unit: str) -> str:
    return f"{unit}  {parse_au(unit)[0].facs_name}"
