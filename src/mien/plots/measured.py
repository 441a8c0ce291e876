"""Draw the page of ``mien measure``: what moves in a clip, where and when."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from mien.common.marking import source_from
from mien.io.mark import SyntheticMark
from mien.measure.clip import Measurement
from mien.metrics.motion import smooth_in_time
from mien.plots.arrows import draw_arrows, faded, magnification
from mien.plots.face_view import FaceBox, clip_title, pick
from mien.plots.page import INNER_INCHES, SIDE_INCHES, Page, check_plot
from mien.plots.timeline import draw_confidence, draw_timeline
from mien.version import __version__

_MARK = SyntheticMark(
    title=f"Measurement of a clip, made with Mien {__version__}",
    comment=f"Frames of a clip and what was measured in it. Made with Mien {__version__}.",
)
_TOP, _GAP, _BETWEEN, _CHART, _STRIP, _LEGEND = 1.2, 0.12, 0.55, 2.6, 0.45, 2.4


def plot_measurement(measured: Measurement, out: str | os.PathLike[str]) -> Path:
    """Draw the frames of onset, apex and offset, the motion at the apex, and the AUs over time.

    Args:
        measured: The result of `mien.measure`.
        out: The PNG.

    Raises:
        OutputError: Not a ``.png``, or a place that cannot be written.
    """
    check_plot(out)
    phases = phases_of(measured)
    box = FaceBox.around(measured.field.face, measured.motion.first)
    wide = (INNER_INCHES - 3 * _GAP) / 4
    tall = wide * box.aspect
    chart_top = _TOP + tall + _BETWEEN
    page = Page(chart_top + _CHART + _STRIP + 0.2 + 0.7)
    page.heading(clip_title(measured.motion), facts(measured))
    _draw_frames(page, measured, phases, box, wide, tall)
    _draw_motion(page, measured, phases["apex"], box, wide, tall)
    _draw_charts(page, measured, phases, chart_top)
    source = source_from("dataDrivenMedia", [measured.motion.clip.path])
    return page.save(out, replace(_MARK, source=source))


def phases_of(measured: Measurement) -> dict[str, int]:
    """Return the frames of onset, apex and offset.

    If nothing was spotted, the first, middle and last frame with the face take their place.
    """
    found = measured.spotted
    if found is None:
        last = len(measured.track) - 1
        return {"first": 0, "apex": last // 2, "last": last}
    return {"onset": found.onset_index, "apex": found.apex_index, "offset": found.offset_index}


def frame_title(measured: Measurement, name: str, index: int) -> str:
    """Return a frame's title, such as ``apex  frame 35 · file 71 · 175 ms``."""
    number = measured.motion.file_number(index)
    file = "" if number is None else f" · file {number}"
    shown = "middle" if name == "apex" and measured.spotted is None else name
    return f"{shown}  frame {index}{file} · {1000 * measured.field.times_seconds[index]:.0f} ms"


def facts(measured: Measurement) -> str:
    """Return the line under the title."""
    motion = measured.motion
    name, peak, _ = measured.aus.strongest()
    parts = [
        f"{len(measured.field)} frames at {float(motion.fps):.6g} a second",
        f"{motion.clip.width} × {motion.clip.height} px",
        f"face {motion.field.face.width_px:.0f} px wide",
        f"strongest {name} {peak:.1f} of 5" if peak > 0 else "nothing moves",
    ]
    if measured.field.lost_at is not None:
        parts.append(f"face lost at frame {measured.field.lost_at}")
    return ", ".join(parts)


def _draw_frames(
    page: Page,
    measured: Measurement,
    phases: dict[str, int],
    box: FaceBox,
    wide: float,
    tall: float,
) -> None:
    """Draw the frames of the phases in the first three columns."""
    frames = pick(measured.motion, phases.values())
    for column, (name, index) in enumerate(phases.items()):
        left = SIDE_INCHES + column * (wide + _GAP)
        title = frame_title(measured, name, index)
        page.picture(left, _TOP, wide, tall, box.cut(frames[index]), title)


def _draw_motion(
    page: Page, measured: Measurement, apex: int, box: FaceBox, wide: float, tall: float
) -> None:
    """Draw the motion at the apex as arrows in the fourth column."""
    kept = measured.field.kept()
    moved = smooth_in_time(kept.displacement_cm, kept.frame_seconds)[apex]
    factor = magnification(np.where(kept.seen[:, None], moved, 0))
    left = SIDE_INCHES + 3 * (wide + _GAP)
    ground = faded(box.cut(measured.motion.first))
    axes = page.picture(left, _TOP, wide, tall, ground, f"motion at the apex, × {factor}")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    if not measured.aus.still:
        draw_arrows(axes, measured.field.face, box, moved, kept.seen, factor)


def _draw_charts(
    page: Page, measured: Measurement, phases: dict[str, int], chart_top: float
) -> None:
    """Draw the AUs and the confidence over time."""
    width = INNER_INCHES - _LEGEND
    chart = page.axes(SIDE_INCHES, chart_top, width, _CHART)
    marked = phases if measured.spotted is not None else {}
    draw_timeline(chart, measured.track, marked, float(measured.field.times_seconds[-1]))
    chart.tick_params(labelbottom=False)
    strip = page.axes(SIDE_INCHES, chart_top + _CHART + 0.2, width, _STRIP)
    draw_confidence(strip, measured.track)
    strip.set_xlim(chart.get_xlim())
