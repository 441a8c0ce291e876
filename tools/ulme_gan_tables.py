"""Make tables from the results of `benchmarks.ulme_gan` and `benchmarks.ulme_gan_against_rig`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doc_tables import markdown_table


def readback_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of each AU's rank correlation and rise, for the weights and the controls."""
    return markdown_table(
        ("engine", "AU", "Spearman, mean", "of the mean curve", "share of the rig's rise"),
        [
            (
                *(line["config"]["engine"], line["config"]["aus"]),
                f"{line['spearman_mean']:.3f}",
                f"{line['spearman_of_mean_curve']:.3f}",
                f"{line['share_of_rigs_rise']:.2f}",
            )
            for line in lines
        ],
    )


def identity_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of identity cosines, and whether the readback's bars are met with the same settings."""
    return markdown_table(
        ("engine", "identity cosine, mean", "least", "all readback bars met"),
        [
            (
                line["config"]["engine"],
                f"{line['cosine_mean']:.3f}",
                f"{line['cosine_least']:.3f}",
                "yes" if line["readback_bars_all_met"] else "no",
            )
            for line in lines
        ],
    )


def stillness_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of the network's errors without a requested change, and after a change and its opposite."""
    return markdown_table(
        ("weights", "no change asked, dB, least", "median", "cycle L1"),
        [
            (
                line["config"]["engine"],
                f"{line['still_psnr_db_least']:.1f}",
                f"{line['still_psnr_db_median']:.1f}",
                f"{line['cycle_l1']:.4f}",
            )
            for line in lines
        ],
    )


def speed_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of the generator's milliseconds per frame."""
    return markdown_table(
        (
            *("width", "plain, ms a frame", "engine, ms a frame", "times as fast"),
            *("whole frame of 512 px, CPU ms", "of 1024 px, CPU ms"),
        ),
        [
            (
                str(line["config"]["width"]),
                f"{line['plain_ms_a_frame']:.1f}",
                f"{line['engine_ms_a_frame']:.1f}",
                f"{line['times_as_fast']:.2f}",
                *(f"{line[f'frame_cpu_ms_{side}_px']:.0f}" for side in (512, 1024)),
            )
            for line in lines
        ],
    )


def against_rig_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of motion, ghosting, identity and lids beside the rig's, for the weights and the controls."""
    return markdown_table(
        (
            "engine",
            "flow",
            "pairs",
            "amplitude",
            "cosine",
            "ghosting",
            "identity at C",
            "lid gap at C, E",
        ),
        [
            (
                *(line["config"]["engine"], line["config"]["flow"]),
                str(line["config"]["pairs"]),
                f"{line['amplitude']:.2f}",
                *(f"{line[name]:.3f}" for name in ("cosine", "ghosting", "identity_at_C")),
                ", ".join(f"{gap:.2f}" for gap in line["lid_gap"].values()),
            )
            for line in lines
        ],
    )


def mouths_table(lines: Sequence[dict[str, Any]]) -> str:
    """Return the table of the errors inside and around opened mouths."""
    names = list(dict.fromkeys(line["config"]["engine"] for line in lines))
    levels = sorted({line["config"]["level"] for line in lines})
    found = {(line["config"]["engine"], line["config"]["level"]): line for line in lines}
    places = ("inside", "around")
    return markdown_table(
        ("engine", *(f"{place}, {level}" for place in places for level in levels)),
        [
            (name, *(f"{found[name, level][place]:.1f}" for place in places for level in levels))
            for name in names
        ],
    )


TABLES = {
    "ulme_gan_mouths": mouths_table,
    "ulme_gan_against_rig": against_rig_table,
    "ulme_gan_readback": readback_table,
    "ulme_gan_identity": identity_table,
    "ulme_gan_stillness": stillness_table,
    "ulme_gan_speed": speed_table,
}
