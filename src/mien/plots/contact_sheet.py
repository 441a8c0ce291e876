"""A contact sheet: frames of a clip, how they differ from its first frame, and the AUs over time."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from mien.io.mark import SyntheticMark
from mien.plots.contact_frames import SheetFrames, read_sheet_frames
from mien.plots.contact_options import SheetOptions
from mien.plots.contact_timeline import LEGEND_COLUMNS, draw_contact_timeline
from mien.plots.frame_difference import draw_change, draw_colour_bar
from mien.plots.page import (
    FAINT,
    INK,
    SIDE_INCHES,
    WIDTH_INCHES,
    Page,
    bare,
    check_plot,
)

# Inches; the sheet's height follows from the crop's shape.
_LEFT, _RIGHT, _TOP, _BOTTOM = SIDE_INCHES, SIDE_INCHES, 1.15, 0.75
_INNER = WIDTH_INCHES - _LEFT - _RIGHT
_GAP, _BETWEEN, _CHART, _LEGEND_ROW = 0.08, 0.55, 2.4, 0.26


def contact_sheet(
    clip: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: SheetOptions | None = None,
) -> Path:
    """Draw the contact sheet of a clip that Mien made.

    The first row shows onset, apex, offset and frames between them, cropped to the face. The second
    row shows how much brighter or darker each pixel is than in the clip's first frame. Below are
    the AUs over time.

    Args:
        clip: The clip, with its sidecar.
        out: The PNG to write.
        options: How it looks.

    Returns:
        The path of the sheet.

    Raises:
        OutputError: Not a ``.png``, or a place that cannot be written.
        UsageError: See `mien.plots.contact_frames.read_sheet_frames`.
        UnreadableVideoError: The clip cannot be read.
    """
    check_plot(out, "sheet")
    options = options or SheetOptions()
    shown = read_sheet_frames(clip, options.columns)
    mark = SyntheticMark(source=shown.sidecar.source)
    return draw_sheet(shown, options.magnify).save(out, mark)


def draw_sheet(shown: SheetFrames, magnify: float) -> Page:
    """Draw a contact sheet and return its page.

    Args:
        shown: The frames and the track.
        magnify: Factor of the brightness change.
    """
    import matplotlib as mpl

    count = len(shown.images)
    width = (_INNER - (count - 1) * _GAP) / count
    rows, columns = shown.first.shape[:2]
    height = width * rows / columns
    legend_rows = -(-len(shown.track.names) // LEGEND_COLUMNS)
    below = _TOP + height + _GAP
    chart_top = below + height + _BETWEEN
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10, "text.color": INK}):
        page = Page(
            _TOP + 2 * height + _GAP + _BETWEEN + _CHART + _BOTTOM + legend_rows * _LEGEND_ROW
        )
        page.heading(shown.name, _facts(shown), facts_top=0.62)
        _draw_tiles(page, shown, width, height, below, magnify)
        chart = page.axes(_LEFT, chart_top, _INNER, _CHART)
        draw_contact_timeline(chart, shown, _CHART)
    return page


def _draw_tiles(
    page: Page, shown: SheetFrames, width: float, height: float, below: float, magnify: float
) -> None:
    """Draw the row of frames, and below it the row of changes; all sizes in inches."""
    limit = 255.0 / magnify
    for column, (index, image) in enumerate(zip(shown.picks, shown.images, strict=True)):
        left = _LEFT + column * (width + _GAP)
        axes = page.axes(left, _TOP, width, height)
        axes.imshow(image, interpolation="lanczos", aspect="auto")
        is_phase = index in shown.phases
        weight, colour = ("bold", INK) if is_phase else ("normal", FAINT)
        label = _frame_label(shown, index)
        axes.set_title(label, fontsize=10, pad=5, weight=weight, color=colour)
        bare(axes)
        drawn = draw_change(page.axes(left, below, width, height), image, shown.first, limit)
    page.row_label(_TOP + height / 2, "frame", gap=0.22)
    page.row_label(below + height / 2, f"change × {magnify:g}", gap=0.22)
    bar_height = min(height * 0.8, 1.6)
    bar_left, bar_top = WIDTH_INCHES - _RIGHT + 0.1, below + (height - bar_height) / 2
    draw_colour_bar(page.figure, drawn, page.axes(bar_left, bar_top, 0.1, bar_height), limit)


def _facts(shown: SheetFrames) -> str:
    """Return the line under the title."""
    sidecar = shown.sidecar
    what = sidecar.settings.get("expression") or sidecar.settings.get("sample") or "AUs"
    seed = "" if sidecar.seed is None else f", seed {sidecar.seed}"
    return (
        f"{what}{seed}, peak {shown.track.peak:.1f} of 5, {sidecar.frames} frames at "
        f"{_rate(sidecar.fps)} a second, {sidecar.width} × {sidecar.height} px, "
        f"engine {sidecar.engine}"
    )


def _rate(fps: Fraction) -> str:
    return str(fps) if fps.denominator == 1 else f"{float(fps):.3f}"


def _frame_label(shown: SheetFrames, index: int) -> str:
    """Return a frame's phase, if it has one, and its time."""
    names = dict(zip(reversed(shown.phases), ("offset", "apex", "onset"), strict=True))
    time = f"{1000.0 * float(shown.track.times_seconds[index]):.0f} ms"
    return f"{names[index]}  {time}" if index in names else time
