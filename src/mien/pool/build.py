"""Make a pool: screen and choose portraits, make the stimuli, draw contact sheets, write the data card."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.experiment.study_files import StudyFiles
from mien.generate.options import RenderOptions
from mien.io.clip_hash import sha256_file
from mien.io.csv_text import read_csv_text
from mien.io.replacing import has_mark
from mien.io.sinks import OutputKind
from mien.io.used_folder import used_folder
from mien.pool.card import card_files
from mien.pool.choice import balanced
from mien.pool.contact import MARK, contact_page
from mien.pool.limits import ScreenLimits
from mien.pool.recipe import PoolRecipe, plan_pool
from mien.pool.screening import SCREENING, Screened, pictures_in, screen
from mien.stimuli.condition_files import CONDITIONS
from mien.stimuli.stimulus import Stimulus
from mien.stimuli.stimulus_sheet import make_stimuli
from mien.version import __version__

STIMULI, SHEETS, RECORD = "stimuli", "contact_sheets", "pool.json"

Progress = Callable[[str, int, int], None]
"""Called with the step's name, the number done and the total."""


@dataclass(frozen=True)
class Pool:
    """A pool that was made.

    Attributes:
        folder: Its folder.
        screened: Number of portraits that were screened.
        accepted: Number of portraits that passed.
        portraits: Number of portraits in the pool.
        groups: Number of portraits in the pool by group.
        stimuli: Number of stimuli.
    """

    folder: Path
    screened: int
    accepted: int
    portraits: int
    groups: Mapping[str, int]
    stimuli: int


def make_pool(
    portraits: Path,
    out: Path,
    recipe: PoolRecipe,
    *,
    count: int,
    source: str,
    limits: ScreenLimits | None = None,
    groups: Path | None = None,
    kind: OutputKind = "mp4",
    progress: Progress | None = None,
) -> Pool:
    """Make a pool. After an interruption, the same call continues it and gives the same files.

    Args:
        portraits: Folder of AI-made portraits under CC0.
        out: The pool's folder.
        recipe: What the pool holds.
        count: Number of portraits in the pool.
        source: Where the portraits are from, for the data card.
        limits: Limits that a portrait must keep; None for the defaults.
        groups: Table with the columns ``portrait`` and ``group``, in place of the measured skin tone.
        kind: Format of the stimuli.
        progress: Called after each portrait and each stimulus.

    Raises:
        UsageError: Too few portraits pass, or a stimulus cannot be made.
        OutputError: The folder cannot be written, or holds files of something else.
    """
    show = progress or (lambda what, done, total: None)
    limits = limits or ScreenLimits()
    pictures = pictures_in(portraits)
    named = None if groups is None else read_groups(groups)
    facts = _facts(pictures, recipe, count, source, limits, named, kind)
    files = StudyFiles(out, facts, RECORD, "pool")
    with used_folder(out):
        files.begin()
        screened = screen(
            pictures,
            limits,
            out / SCREENING,
            named,
            lambda done, total: show("screening", done, total),
        )
        chosen = balanced(screened, count, recipe.seed)
        stimuli = plan_pool(recipe, {each.path.stem: each.path for each in chosen})
        _make(recipe, stimuli, out / STIMULI, kind, show)
        _draw_sheets(chosen, out, show)
        by = (
            "skin tone as measured in the picture" if groups is None else f"the table {groups.name}"
        )
        described = card_files(recipe, limits, source, screened, chosen, stimuli, by)
        for name, text in described.items():
            files.write(name, text)
        files.end()
    kinds = {each.group for each in chosen}
    return Pool(
        out,
        len(screened),
        sum(each.accepted for each in screened),
        len(chosen),
        {name: sum(each.group == name for each in chosen) for name in sorted(kinds)},
        len(stimuli),
    )


def read_groups(path: Path) -> dict[str, str]:
    """Read which group each portrait belongs to.

    Args:
        path: A table with the columns ``portrait``, a file's name, and ``group``.

    Raises:
        UsageError: A column is missing, or a portrait is listed twice.
    """
    reader = csv.DictReader(io.StringIO(read_csv_text(path), newline=""))
    if not {"portrait", "group"} <= set(reader.fieldnames or ()):
        raise UsageError(f"expected the columns portrait and group in {path}")
    found: dict[str, str] = {}
    for row in reader:
        name = (row["portrait"] or "").strip()
        if name in found:
            raise UsageError(f"expected each portrait once in {path}, got {name} twice")
        found[name] = (row["group"] or "").strip()
    return found


def _make(
    recipe: PoolRecipe,
    stimuli: tuple[Stimulus, ...],
    folder: Path,
    kind: OutputKind,
    show: Progress,
) -> None:
    neutral = recipe.neutral_ms / 1000
    common = RenderOptions(
        fps=str(recipe.fps), size=str(recipe.size), lead_seconds=neutral, tail_seconds=neutral
    )
    made = make_stimuli(
        stimuli,
        folder,
        common=common,
        kind=kind,
        on_row=lambda done, total: show("stimuli", done, total),
    )
    failed = [row for row in made.rows if row.status == "failed"]
    if failed:
        raise UsageError(
            f"{len(failed)} of {len(stimuli)} stimuli cannot be made, such as {failed[0].name}: {failed[0].error}"
        )


def _draw_sheets(chosen: tuple[Screened, ...], out: Path, show: Progress) -> None:
    """Draw a contact sheet of each portrait's longest clips, unless there already is one."""
    text = read_csv_text(out / STIMULI / CONDITIONS)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    longest = max(float(row["duration_seconds"]) for row in rows)
    for number, each in enumerate(chosen, start=1):
        name = each.path.stem
        own = [
            row
            for row in rows
            if row["portrait"] == name and float(row["duration_seconds"]) == longest
        ]
        target = out / SHEETS / f"{name}.png"
        if not (target.is_file() and has_mark(target)):
            contact_page(name, own, out / STIMULI).save(target, MARK)
        show("contact sheets", number, len(chosen))


def _facts(
    pictures: list[Path],
    recipe: PoolRecipe,
    count: int,
    source: str,
    limits: ScreenLimits,
    groups: dict[str, str] | None,
    kind: OutputKind,
) -> dict[str, Any]:
    facts = {
        "made_by": f"Mien {__version__}",
        "validated_by_human_raters": False,
        "recipe": asdict(recipe) | {"count": count, "kind": kind},
        "source": source,
        "limits": asdict(limits),
        "groups": groups,
        "portraits": {each.name: sha256_file(each) for each in pictures},
    }
    plain: dict[str, Any] = json.loads(json.dumps(facts))
    return plain
