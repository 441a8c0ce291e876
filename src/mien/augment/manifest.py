"""The manifest of a made data set: one row a clip, as the plain-folder loader reads it."""

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
"""The loader reads all but the last two."""


def manifest_row(
    plan: PlannedClip,
    files: Sequence[PortraitFile],
    name: str,
    moving: Moving,
) -> dict[str, str]:
    """Return a clip's cells by column.

    Args:
        plan: what was planned.
        files: the people.
        name: the clip's file, relative to the manifest.
        moving: where its phases are.
    """
    if plan.scaled is not None:
        code = "+".join(_code(e.au, e.peak_intensity) for e in plan.scaled.envelopes)
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


def _code(au: str, peak: float) -> str:
    """``AU12L`` at 2.1 as coders write it: ``L12B``."""
    side = au[-1] if au[-1] in "LR" else ""
    level = level_from_intensity(peak)
    return f"{side}{au.removeprefix('AU').rstrip('LR')}{level if level != '0' else ''}"


def manifest_text(rows: Sequence[dict[str, str]]) -> str:
    """Return the manifest."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
