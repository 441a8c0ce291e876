"""The common look of charts over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mien.plots.page import INK
from mien.types import Times

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = ("0", "1 A", "2 B", "3 C", "4 D", "5 E")
"""Labels of the FACS intensities 0 to 5."""

DASHES = (0, (4, 3))
"""Line style of phases."""


def clean(axes: Axes) -> None:
    """Draw a light grid, and remove the upper and right border."""
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def mark_phases(axes: Axes, times_seconds: Times, phases: Mapping[str, int]) -> None:
    """Draw a dashed line at each phase, with its name above.

    Args:
        axes: A chart over milliseconds whose limits are set.
        times_seconds: (T,) time of each frame.
        phases: Frame indices by name; the names of one frame share a line.
    """
    first, last = axes.get_xlim()
    together: dict[int, list[str]] = {}
    for name, index in phases.items():
        together.setdefault(index, []).append(name)
    for index, names in together.items():
        at = 1000 * float(times_seconds[index])
        share = (at - first) / max(last - first, 1e-9)
        side = "left" if share < 0.03 else "right" if share > 0.97 else "center"
        mark_phase(axes, at, ", ".join(names), side)


def mark_phase(axes: Axes, at_ms: float, name: str, side: str) -> None:
    """Draw a dashed line with a name above it.

    Args:
        axes: A chart over milliseconds.
        at_ms: Position of the line, milliseconds.
        name: The text.
        side: Alignment of the text: ``center``, or at the chart's ends ``left`` or ``right``, so
            that it does not run into the axis or the margin.
    """
    axes.axvline(at_ms, color=INK, linewidth=0.9, linestyle=DASHES, zorder=0)
    axes.annotate(
        name,
        (at_ms, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 4),
        textcoords="offset points",
        ha=side,
        fontsize=9,
    )
