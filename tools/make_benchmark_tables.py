"""Write benchmarks' results into the tables of docs/benchmarks.md and docs/produce.md.

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

import speed_tables
import ulme_gan_tables
from doc_tables import DOCS, markdown_table, write_table

PAGE = DOCS / "benchmarks.md"
OTHER_PAGES = {"produce": DOCS / "produce.md", "produce scale": DOCS / "produce.md"}
"""The pages of the tables that are not on PAGE."""

Line = dict[str, Any]
"""A line of the results."""


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
    "readback": readback_table,
    "portraits": portraits_table,
    "measurement_real_summary": measured_summary_table,
    "measurement_real": measured_clips_table,
    "measurement_truth": measured_truth_table,
    "flow": flow_table,
    **speed_tables.TABLES,
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
            found[line["benchmark"]].append(line)
    for name in found.keys() - TABLES.keys():
        print(f"left out: {name}, which has no table")
    for name in TABLES.keys() & found.keys():
        page = OTHER_PAGES.get(name, PAGE)
        write_table(page, name, TABLES[name](found[name]) + circumstances(found[name]))
        print(f"{page.name}: {name}, {len(found[name])} lines")


if __name__ == "__main__":
    main()
