"""The page of ``mien measure``: what the face did, where and when."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from mien.measure.clip import Measurement
from mien.metrics.motion import smooth_in_time
from mien.plots.arrows import draw_arrows, faded, magnification
from mien.plots.face_view import FaceBox, clip_title, pick
from mien.plots.page import SIDE_INCHES, WIDTH_INCHES, Page, check_plot
from mien.plots.timeline import draw_confidence, draw_timeline

_TOP, _GAP, _BETWEEN, _CHART, _STRIP, _LEGEND = 1.2, 0.12, 0.55, 2.6, 0.45, 2.4


def plot_measurement(measured: Measurement, out: str | os.PathLike[str]) -> Path:
    """Draw the frames of onset, apex and offset, the motion at the apex, and the AUs over time.

    Args:
        measured: What `mien.measure` gave.
        out: The PNG.

    Raises:
        OutputError: Not a ``.png``, or a place that cannot be written.
    """
    check_plot(out)
    motion, field = measured.motion, measured.field
    phases = phases_of(measured)
    frames = pick(motion, phases.values())
    box = FaceBox.around(field.face, motion.first)
    inner = WIDTH_INCHES - 2 * SIDE_INCHES
    wide = (inner - 3 * _GAP) / 4
    tall = wide * box.aspect
    chart_top = _TOP + tall + _BETWEEN
    page = Page(chart_top + _CHART + _STRIP + 0.2 + 0.7)
    page.heading(clip_title(motion), facts(measured))
    for column, (name, index) in enumerate(phases.items()):
        left = SIDE_INCHES + column * (wide + _GAP)
        title = frame_title(measured, name, index)
        page.picture(left, _TOP, wide, tall, box.cut(frames[index]), title)
    apex = phases["apex"]
    kept = field.kept()
    moved = smooth_in_time(kept.displacement_cm, kept.frame_seconds)[apex]
    factor = magnification(np.where(kept.seen[:, None], moved, 0))
    left = SIDE_INCHES + 3 * (wide + _GAP)
    ground = faded(box.cut(motion.first))
    axes = page.picture(left, _TOP, wide, tall, ground, f"motion at the apex, × {factor}")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    if not measured.aus.still:
        draw_arrows(axes, field.face, box, moved, kept.seen, factor)
    marked = phases if measured.spotted is not None else {}
    chart = page.axes(SIDE_INCHES, chart_top, inner - _LEGEND, _CHART)
    end = float(field.times_seconds[-1])
    draw_timeline(chart, measured.track, marked, end)
    chart.tick_params(labelbottom=False)
    strip = page.axes(SIDE_INCHES, chart_top + _CHART + 0.2, inner - _LEGEND, _STRIP)
    draw_confidence(strip, measured.track)
    strip.set_xlim(chart.get_xlim())
    return page.save(out)


def phases_of(measured: Measurement) -> dict[str, int]:
    """Onset, apex and offset; where nothing was spotted, the first, middle and last frame with the face."""
    found = measured.spotted
    if found is None:
        last = len(measured.track) - 1
        return {"first": 0, "apex": last // 2, "last": last}
    return {"onset": found.onset_index, "apex": found.apex_index, "offset": found.offset_index}


def frame_title(measured: Measurement, name: str, index: int) -> str:
    """``apex  frame 35 · file 71 · 175 ms``."""
    number = measured.motion.file_number(index)
    file = "" if number is None else f" · file {number}"
    shown = "middle" if name == "apex" and measured.spotted is None else name
    return f"{shown}  frame {index}{file} · {1000 * measured.field.times_seconds[index]:.0f} ms"


def facts(measured: Measurement) -> str:
    """The line under the title."""
    motion = measured.motion
    name, peak, _ = measured.aus.strongest()
    said = [
        f"{len(measured.field)} frames at {float(motion.fps):.6g} a second",
        f"{motion.clip.width} × {motion.clip.height} px",
        f"face {motion.field.face.width_px:.0f} px wide",
        f"strongest {name} {peak:.1f} of 5" if peak > 0 else "nothing moves",
    ]
    if measured.field.lost_at is not None:
        said.append(f"face lost at frame {measured.field.lost_at}")
    return ", ".join(said)
