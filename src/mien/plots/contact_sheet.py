"""A contact sheet: frames of a clip, how they differ from its first, and the AUs over time."""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import parse_au
from mien.errors import OutputError
from mien.io.atomic import atomic_file, check_writable
from mien.io.mark import SyntheticMark
from mien.plots.contact_frames import SheetFrames, read_sheet_frames
from mien.plots.contact_options import SheetOptions
from mien.types import RGBImage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 12.0
DPI = 150
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, which the colour-blind tell apart too."""

_STYLES = ("-", "--", ":", "-.")
_INK, _FAINT = "#222222", "#8a8a8a"

# Inches; the sheet's height follows from the crop's shape.
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.8, 0.8, 1.15, 0.75
_GAP, _BETWEEN, _CHART, _LEGEND_ROW = 0.08, 0.55, 2.4, 0.26
_LEGEND_COLUMNS = 4


def contact_sheet(
    clip: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: SheetOptions | None = None,
) -> Path:
    """Draw the contact sheet of a clip that Mien made.

    The first row shows onset, apex, offset and frames between, cut to the face; the second how much
    brighter or darker each pixel is than in the clip's first frame; below are the AUs over time.

    Args:
        clip: the clip, with its sidecar.
        out: the PNG to write.
        options: how it looks.

    Returns:
        Where the sheet is.

    Raises:
        OutputError: not a ``.png``, or a place that cannot be written.
        UsageError: see `mien.plots.contact_frames.read_sheet_frames`.
        UnreadableVideoError: the clip cannot be read.
    """
    target = Path(out)
    if target.suffix.lower() != ".png":
        raise OutputError(f"expected a sheet ending in .png, got {target.name}")
    check_writable(target)
    options = options or SheetOptions()
    figure = draw_sheet(read_sheet_frames(clip, options.columns), options.magnify)
    with atomic_file(target) as temporary:
        figure.savefig(temporary, format="png", dpi=DPI, metadata=SyntheticMark().as_text())
    return target


def brightness_change(image: RGBImage, first: RGBImage) -> Float32[np.ndarray, "height width"]:
    """Return how much brighter each pixel is than in the first frame, in levels (-255 to 255)."""
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # luma, ITU-R BT.601
    return (image.astype(np.float32) - first.astype(np.float32)) @ weights


def draw_sheet(shown: SheetFrames, magnify: float) -> Figure:
    """Lay the sheet out: everything in inches, so that margins are alike whatever the clip."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    count = len(shown.images)
    tile = (WIDTH_INCHES - _LEFT - _RIGHT - (count - 1) * _GAP) / count
    rows, cols = shown.first.shape[:2]
    tile_height = tile * rows / cols
    legend_rows = -(-len(shown.track.names) // _LEGEND_COLUMNS)
    legend = legend_rows * _LEGEND_ROW
    height = _TOP + 2 * tile_height + _GAP + _BETWEEN + _CHART + _BOTTOM + legend
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10, "text.color": _INK}):
        figure = Figure(figsize=(WIDTH_INCHES, height), facecolor="white")
        FigureCanvasAgg(figure)

        def place(left: float, top: float, width: float, tall: float) -> Axes:
            box = (
                left / WIDTH_INCHES,
                1 - (top + tall) / height,
                width / WIDTH_INCHES,
                tall / height,
            )
            return figure.add_axes(box)

        _title(figure, shown, height)
        below = _TOP + tile_height + _GAP
        for column, (index, image) in enumerate(zip(shown.picks, shown.images, strict=True)):
            left = _LEFT + column * (tile + _GAP)
            axes = place(left, _TOP, tile, tile_height)
            axes.imshow(image, interpolation="lanczos", aspect="auto")
            axes.set_title(_frame_label(shown, index), fontsize=10, pad=5, **_weight(shown, index))
            _bare(axes)
            axes = place(left, below, tile, tile_height)
            limit = 255.0 / magnify
            change = brightness_change(image, shown.first)
            drawn = axes.imshow(
                change,
                cmap="RdBu_r",
                vmin=-limit,
                vmax=limit,
                interpolation="antialiased",
                aspect="auto",
            )
            _bare(axes)
        _row_label(figure, "frame", _TOP + tile_height / 2, height)
        _row_label(figure, f"change × {magnify:g}", below + tile_height / 2, height)
        bar_height = min(tile_height * 0.8, 1.6)
        bar = place(
            WIDTH_INCHES - _RIGHT + 0.1, below + (tile_height - bar_height) / 2, 0.1, bar_height
        )
        _colour_bar(figure, drawn, bar, limit)
        chart_top = below + tile_height + _BETWEEN
        _timeline(place(_LEFT, chart_top, WIDTH_INCHES - _LEFT - _RIGHT, _CHART), shown)
    return figure


