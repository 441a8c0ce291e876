"""``mien augment``: make a labelled data set from portraits."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import tyro

from mien.augment.options import AugmentOptions
from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.cli.engine_flags import WithEngineFlags
from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class Augment(WithEngineFlags):
    """Make a data set of labelled micro-expressions from portraits. Run it again to continue an interrupted one."""

    portraits: Annotated[Path, tyro.conf.arg(metavar="FOLDER|LIST.txt")]
    """A folder with one picture of each person, or a text file that lists the pictures."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """Output folder for clips, manifest.csv and flows.npz."""

    how: Annotated[AugmentOptions, tyro.conf.arg(name="")]
    """Options of the data set."""

    credentials: CredentialsFlag = None
    """With --format png: sign each frame (C2PA) with the PEM files of a certificate and its private key."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the data set and print a summary."""
        from mien.augment.dataset import make_dataset
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress

        options = replace(self.how, engine_settings=self.flags.given(self.how.engine))
        credentials = read_credentials(self.credentials)
        started = time.perf_counter()
        with frame_progress(self.out.name) as show:
            both = self.how.count * 2  # clips are made, then their flow is measured

            made = make_dataset(
                self.portraits,
                self.out,
                options,
                lambda done, total: show(done, both),
                lambda done, total: show(self.how.count + done, both),
                credentials=credentials,
            )
        warn(f"left out: {line}" for line in made.skipped)
        warn(made.notes)
        held = 0 if made.validation is None else len(made.validation)
        if self.json:
            record = {
                "out": str(made.folder),
                "clips": made.clips,
                "made": made.made,
                "kept": made.clips - made.made,
                "measured": made.measured,
                "train": len(made.flows),
                "val": held,
                "subjects": len(made.flows.subjects),
                **made.flows.counts,
                "skipped": list(made.skipped),
                "total_seconds": round(time.perf_counter() - started, 3),
            }
            say(json.dumps(record))
            return 0
        counts = ", ".join(f"{number} {label}" for label, number in made.flows.counts.items())
        people = len(made.flows.subjects)
        parts = f", {held} to validate on" if held else ""
        if made.measured and not made.made:
            parts += ", flow maps measured again"
        say(
            f"{made.folder}: {made.clips} clips ({made.made} new){parts}; {len(made.flows)} of "
            f"{people} subject{'s' * (people != 1)} in flows.npz: {counts}"
        )
        return 0
