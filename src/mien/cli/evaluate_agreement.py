"""``mien evaluate agreement``: measure how far two codings agree."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.say import say
from mien.evaluate.agreement_options import AgreementOptions

if TYPE_CHECKING:
    from mien.evaluate.agreement import Agreement
    from mien.evaluate.agreement_figures import AUAgreement


@dataclass(frozen=True, kw_only=True)
class EvaluateAgreement:
    """Measure how far two codings of AUs agree: mien evaluate agreement A B."""

    first: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="A")]
    """A file of AUs of any format that mien convert reads, or a clip's sidecar."""

    second: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="B")]
    """Another coding of the same clip."""

    how: Annotated[AgreementOptions, tyro.conf.arg(name="")] = field(
        default_factory=AgreementOptions
    )
    """How they are compared."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Read both files and print the figures."""
        from mien.cli.notes import warn
        from mien.evaluate.agreement import compare_codings

        made = compare_codings(self.first, self.second, self.how)
        warn(made.notes)
        if self.json:
            say(json.dumps(summary(made)))
        else:
            print_table(made)
        return 0


def summary(made: Agreement) -> dict[str, Any]:
    """Return the figures as JSON values."""
    return {
        "a": str(made.first.path),
        "b": str(made.second.path),
        "format_a": made.first.format,
        "format_b": made.second.format,
        "fps": str(made.fps),
        "end_seconds": round(made.end_seconds, 6),
        "tolerance_ms": round(made.tolerance_seconds * 1000, 6),
        "aus": {name: each.to_json() for name, each in made.aus.items()},
        "pooled": made.pooled.to_json(),
        "not_compared": list(made.not_compared),
        "notes": list(made.notes),
    }


def print_table(made: Agreement) -> None:
    """Print a row for each AU, and one for all of them."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    headings = ("AU", "frames", "in A", "in B", "kappa", "tolerant", "F1", "onset ms", "offset ms")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "AU" else "right")
    for name, each in (*made.aus.items(), ("all", made.pooled)):
        table.add_row(name, *cells(each))
    Console().print(table)
    say(
        f"{made.fps} frames a second up to {made.end_seconds:g} s, tolerance "
        f"{made.tolerance_seconds * 1000:g} ms; errors are B minus A; "
        "in A and in B are frames with the AU, whatever its level"
    )


def cells(each: AUAgreement) -> tuple[str, ...]:
    """Return the figures as text; a dash for a missing one."""
    figures = each.to_json()
    shown = [figures[name] for name in ("kappa", "tolerant_kappa", "f1")]
    errors = [figures[f"{what}_error_ms"] for what in ("onset", "offset")]
    return (
        str(each.frames),
        str(each.present_a),
        str(each.present_b),
        *("-" if value is None else f"{value:.3f}" for value in shown),
        *("-" if value is None else f"{value:+.1f}" for value in errors),
    )