def _title(figure: Figure, shown: SheetFrames, height: float) -> None:
    sidecar = shown.sidecar
    settings = sidecar.settings
    what = settings.get("expression") or settings.get("sample") or "AUs"
    seed = "" if sidecar.seed is None else f", seed {sidecar.seed}"
    facts = (
        f"{what}{seed}, peak {shown.track.peak:.1f} of 5, {sidecar.frames} frames at "
        f"{_rate(sidecar.fps)} a second, {sidecar.width} × {sidecar.height} px, "
        f"engine {sidecar.engine}"
    )
    left = _LEFT / WIDTH_INCHES
    figure.text(left, 1 - 0.35 / height, shown.name, fontsize=14, weight="bold", va="center")
    figure.text(left, 1 - 0.62 / height, facts, fontsize=9.5, color=_FAINT, va="center")


def _rate(fps: Any) -> str:
    return str(fps) if fps.denominator == 1 else f"{float(fps):.3f}"


def _milliseconds(shown: SheetFrames, index: int) -> float:
    return 1000.0 * float(shown.track.times_seconds[index])


def _frame_label(shown: SheetFrames, index: int) -> str:
    names = dict(zip(reversed(shown.phases), ("offset", "apex", "onset"), strict=True))
    time = f"{_milliseconds(shown, index):.0f} ms"
    return f"{names[index]}  {time}" if index in names else time


def _weight(shown: SheetFrames, index: int) -> dict[str, Any]:
    return {"weight": "bold"} if index in shown.phases else {"color": _FAINT}


def _row_label(figure: Figure, text: str, top: float, height: float) -> None:
    figure.text(
        (_LEFT - 0.22) / WIDTH_INCHES,
        1 - top / height,
        text,
        rotation=90,
        ha="center",
        va="center",
        fontsize=10,
    )


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(color="#d0d0d0", linewidth=0.6)


def _colour_bar(figure: Figure, drawn: Any, bar: Axes, limit: float) -> None:
    colour_bar = figure.colorbar(drawn, cax=bar, ticks=[-limit, 0, limit])
    colour_bar.ax.set_yticklabels([f"−{limit:.0f}", "0", f"+{limit:.0f}"], fontsize=8.5)
    colour_bar.ax.tick_params(length=2, color=_FAINT)
    colour_bar.outline.set(edgecolor="#d0d0d0", linewidth=0.6)
    bar.set_title("levels", fontsize=8.5, color=_FAINT, pad=6, loc="left")


def _timeline(axes: Axes, shown: SheetFrames) -> None:
    track = shown.track
    times = 1000.0 * track.times_seconds
    styles = cycle(_STYLES)
    style = next(styles)
    for number, (name, values) in enumerate(zip(track.names, track.values.T, strict=True)):
        if number and number % len(COLOURS) == 0:
            style = next(styles)
        colour = COLOURS[number % len(COLOURS)]
        # Where a later curve is the same, this one shows as its border.
        same = sum(np.array_equal(values, later) for later in track.values.T[number + 1 :])
        width = 2 + 3 * same
        axes.plot(times, values, style, color=colour, linewidth=width, label=_full_name(name))
    for index, name in zip(shown.phases, ("onset", "apex", "offset"), strict=True):
        at = times[index]
        axes.axvline(at, color=_INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        axes.annotate(
            name,
            (at, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            # At the chart's ends a centred word would run into the axis or the margin.
            ha="left" if index == 0 else "right" if index == len(times) - 1 else "center",
            fontsize=9,
        )
    axes.plot(
        times[list(shown.picks)], [0] * len(shown.picks), "^", color=_INK, ms=5, clip_on=False
    )
    axes.set_xlim(times[0], max(times[-1], times[0] + 1))
    axes.set_ylim(0, 5)
    axes.set_yticks(range(6), ["0", "1 A", "2 B", "3 C", "4 D", "5 E"])
    axes.set_xlabel("time (ms)")
    axes.set_ylabel("intensity (FACS)")
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(
        frameon=False,
        fontsize=9,
        loc="upper left",
        # Below the time axis, so that no curve runs behind it.
        bbox_to_anchor=(0.0, -0.5 / _CHART),
        ncols=_LEGEND_COLUMNS,
        borderaxespad=0.0,
        borderpad=0.0,
        handlelength=1.8,
        columnspacing=2.0,
    )


def _full_name(name: str) -> str:
    unit, side = parse_au(name)
    return f"{name}  {unit.facs_name}" + (f" ({side})" if side else "")
