"""The generated tables on speed, of docs/benchmarks.md and docs/produce.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doc_tables import markdown_table

Line = dict[str, Any]
"""A line of the results."""


def speed_table(lines: Sequence[Line]) -> str:
    """Return the table of the rig engine's frame rates, beside resampling alone and encoding alone."""
    return markdown_table(
        (
            *("expression", "side, px", "frames", "frames/s", "remap alone", "encode alone"),
            *("times their sum", "rendering, CPU ms"),
        ),
        [
            (
                line["config"]["expression"],
                str(line["config"]["side_px"]),
                str(line["config"]["frames"]),
                str(line["frames_per_second"]),
                str(line["remap_alone_frames_per_second"]),
                str(line["encode_alone_frames_per_second"]),
                f"{line['times_the_sum_of_both']:.2f}",
                f"{line['render_cpu_ms']:.2f}",
            )
            for line in lines
        ],
    )


def transfer_speed_table(lines: Sequence[Line]) -> str:
    """Return the table of the frame rates of transfer and of measuring, beside those of their parts alone."""
    rows = []
    for line in lines:
        flow = line["config"].get("flow", "full")
        bounds = [
            str(line.get(f"{name}_alone_frames_per_second", ""))
            for name in ("flow", "remap", "encode")
        ]
        rows.append(
            (
                *(f"{line['config']['what']}, {flow} flow", str(line["frames_per_second"])),
                *bounds,
                f"{line['times_the_sum']:.2f}",
            )
        )
    return markdown_table(
        ("what", "frames/s", "flow alone", "remap alone", "encode alone", "times their sum"), rows
    )


def latency_table(lines: Sequence[Line]) -> str:
    """Return the table of the seconds that a user waits for a command."""
    names = {
        "import_median_seconds": "the import alone",
        "median_seconds": "the whole process",
        "first_frame_median_seconds": "until the first frame",
        "whole_process_median_seconds": "the whole process",
    }
    return markdown_table(
        ("command", "what", "s, median"),
        [
            (line["config"]["command"], what, f"{line[key]:.2f}")
            for line in lines
            for key, what in names.items()
            if key in line
        ],
    )


def encode_table(lines: Sequence[Line]) -> str:
    """Return the table of each format's frame rate, loss and size."""
    names = {
        "a.mp4": "mp4, 4:4:4 (the default)",
        "420.mp4": "mp4, 4:2:0",
        "a.mkv": "mkv",
        "a.gif": "gif",
        "frames": "PNG folder",
    }
    return markdown_table(
        ("format", "camera grain", "frames/s", "worst frame, dB", "kB a frame"),
        [
            (
                names[line["config"]["output"]],
                f"{line['config']['grain']:g}",
                str(line["frames_per_second"]),
                "lossless"
                if line["worst_frame_psnr_db"] is None
                else f"{line['worst_frame_psnr_db']:.1f}",
                f"{line['kilobytes_a_frame']:.1f}",
            )
            for line in lines
        ],
    )


def studio_table(lines: Sequence[Line]) -> str:
    """Return the table of how long the studio's HTTP server takes."""
    rows = []
    for line in lines:
        what, side = line["config"]["what"], line["config"].get("preview_px")
        if side is None:
            rows.append((what, f"{1000 * line['median_seconds']:.0f}", ""))
        else:
            cells = (f"{line['p50_ms']:.1f}", f"{line['p95_ms']:.1f}")
            rows.append((f"{what}, {side} px", *cells))
    return markdown_table(("over HTTP", "median, ms", "95 %, ms"), rows)


def studio_browser_table(lines: Sequence[Line]) -> str:
    """Return the table of how long the studio's page takes in a browser."""
    rows = []
    for line in lines:
        what = line["config"]["what"]
        if "moves" in line:
            rate = line.get("pictures_per_second")
            shown = f" ({rate:.0f} pictures a second are shown)" if rate else ""
            cells = (f"{line['p50_ms']:.0f}", f"{line['p95_ms']:.0f}")
            rows.append((what + shown, *cells))
        else:
            rows.append((f"{what}, the first time", f"{1000 * line['first_seconds']:.0f}", ""))
            pages = line["config"]["pages"]
            text = f"{what}, {pages} new pages with an empty cache"
            rows.append((text, f"{1000 * line['median_seconds']:.0f}", ""))
    return markdown_table(("in the browser", "median, ms", "95 %, ms"), rows)


def motion_nets_table(lines: Sequence[Line]) -> str:
    """Return the table of the motion networks' time for a frame, whole and by stage."""
    stages = ("points", "cuts_and_detector", "field", "dense_motion_and_generator", "paste_back")
    names = {"fomm-awp": "FOMM+AWP", "mraa-awp": "MRAA+AWP", "fomm-none": "FOMM, no prior"}
    return markdown_table(
        (
            *("network", "Mien", "plain", "times as fast", "driver's points", "cuts and detector"),
            *("field", "dense motion and generator", "paste back"),
        ),
        [
            (
                names[line["config"]["net"]],
                f"{line['ms_a_frame']:.0f}",
                f"{line['plain_ms_a_frame']:.0f}",
                f"{line['times_as_fast']:.2f}",
                *(f"{line['stages_ms'][stage]:.1f}" for stage in stages),
            )
            for line in lines
        ],
    )


def recognition_speed_table(lines: Sequence[Line]) -> str:
    """Return the table of the seconds for all folds, together and one after another."""
    (line,) = lines
    kinds = ("wall", "processor")
    return markdown_table(
        ("68 folds, 100 epochs, one core", "seconds", "seconds of processor time"),
        [
            ("together", *(f"{line[f'together_{kind}_seconds']:.0f}" for kind in kinds)),
            ("one after another", *(f"{line[f'alone_{kind}_seconds']:.0f}" for kind in kinds)),
            ("times as fast", *(f"**{line[f'times_quicker_{kind}']:.2f}**" for kind in kinds)),
        ],
    )


def produce_table(lines: Sequence[Line]) -> str:
    """Return the table of how fast sets are made."""
    return markdown_table(
        (
            *("work", "samples/s, two workers", "one process", "share of it per core"),
            *("by processor time", "most memory of a worker, MB", "a million: core hours", "GiB"),
        ),
        [
            (
                line["config"]["work"],
                f"{line['samples_per_second']:.1f}",
                f"{line['single_process']:.1f}",
                f"{line['share_of_it_per_core']:.2f}",
                f"{line['share_per_cpu_second']:.2f}",
                str(max(line["peak_mb_each_shard"])),
                f"{line['million_core_hours']:.1f}",
                f"{line['million_gib']:.1f}",
            )
            for line in lines
        ],
    )


def produce_scale_table(lines: Sequence[Line]) -> str:
    """Return the table of how long shards without content take."""
    return markdown_table(
        ("shards without content", "run, s", "rerun, s", "status, s", "most memory, MB"),
        [
            (
                f"{line['config']['shards']:,}",
                *(f"{line[f'{name}_seconds']:.1f}" for name in ("run", "rerun", "status")),
                str(line["peak_mb"]),
            )
            for line in lines
        ],
    )


TABLES = {
    "speed": speed_table,
    "transfer_speed": transfer_speed_table,
    "latency": latency_table,
    "encode": encode_table,
    "studio": studio_table,
    "studio_browser": studio_browser_table,
    "motion_nets_speed": motion_nets_table,
    "recognition speed": recognition_speed_table,
    "produce": produce_table,
    "produce scale": produce_scale_table,
}
