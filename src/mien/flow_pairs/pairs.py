"""Make a set of flow pairs from portraits."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.augment.portraits import PortraitFile, find_portraits, square_portrait
from mien.common.marking import clip_mark, clip_source
from mien.engines.registry import DEFAULTS, find_engine
from mien.face.portrait import Portrait
from mien.flow_pairs.files import RECORD_NAME, SAMPLES_NAME, SPLITS, write_pair
from mien.flow_pairs.options import FlowPairsOptions
from mien.flow_pairs.pair import FlowPair, render_pair
from mien.flow_pairs.plan import PlannedPair, plan_pair
from mien.flows.maps import OnClip
from mien.io.atomic import atomic_folder, check_folder_free
from mien.io.digital_source import DIGITAL_SOURCE_URI
from mien.render.warp import PortraitWarper
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise
from mien.training.faces.held_out import is_held_out
from mien.types import Vertices3
from mien.version import __version__


@dataclass(frozen=True)
class MadePairs:
    """A set of pairs that was made.

    Attributes:
        folder: The folder that holds it.
        training: Number of pairs to train on.
        validation: Number of pairs of held-out people.
        people: Number of people in training and validation together.
        skipped: Why portraits were left out, one line each.
    """

    folder: Path
    training: int
    validation: int
    people: int
    skipped: tuple[str, ...] = field(default=(), repr=False)


def make_flow_pairs(
    portraits: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: FlowPairsOptions,
    on_pair: OnClip | None = None,
) -> MadePairs:
    """Make a set of pairs, whole or not at all; `mien.flow_pairs` and the command line call this.

    Args:
        portraits: A folder with one picture of each person, or a text file that lists such pictures.
        out: The folder: new, empty, or an earlier set of pairs, which is replaced.
        options: How pairs are made.
        on_pair: Called after each pair with the number of pairs made and the number of all.

    Raises:
        UsageError: The portraits cannot be read, or none can be used.
        DatasetError: The same name twice or, without ``skip_bad``, the same picture. One person must not be in two
            splits.
        FaceError: Without ``skip_bad``, a portrait whose face cannot be used.
        UnreadableImageError: Without ``skip_bad``, a damaged portrait.
        OutputError: The folder cannot be written, or has other files in it.
    """
    folder = Path(out)
    check_folder_free(folder, is_flow_pairs)  # before the slow face detection
    skipped: list[str] = []
    files = find_portraits(Path(portraits), options.size, options.skip_bad, skipped)
    of_subject: dict[int, list[PlannedPair]] = defaultdict(list)
    for number in range(options.count):
        planned = plan_pair(number, len(files), options)
        of_subject[planned.subject].append(planned)
    lines: dict[int, dict[str, Any]] = {}
    with atomic_folder(folder, is_flow_pairs) as temporary:
        for subject, pairs in of_subject.items():
            prepared = PreparedPortrait.of(square_portrait(files[subject], options.size), options)
            for planned in pairs:
                lines[planned.number] = _make(temporary, files[subject], prepared, planned, options)
                if on_pair is not None:
                    on_pair(len(lines), options.count)
        ordered = [lines[number] for number in sorted(lines)]
        text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in ordered)
        (temporary / SAMPLES_NAME).write_text(text, encoding="utf-8", newline="")
        record = json.dumps(_record(files, options, skipped), indent=1) + "\n"
        (temporary / RECORD_NAME).write_text(record, encoding="utf-8", newline="")
    held = sum(line["split"] == SPLITS[1] for line in ordered)
    people = len({line["subject"] for line in ordered})
    return MadePairs(folder, len(ordered) - held, held, people, tuple(skipped))


def is_flow_pairs(folder: Path) -> bool:
    """Return whether a folder is a set of pairs that Mien made."""
    return (folder / RECORD_NAME).is_file() and (folder / SAMPLES_NAME).is_file()


@dataclass(frozen=True, eq=False)
class PreparedPortrait:
    """A portrait, ready to be moved.

    Attributes:
        warper: Moves its pixels.
        basis: The rig's shapes, fitted to its face.
    """

    warper: PortraitWarper
    basis: RigBasis

    @classmethod
    def of(cls, portrait: Portrait, options: FlowPairsOptions) -> PreparedPortrait:
        """Prepare a square portrait."""
        warper = PortraitWarper(portrait, shading=options.light)
        return cls(warper, personalise(load_basis(), portrait.face))

    @property
    def portrait(self) -> Portrait:
        """The square portrait."""
        return self.warper.portrait

    def pair(self, planned: PlannedPair) -> FlowPair:
        """Render a planned pair."""
        return render_pair(self.warper, self.displacement_cm(planned.intensities), planned.film)

    def displacement_cm(self, intensities: dict[str, float]) -> Vertices3:
        """Return the displacement (468, 3) of the vertices at FACS intensities (0 to 5), canonical centimetres."""
        shapes = np.stack([self.basis.shape(name) for name in intensities])
        levels = np.array(list(intensities.values()), np.float32) / np.float32(MAX_INTENSITY)
        moved: Vertices3 = np.tensordot(levels, shapes, axes=1).astype(np.float32)
        return moved


def _make(
    folder: Path,
    file: PortraitFile,
    prepared: PreparedPortrait,
    planned: PlannedPair,
    options: FlowPairsOptions,
) -> dict[str, Any]:
    """Write a pair and return its line of samples.jsonl."""
    pair = prepared.pair(planned)
    split = SPLITS[is_held_out(file.subject, options.validation)]
    spec = find_engine(DEFAULTS["generate"])
    text = clip_mark(spec, [file.input_file]).as_text()
    files = write_pair(folder, split, planned.name, pair, text)
    moved_px = np.hypot(pair.flow_px[..., 0], pair.flow_px[..., 1])
    return {
        "name": planned.name,
        "split": split,
        "subject": file.subject,
        "portrait_sha256": file.input_file.sha256,
        "digital_source_type": DIGITAL_SOURCE_URI + clip_source(spec, [file.input_file]),
        "label": planned.label,
        "intensities": planned.intensities,
        "largest_motion_px": round(float(moved_px.max()), 4),
        "film": None if planned.film is None else asdict(planned.film),
        "files": files,
    }


def _record(
    files: tuple[PortraitFile, ...], options: FlowPairsOptions, skipped: list[str]
) -> dict[str, Any]:
    return {
        "synthetic": True,
        "mien_version": __version__,
        "options": options.to_json(),
        "portraits": [[file.input_file.name, file.input_file.sha256] for file in files],
        "skipped": skipped,
    }
