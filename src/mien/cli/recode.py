"""``mien recode``: re-encode a measured AU track so that it can drive a face."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.recode.options import RecodeOptions

if TYPE_CHECKING:
    from mien.recode.table import RecodedFile


@dataclass(frozen=True, kw_only=True)
class Recode:
    """Re-encode measured AUs: remove those that are rarely present, and give the others a clean course."""

    aus: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="TRACK")]
    """A table of AUs frame by frame, or of their events: Mien's own, or any format that mien convert reads."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE")]
    """The output table: .csv or .json."""

    how: Annotated[RecodeOptions, tyro.conf.arg(name="")]
    """Options of re-encoding."""

    overwrite: Overwrite = False

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Write the track and print a summary."""
        from mien.cli.notes import warn
        from mien.recode.table import recode_file

        made = recode_file(self.aus, self.out, self.how)
        warn(made.notes)
        say(json.dumps(summary(made)) if self.json else describe(made))
        return 0


def summary(made: RecodedFile) -> dict[str, Any]:
    """Return the result as JSON values."""
    result = made.result
    envelopes = result.expression.envelopes if result.expression else ()
    return {
        "out": str(made.path),
        "mode": result.mode,
        "frames": len(result.track),
        "apex_index": result.apex_index,
        "apex_seconds": round(result.apex_seconds, 6),
        "kept": list(result.kept),
        "dropped": list(result.dropped),
        "peak_intensity": round(result.track.peak, 4),
        "rmse": round(made.rmse, 4),
        "envelopes": [envelope.format() for envelope in envelopes],
        "baseline": {name: round(level, 4) for name, level in result.baseline.items()},
    }


def describe(made: RecodedFile) -> str:
    """Return the result in one line."""
    result = made.result
    if not result.kept:
        return (
            f"{made.path}: no AU is present in half of the {len(result.track)} frames, all are 0 "
            "(--threshold says what counts as present)"
        )
    dropped = f", without {' '.join(result.dropped)}" if result.dropped else ""
    return (
        f"{made.path}: {result.mode}, {len(result.track)} frames, apex at frame "
        f"{result.apex_index} ({result.apex_seconds:.3f} s), {' '.join(result.kept)}{dropped}; "
        f"RMSE {made.rmse:.3f} from the measured track"
    )
