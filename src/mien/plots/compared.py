"""Draw the page of ``mien evaluate motion``: a driver and a result side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from mien.common.clip_motion import ClipMotion
from mien.evaluate.motion import MotionEvaluation
from mien.metrics.motion import smooth_in_time
from mien.plots.arrows import draw_arrows, faded, magnification
from mien.plots.chart import clean, mark_phases
from mien.plots.colours import COLOURS
from mien.plots.face_view import FaceBox, clip_title, pick
from mien.plots.magnified_motion import Magnifier, comparison_mark
from mien.plots.page import FAINT, INNER_INCHES, SIDE_INCHES, Page, check_plot
from mien.types import Image, Times

_TOP, _GAP, _CHART, _LEGEND = 1.25, 0.12, 1.9, 2.4


def plot_comparison(made: MotionEvaluation, out: str | os.PathLike[str], magnify: float) -> Path:
    """Draw both clips: first frame, apex, magnified apex, motion as arrows, and motion over time.

    Args:
        made: The result of `mien.evaluate_motion`.
        out: The PNG.
        magnify: Magnification of the motion in the third column.

    Raises:
        OutputError: Not a ``.png``, or a place that cannot be written.
    """
    check_plot(out)
    clips = (made.driver, made.result)
    moved = [smoothed(clip)[: made.score.frames] for clip in clips]
    seen = made.driver.field.seen & made.result.field.seen
    sizes = [np.sqrt((field[:, seen] ** 2).sum(-1).mean(1)) for field in moved]
    apex = int(sizes[0].argmax())
    boxes = [FaceBox.around(clip.field.face, clip.first) for clip in clips]
    wide = (INNER_INCHES - 3 * _GAP) / 4
    talls = [wide * box.aspect for box in boxes]
    chart_top = _TOP + sum(talls) + _GAP + 0.55
    page = Page(chart_top + _CHART + 0.7)
    _heading(page, made)
    factor = magnification(np.where(seen[:, None], moved[0][apex], 0))
    longest = float(np.linalg.norm(moved[0][apex][seen], axis=1).max())
    titles = (
        "first frame",
        f"largest motion, frame {apex} · {1000 * made.driver.field.times_seconds[apex]:.0f} ms",
        f"its motion × {magnify:g}",
        f"arrows × {factor}",
    )
    top = _TOP
    for row, (clip, box, tall) in enumerate(zip(clips, boxes, talls, strict=True)):
        for column, picture in enumerate(_pictures(clip, apex, magnify)):
            left = SIDE_INCHES + column * (wide + _GAP)
            title = titles[column] if row == 0 else ""
            axes = page.picture(left, top, wide, tall, box.cut(picture), title)
        axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
        draw_arrows(axes, clip.field.face, box, moved[row][apex], seen, factor, longest)
        page.row_label(top + tall / 2, ("driver", "result")[row])
        top += tall + _GAP
    times = made.driver.field.times_seconds[: len(sizes[0])]
    _draw_sizes(page, chart_top, times, sizes, apex)
    return page.save(out, comparison_mark(made))


def smoothed(clip: ClipMotion) -> Float64[np.ndarray, "frames 468 2"]:
    """Return the clip's motion, smoothed over time in the same way as for the motion cosine."""
    kept = clip.field.kept()
    return smooth_in_time(kept.displacement_cm.astype(np.float64), kept.frame_seconds)


def _heading(page: Page, made: MotionEvaluation) -> None:
    score = made.score
    page.heading(
        f"{clip_title(made.driver)}  →  {clip_title(made.result)}",
        f"motion cosine {score.cosine:.3f}, amplitude {score.amplitude:.2f}, timing "
        f"{score.timing:.3f}, jitter {score.jitter:.3f} (driver {score.jitter_driver:.3f}), "
        f"{score.frames} frames",
    )


def _pictures(clip: ClipMotion, apex: int, magnify: float) -> tuple[Image, Image, Image, Image]:
    """Return the pictures of a clip's row; arrows are drawn on the last one."""
    return (
        clip.first,
        pick(clip, [apex])[apex],
        Magnifier(clip, magnify).frame(apex),
        faded(clip.first),
    )


def _draw_sizes(
    page: Page, top: float, times_seconds: Times, sizes: Sequence[np.ndarray], apex: int
) -> None:
    """Draw the RMS motion of both clips over time; ``sizes`` are (T,) centimetres."""
    chart = page.axes(SIDE_INCHES, top, INNER_INCHES - _LEGEND, _CHART)
    for name, size, colour in zip(("driver", "result"), sizes, COLOURS, strict=False):
        milliseconds = 1000 * times_seconds[: len(size)]
        chart.plot(milliseconds, 10 * size, color=colour, linewidth=2, label=name)
    chart.set_xlim(0, max(1000 * float(times_seconds[-1]), 1))
    chart.set_ylim(0, None)
    chart.set_ylabel("motion (mm, RMS)")
    chart.set_xlabel("time (ms)")
    mark_phases(chart, times_seconds, {"largest": apex})
    clean(chart)
    chart.legend(
        frameon=False,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.03),
        fontsize=9,
        labelcolor=FAINT,
    )
