"""Check the files of networks: weights, checkpoints of training runs, face sets."""

from __future__ import annotations

from pathlib import Path

from mien.errors import MienError
from mien.verify.report import Report


def check_weights(folder: Path, report: Report) -> None:
    """Check weights against the hashes in their card, and that all are numbers."""
    from mien.engines.weights import load_weights, read_card

    report.checked += 1
    try:
        load_weights(folder, read_card(folder).architecture)
    except MienError as error:
        report.add(folder, error)


def check_run(folder: Path, report: Report) -> None:
    """Check the last checkpoint of a training run, from which it would be resumed."""
    from mien.training.core.checkpoint import newest_checkpoint

    report.checked += 1
    try:
        if newest_checkpoint(folder) is None:
            report.add(folder, "has no checkpoint: begin the run again")
    except MienError as error:
        report.add(folder, error)


def check_faces(folder: Path, report: Report) -> None:
    """Check that the arrays of a face set have the shapes that its record names."""
    from mien.training.faces.face_set import FaceSet

    report.checked += 1
    try:
        FaceSet.open(folder)
    except MienError as error:
        report.add(folder, error)
