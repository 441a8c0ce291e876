"""``mien expressions``: list the names that --expression and --sample accept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tyro

from mien.cli.say import say

if TYPE_CHECKING:
    from rich.console import Console


EMOTION_NOTES = """\
others: coders saw a micro-expression, but none of these emotions.
--dataset NAME draws from that data set alone; one with a space or brackets in
its name needs quotes. A dash: it has no such clips."""
"""Notes below the table of emotions, at most 80 characters a line."""


@dataclass(frozen=True)
class Expressions:
    """List the ready expressions, and the emotions for --sample."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print the tables."""
        presets, emotions = preset_rows(), emotion_counts()
        if self.json:
            say(json.dumps({"expressions": presets, "emotions": emotions}))
        else:
            _print_tables(presets, emotions)
        return 0


def preset_rows() -> list[dict[str, Any]]:
    """Return the AUs and times of each preset, as JSON values."""
    from mien.au.intensity import level_from_intensity
    from mien.au.presets import PRESETS

    rows = []
    for preset in PRESETS.values():
        expression = preset.expression()
        rows.append(
            {
                "name": preset.name,
                "aus": {e.au: round(e.peak_intensity, 3) for e in expression.envelopes},
                "level": level_from_intensity(expression.peak_intensity),
                "apex_seconds": round(expression.apex_seconds, 4),
                "duration_seconds": round(expression.duration_seconds, 4),
                "why": preset.why,
            }
        )
    return rows


def emotion_counts() -> dict[str, dict[str, int]]:
    """Return the number of coded clips by emotion and data set."""
    from mien.au.statistics import statistics_table

    table = statistics_table()
    return {
        emotion: {
            dataset: sum(each.rows for each in table.tables[dataset].get(emotion, ()))
            for dataset in table.datasets
        }
        for emotion in table.emotions
    }


def _print_tables(presets: list[dict[str, Any]], emotions: dict[str, dict[str, int]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console()
    ready = Table(
        title="--expression NAME: ready expressions",
        caption="peaks at the default intensity (0 to 5); --intensity sets the strongest",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    ready.add_column("name", style="bold")
    ready.add_column("AUs and peak intensity")
    ready.add_column("apex ms", justify="right")
    ready.add_column("end ms", justify="right")
    for row in presets:
        aus = ", ".join(f"{au} {peak:.1f}" for au, peak in row["aus"].items())
        ready.add_row(
            row["name"],
            aus,
            f"{1000 * row['apex_seconds']:.0f}",
            f"{1000 * row['duration_seconds']:.0f}",
        )
    console.print(ready)
    _print_emotions(console, emotions)


def _print_emotions(console: Console, emotions: dict[str, dict[str, int]]) -> None:
    from rich import box
    from rich.table import Table

    datasets = list(next(iter(emotions.values())))
    drawn = Table(
        title="--sample EMOTION: number of coded clips to draw from",
        box=box.SIMPLE_HEAD,
        title_justify="left",
    )
    drawn.add_column("emotion", style="bold")
    for dataset in datasets:
        drawn.add_column(dataset, justify="right")
    for emotion, counts in emotions.items():
        drawn.add_row(emotion, *(str(counts[dataset] or "-") for dataset in datasets))
    console.print(drawn)
    console.print(EMOTION_NOTES, highlight=False, soft_wrap=True)
