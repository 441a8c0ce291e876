"""The manifest of a made data set: one row for each clip, in the form that the plain-folder loader reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

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
        code = "+".join(au_code(e.au, e.peak_intensity) for e in plan.scaled.envelopes)
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


def au_code(au: str, peak: float) -> str:
    """Return an AU with its level as coders write it, such as ``L12B`` for ``AU12L`` at 2.1."""
    side = au[-1] if au[-1] in "LR" else ""
    level = level_from_intensity(peak)
    return f"{side}{au.removeprefix('AU').rstrip('LR')}{level if level != '0' else ''}"


def manifest_text(rows: Sequence[dict[str, str]]) -> str:
    """Return the manifest of some rows as CSV text."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
