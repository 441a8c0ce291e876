"""The page of ``mien evaluate motion``: a driver and a result side by side."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from mien.common.clip_motion import ClipMotion
from mien.evaluate.motion import MotionEvaluation
from mien.metrics.motion import smooth_in_time
from mien.plots.arrows import draw_arrows, faded, magnification
from mien.plots.contact_sheet import COLOURS
from mien.plots.face_view import FaceBox, clip_title, pick
from mien.plots.magnified import Magnifier
from mien.plots.page import FAINT, SIDE_INCHES, WIDTH_INCHES, Page, check_plot
from mien.plots.timeline import clean, mark_phases

_TOP, _GAP, _CHART, _LEGEND = 1.25, 0.12, 1.9, 2.4


def plot_comparison(made: MotionEvaluation, out: str | os.PathLike[str], magnify: float) -> Path:
    """Draw both clips' first frame, apex, magnified apex and motion, and how much moves over time.

    Args:
        made: What `mien.evaluate_motion` gave.
        out: The PNG.
        magnify: How many times larger the motion of the third column is.

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
    inner = WIDTH_INCHES - 2 * SIDE_INCHES
    wide = (inner - 3 * _GAP) / 4
    talls = [wide * box.aspect for box in boxes]
    chart_top = _TOP + sum(talls) + _GAP + 0.55
    page = Page(chart_top + _CHART + 0.7)
    score = made.score
    page.heading(
        f"{clip_title(made.driver)}  →  {clip_title(made.result)}",
        f"motion cosine {score.cosine:.3f}, amplitude {score.amplitude:.2f}, timing "
        f"{score.timing:.3f}, jitter {score.jitter:.3f} (driver {score.jitter_driver:.3f}), "
        f"{score.frames} frames",
    )
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
        pictures = (
            clip.first,
            pick(clip, [apex])[apex],
            Magnifier(clip, magnify).frame(apex),
            faded(clip.first),
        )
        for column, picture in enumerate(pictures):
            left = SIDE_INCHES + column * (wide + _GAP)
            title = titles[column] if row == 0 else ""
            axes = page.picture(left, top, wide, tall, box.cut(picture), title)
        axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
        draw_arrows(axes, clip.field.face, box, moved[row][apex], seen, factor, longest)
        page.text(SIDE_INCHES - 0.25, top + tall / 2, ("driver", "result")[row], rotation=90,
                  ha="center")  # fmt: skip
        top += tall + _GAP
    chart = page.axes(SIDE_INCHES, chart_top, inner - _LEGEND, _CHART)
    times = made.driver.field.times_seconds[: len(sizes[0])]
    for name, size, colour in zip(("driver", "result"), sizes, COLOURS, strict=False):
        chart.plot(1000 * times[: len(size)], 10 * size, color=colour, linewidth=2, label=name)
    chart.set_xlim(0, max(1000 * float(times[-1]), 1))
    chart.set_ylim(0, None)
    chart.set_ylabel("motion (mm, RMS)")
    chart.set_xlabel("time (ms)")
    mark_phases(chart, times, {"largest": apex})
    clean(chart)
    chart.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1.03), fontsize=9,
                 labelcolor=FAINT)  # fmt: skip
    return page.save(out)


def smoothed(clip: ClipMotion) -> np.ndarray:
    """The clip's field (T, 468, 2) as the motion cosine sees it."""
    kept = clip.field.kept()
    return smooth_in_time(kept.displacement_cm.astype(np.float64), kept.frame_seconds)
