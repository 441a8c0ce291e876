"""The manifest of a made data set: a row for each clip, in the form of the plain-folder loader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from mien.au.envelope import Envelope
from mien.au.intensity import level_from_intensity
from mien.augment.frames import Moving
from mien.augment.plan import PlannedClip
from mien.augment.portraits import PortraitFile

COLUMNS = (
    *("file", "clip", "subject", "onset", "apex", "offset", "fps", "aus", "emotion", "label"),
    *("split", "driver"),
)
"""Columns of the manifest. The loader reads all but the last two."""


def manifest_row(
    plan: PlannedClip,
    files: Sequence[PortraitFile],
    name: str,
    moving: Moving,
) -> dict[str, str]:
    """Return the manifest's row of a clip, cells by column.

    Args:
        plan: The planned clip.
        files: The portraits, one for each person.
        name: The clip's file, relative to the manifest.
        moving: The clip's frame rate and phases.
    """
    if plan.scaled is not None:
        code = facs_codes(plan.scaled.envelopes)
    else:
        code = plan.driver.facs.text if plan.driver else ""
    phases = moving.phases
    driver = plan.driver.id if plan.driver else ""
    if plan.mover is not None:
        driver = files[plan.mover].subject
    return {
        "file": name,
        "clip": plan.name,
        "subject": files[plan.subject].subject,
        "onset": str(phases.onset),
        "apex": str(phases.apex),
        "offset": str(phases.offset),
        "fps": str(moving.fps),
        "aus": code,
        "emotion": plan.emotion,
        "label": plan.label,
        "split": plan.split,
        "driver": driver,
    }


def facs_codes(envelopes: Iterable[Envelope]) -> str:
    """Return AUs with their levels as coders write them, such as ``L12B+4A`` for ``AU12L`` at 2.1 and ``AU4`` at 1.

    An AU whose peak is below 0.5 is left out, because level A is the weakest level of FACS and a code without a level
    would say that the AU is present.
    """
    codes = []
    for envelope in envelopes:
        au, level = envelope.au, level_from_intensity(envelope.peak_intensity)
        if level != "0":
            side = au[-1] if au[-1] in "LR" else ""
            codes.append(f"{side}{au.removeprefix('AU').rstrip('LR')}{level}")
    return "+".join(codes)


def manifest_text(rows: Sequence[dict[str, str]]) -> str:
    """Return the manifest of some rows as CSV text."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
