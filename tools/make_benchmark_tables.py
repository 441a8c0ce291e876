"""Write benchmarks' results into the tables of docs/benchmarks.md.

    python -m benchmarks.run > results.jsonl
    python tools/make_benchmark_tables.py results.jsonl

Tables of benchmarks that the results lack stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ulme_gan_tables
from doc_tables import DOCS, markdown_table, write_table

PAGE = DOCS / "benchmarks.md"

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
                names[line["output"]],
                f"{line['grain']:g}",
                str(line["frames_per_second"]),
                "lossless"
                if line["worst_frame_psnr_db"] is None
                else f"{line['worst_frame_psnr_db']:.1f}",
                f"{line['kilobytes_a_frame']:.1f}",
            )
            for line in lines
        ],
    )


def readback_table(lines: Sequence[Line]) -> str:
    """Return the table of what the blendshape net reads at each requested intensity."""
    return markdown_table(
        (
            *("AU", "read as", "reading at 0, 1 ... 5", "rise"),
            *("Spearman: mean", "median", "mean curve", "≥ 0.95", "motion at E"),
        ),
        [
            (
                line["config"]["aus"],
                ", ".join(dict.fromkeys(_without_side(name) for name in line["config"]["read"])),
                " ".join(f"{value:.3f}" for value in line["mean_reading_0_to_5"]),
                f"{line['rise_mean']:.3f}",
                f"{line['spearman_mean']:.3f}",
                f"{line['spearman_median']:.3f}",
                f"{line['spearman_of_mean_curve']:.3f}",
                f"{line['portraits_at_least_0.95']} of {line['config']['portraits']}",
                f"{line['largest_motion_percent_of_face_width']:.1f} %",
            )
            for line in lines
        ],
    )


def portraits_table(lines: Sequence[Line]) -> str:
    """Return the table of how many portraits gave a clip."""
    return markdown_table(
        ("portraits", "clips", "failures", "s a clip, median"),
        [
            (
                str(line["config"]["pictures"]),
                str(line["clips"]),
                str(len(line["failures"])),
                f"{line['median_seconds_a_clip']:.2f}",
            )
            for line in lines
        ],
    )


def measured_clips_table(lines: Sequence[Line]) -> str:
    """Return the table of what was measured in each real clip, beside its coders and OpenFace."""
    return markdown_table(
        (
            "flow",
            "clip",
            "coded",
            "strongest, its peak",
            "apex coded",
            "spotted",
            "r with OpenFace",
        ),
        [
            (
                line["config"]["flow"],
                line["config"]["clip"],
                line["facs"] or "",
                f"{line['strongest']}, {line['peak']:.2f}" if line["strongest"] else "none",
                str(line.get("coded_apex", "")),
                str(line.get("spotted_apex") or ""),
                ", ".join(f"{au} {r:.2f}" for au, r in line["openface_r"].items()),
            )
            for line in lines
        ],
    )


def measured_summary_table(lines: Sequence[Line]) -> str:
    """Return the table of all real clips, one line per flow."""
    return markdown_table(
        (
            *("flow", "strongest is coded", "apex errors, frames", "none spotted"),
            *("mean r", "columns", "AU45's r", "frames/s", "flow alone"),
        ),
        [
            (
                line["config"]["flow"],
                line["strongest_is_coded"],
                ", ".join(str(error) for error in line["apex_error_frames"]),
                str(line["apex_missing"]),
                f"{line['openface_r_mean']:.3f}",
                str(line["openface_r_columns"]),
                f"{line['openface_r_au45_mean']:.3f}",
                f"{line['frames_per_second']:.0f}",
                f"{line['flow_frames_per_second']:.0f}",
            )
            for line in lines
        ],
    )


def measured_truth_table(lines: Sequence[Line]) -> str:
    """Return the table of the errors on rendered clips of known intensities."""
    return markdown_table(
        (
            *("flow", "AU sets", "head motion", "clips", "error", "median", "Spearman"),
            *("worst AU off the set", "clips with one above 0.3"),
        ),
        [
            (
                line["config"]["flow"],
                line["config"]["sets"],
                f"{100 * line['config']['head']:.1f} %",
                str(line["config"]["clips"]),
                f"{line['mae']:.3f}",
                f"{line['mae_median']:.3f}",
                f"{line['spearman_mean']:.3f}",
                f"{line['off_worst_au']}, {line['off_worst_mean']:.3f}",
                str(line["clips_with_an_au_off_above_0.3"]),
            )
            for line in lines
        ],
    )


def flow_table(lines: Sequence[Line]) -> str:
    """Return the table of optical flow's end-point errors against the rig's exact flow."""
    names = {"none": "no motion", "dis": "dense inverse search", "tvl1": "TV-L1"}
    return markdown_table(
        (
            *("flow", "noise and light", "pairs", "error on the face, px"),
            *("error where it moves, px", "CPU ms"),
        ),
        [
            (
                names[line["config"]["method"]],
                "yes" if line["config"]["filmed"] else "no",
                str(line["config"]["pairs"]),
                f"{line['epe_px']:.3f}",
                f"{line['epe_moving_px']:.3f}",
                f"{line['cpu_ms']:.0f}",
            )
            for line in lines
        ],
    )


TABLES: dict[str, Callable[[Sequence[Line]], str]] = {
    "speed": speed_table,
    "transfer_speed": transfer_speed_table,
    "latency": latency_table,
    "encode": encode_table,
    "readback": readback_table,
    "portraits": portraits_table,
    "measurement_real_summary": measured_summary_table,
    "measurement_real": measured_clips_table,
    "measurement_truth": measured_truth_table,
    "flow": flow_table,
    **ulme_gan_tables.TABLES,
}


def circumstances(lines: Sequence[Line]) -> str:
    """Return commit, device and load of the lines as a line of Markdown."""
    told = {f"commit {line['commit']}, {line['device']}" for line in lines if "commit" in line}
    loads = sorted(line["load"] for line in lines if "load" in line)
    load = f"; load average {loads[0]:g} to {loads[-1]:g}" if loads else ""
    return f"\n*{'; '.join(sorted(told))}{load}*\n" if told else ""


def _without_side(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")


def main() -> None:
    """Read the results and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="the JSON lines that `make bench` prints")
    found: dict[str, list[Line]] = defaultdict(list)
    for text in parser.parse_args().results.read_text(encoding="utf-8").splitlines():
        if text.startswith("{"):
            line = json.loads(text)
            # The encoders' lines have no name; only they have "output".
            found["encode" if "output" in line else line["benchmark"]].append(line)
    for name in found.keys() - TABLES.keys():
        print(f"left out: {name}, which has no table in {PAGE.name}")
    for name in TABLES.keys() & found.keys():
        write_table(PAGE, name, TABLES[name](found[name]) + circumstances(found[name]))
        print(f"{PAGE.name}: {name}, {len(found[name])} lines")


if __name__ == "__main__":
    main()
