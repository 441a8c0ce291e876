"""``mien measure``: measure the action units of a face in a clip."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.measure.options import MeasureOptions

if TYPE_CHECKING:
    from mien.measure.clip import Measurement


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Measure the action units of a clip, left and right apart, frame by frame."""

    clip: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="CLIP")]
    """A video, or a folder of frames with --fps."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE.csv")]
    """The output table: OpenFace's columns, then the sides of the AUs and further AUs."""

    plot: Annotated[Path | None, tyro.conf.arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Also draw a page: the frames of onset, apex and offset, the motion as arrows, and AUs over time."""

    overlay: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Also write a clip that shows the mesh on the face, to check how the face was followed."""

    apex: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print the frames of onset, apex and offset. At onset and offset the movement passes a fifth of its rise."""

    how: Annotated[MeasureOptions, tyro.conf.arg(name="")] = field(default_factory=MeasureOptions)
    """Options of the measurement."""

    overwrite: Overwrite = False

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Measure the clip, write the outputs, and print a summary."""
        from mien.cli.clock import STARTED_SECONDS
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.common.clip_writer import check_output
        from mien.io.atomic import check_writable
        from mien.io.openface import is_own_openface
        from mien.measure.clip import check_table, measure_clip

        check_table(self.out)
        check_writable(self.out, is_own_openface)
        if self.plot is not None:
            from mien.plots.page import check_plot

            check_plot(self.plot)
        if self.overlay is not None:
            check_output(self.overlay, self.clip)
        with frame_progress(self.clip.name) as show:
            measured = measure_clip(self.clip, self.how, lambda done: show(done, 0))
        measured.write(self.out)
        if self.plot is not None:
            from mien.plots.measured import plot_measurement

            plot_measurement(measured, self.plot)
        if self.overlay is not None:
            from mien.plots.overlay import write_overlay

            write_overlay(measured, self.overlay)
        warn(f"{self.clip}: {note}" for note in measured.notes)
        if self.json:
            seconds = round(time.perf_counter() - STARTED_SECONDS, 3)
            say(json.dumps(summary(measured, self) | {"total_seconds": seconds}))
            return 0
        say(describe(measured, self.out))
        if self.apex:
            say("\n".join(describe_apex(measured)))
        return 0


def phases(measured: Measurement) -> dict[str, int]:
    """Return the spotted frames by name; empty if nothing moves."""
    if measured.spotted is None:
        return {}
    found = measured.spotted
    return {"onset": found.onset_index, "apex": found.apex_index, "offset": found.offset_index}


def summary(measured: Measurement, asked: Measure) -> dict[str, Any]:
    """Return the result as JSON values."""
    track = measured.track
    peaks = {
        name: round(float(peak), 3)
        for name, peak in zip(track.names, track.values.max(0), strict=True)
        if peak > 0
    }
    return {
        "out": str(asked.out),
        "plot": None if asked.plot is None else str(asked.plot),
        "overlay": None if asked.overlay is None else str(asked.overlay),
        "frames": len(measured.field),
        "frames_with_face": int(measured.field.followed.sum()),
        "gaps": [[gap.first, gap.last] for gap in measured.field.gaps],
        "fps": str(measured.motion.fps),
        "confidence": round(float(track.confidence.mean()), 3),
        "au_confidence": {
            name: round(float(mean), 3)
            for name, mean in zip(track.names, measured.aus.confidence.mean(0), strict=True)
        },
        "not_measured": list(measured.aus.unseen),
        "peaks": dict(sorted(peaks.items(), key=lambda item: -item[1])),
        "spotted": {
            name: {
                "index": index,
                "file_number": measured.motion.file_number(index),
                "seconds": round(float(measured.field.times_seconds[index]), 6),
            }
            for name, index in phases(measured).items()
        },
        "offset_seen": None if measured.spotted is None else measured.spotted.offset_seen,
        "notes": list(measured.notes),
    }


def describe(measured: Measurement, out: Path) -> str:
    """Return the result in one line."""
    track = measured.track
    start = f"{out}: {len(measured.field)} frames at {float(measured.motion.fps):.6g} a second"
    from mien.measure.clip import FAINT

    name, peak, _ = measured.aus.strongest()
    if peak < FAINT:
        name, peak, _ = measured.aus.strongest(blinks=True)
    if peak <= 0:
        return f"{start}, no AU moves"
    return f"{start}, strongest {name} {peak:.1f}, mean confidence {track.confidence.mean():.2f}"


def describe_apex(measured: Measurement) -> list[str]:
    """Return onset, apex and offset, one on each line."""
    found = phases(measured)
    if not found:
        return ["no onset, apex or offset: nothing but blinks moves"]
    lines = [f"{name}: {measured.motion.say_frame(index)}" for name, index in found.items()]
    if measured.spotted is not None and not measured.spotted.offset_seen:
        lines[-1] += "; the clip ends before the movement ends"
    return lines
