"""Recognise what an output is, and check it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mien.augment.record import RECORD_NAME as AUGMENT_NAME
from mien.engines.weights import CARD_NAME
from mien.experiment.study_files import RECORD as STUDY_NAME
from mien.flow_pairs.pairs import is_flow_pairs
from mien.produce.place import is_produced
from mien.stimuli.batch import is_manifest
from mien.training.faces.face_set import RECORD_NAME as FACES_NAME
from mien.verify.clips import (
    check_clip,
    clip_of,
    is_clip_file,
    is_frames,
    is_sidecar,
)
from mien.verify.flow_pairs import check_flow_pairs
from mien.verify.folders import check_if_clip, check_unfinished
from mien.verify.networks import check_faces, check_run, check_weights
from mien.verify.produced import check_produced
from mien.verify.report import Report
from mien.verify.sets import check_augmented, check_batch, check_flow_file
from mien.verify.studies import check_recorded_files

POOL_NAME = "pool.json"
"""The name in `mien.pool.build`, which imports much."""

STIMULI_FOLDER = "stimuli"
"""A folder of a study and of a pool. Program folders within a study have a `STUDY_NAME` too, which is no record."""

RECIPE_NAME = "recipe.json"
"""The name in `mien.training.core.start_or_resume`, which is not imported because it imports PyTorch."""


@dataclass(frozen=True)
class Kind:
    """A kind of output.

    Attributes:
        name: Its name in reports.
        fits: Returns whether a path is of this kind.
        check: Adds the problems of a path to a report.
    """

    name: str
    fits: Callable[[Path], bool]
    check: Callable[[Path, Report], None]


def _holds(name: str, folder: str = ".") -> Callable[[Path], bool]:
    return lambda path: (path / name).is_file() and (path / folder).is_dir()


def _check_folder(folder: Path, report: Report) -> None:
    """Check each output in a folder, and in the folders below it."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or check_if_clip(path, report):
            continue
        if (kind := kind_of(path)) is not None:
            kind.check(path, report)


def _check_built(name: str) -> Callable[[Path, Report], None]:
    """Return the check of a folder with a record of its text files, and with clips."""

    def check_built(folder: Path, report: Report) -> None:
        check_recorded_files(folder, name, report)
        _check_folder(folder, report)

    return check_built


KINDS: tuple[Kind, ...] = (
    Kind("clip", is_clip_file, check_clip),
    Kind("clip", is_frames, check_clip),
    Kind("clip", is_sidecar, lambda path, report: check_clip(clip_of(path), report)),
    Kind("flow maps", lambda path: path.suffix == ".npz" and path.is_file(), check_flow_file),
    Kind("produced set", is_produced, check_produced),
    Kind("flow pairs", is_flow_pairs, check_flow_pairs),
    Kind("augmented set", _holds(AUGMENT_NAME), check_augmented),
    Kind("weights", _holds(CARD_NAME), check_weights),
    Kind("face set", _holds(FACES_NAME), check_faces),
    Kind("training run", _holds(RECIPE_NAME), check_run),
    Kind("study", _holds(STUDY_NAME, STIMULI_FOLDER), _check_built(STUDY_NAME)),
    Kind("pool", _holds(POOL_NAME, STIMULI_FOLDER), _check_built(POOL_NAME)),
    Kind("batch", lambda path: is_manifest(path / "manifest.csv"), check_batch),
    Kind("folder", Path.is_dir, _check_folder),
)
"""All kinds; a path is of the first kind that fits."""


def kind_of(path: Path) -> Kind | None:
    """Return the kind of an output; None if it is of no kind that can be checked."""
    return next((kind for kind in KINDS if kind.fits(path)), None)


def check(path: Path, trusted: str | None = None) -> Report:
    """Check an output.

    Args:
        path: The file or folder.
        trusted: Certificates in PEM, of which one must vouch for the signer; None to accept any signer.

    Returns:
        The report.
    """
    report = Report(path, trusted)
    try:
        kind = kind_of(path)
        if kind is None:
            report.add(path, _unknown(path))
            return report
        report.kind = kind.name
        kind.check(path, report)
        if path.is_dir():
            check_unfinished(path, report)
            if not report.checked and not report.problems:
                report.add(path, "expected an output of Mien in it, got none: check the path")
    except (OSError, ValueError) as error:
        report.add(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    return report


def _unknown(path: Path) -> str:
    if not path.exists():
        return "it does not exist; check the path"
    return (
        "not an output that can be checked: expected a clip, a sidecar or a folder that Mien wrote"
    )
