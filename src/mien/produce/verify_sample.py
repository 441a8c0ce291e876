"""Check single samples: decode the members, make the sample again and compare, and measure the movement."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mien.au.catalog import sided_names
from mien.augment.frames import HeldClip
from mien.errors import DatasetError, MienError
from mien.io.array_file import DAMAGE
from mien.io.sample_frames import decoded_frames
from mien.motion.field import measure_field
from mien.produce.frozen import FrozenPlan
from mien.produce.rows import COLUMNS
from mien.produce.worker import samples_of
from mien.rig.basis import load_basis
from mien.types import Image

MOST_MEASURED = 50
"""Largest number of samples whose movement is measured: optical flow takes as long as rendering a clip."""


class SampleChecks:
    """Check samples one by one.

    Args:
        folder: The set.
        frozen: Its plan.
    """

    def __init__(self, folder: Path, frozen: FrozenPlan) -> None:
        self._folder, self._frozen = folder, frozen
        self.compared = 0
        """Number of samples that were made again and compared."""
        self.problems: list[str] = []
        """Problems with the movement of all samples together."""
        self._measured: list[np.ndarray] = []
        self._labelled: list[np.ndarray] = []

    def check(self, row: Mapping[str, Any], members: Mapping[str, bytes]) -> None:
        """Check a sample.

        Args:
            row: Its row of the manifest.
            members: Content of its members, by the part of their names after the key.

        Raises:
            DatasetError: A member cannot be read, or the sample is not the planned one.
        """
        frames = self._decode(row, members)
        with TemporaryDirectory() as scratch:
            (again,) = samples_of(self._folder, self._frozen, [row["index"]], Path(scratch))
        self.compared += 1
        if not again.made:
            raise DatasetError(f"it cannot be made again: {again.row['reason']}")
        differing = [name for name, _ in COLUMNS if again.row.get(name) != row[name]]
        if differing:
            name = differing[0]
            raise DatasetError(
                f"its {', '.join(differing)} in the manifest are not as planned: expected {again.row.get(name)!r}, "
                f"got {row[name]!r}"
            )
        # Only after this check is it certain that the row's onset and apex belong to these frames.
        if frames and len(self._measured) < MOST_MEASURED:
            self._measure(row, frames[row["onset"]], frames[row["apex"]])

    def _decode(self, row: Mapping[str, Any], members: Mapping[str, bytes]) -> list[Image]:
        """Return the frames of a clip or pair; an empty list for flow maps."""
        try:
            record = json.loads(members["json"])
            if record["synthetic"] is not True:
                raise ValueError("its record does not say that it is synthetic")
            if row["kind"] == "flows":
                with np.load(io.BytesIO(members["npz"]), allow_pickle=False) as arrays:
                    if arrays["flow"].shape != (28, 28, 3):
                        raise ValueError(f"expected a flow (28, 28, 3), got {arrays['flow'].shape}")
                return []
            frames = list(decoded_frames(members))
        except (*DAMAGE, MienError) as error:
            raise DatasetError(
                f"a member cannot be read: {' '.join(str(error).split())}"
            ) from error
        if len(frames) != row["frames"]:
            raise DatasetError(f"expected {row['frames']} frames, got {len(frames)}")
        return frames

    def _measure(self, row: Mapping[str, Any], onset: np.ndarray, apex: np.ndarray) -> None:
        """Measure the movement from onset to apex, and store it with the movement that the label describes."""
        height, width, channels = onset.shape
        held = ((0.0, onset), (1.0, apex))
        clip = HeldClip(Path(row["key"]), Fraction(1), width, height, channels, held)
        try:
            field = measure_field(clip, choose="largest")
        except MienError:
            return  # a face that is too small to be found again
        if len(field) < 2:
            return
        basis = load_basis()
        labelled = np.zeros((468, 2), np.float64)
        for name, peak in zip(row["au_names"], row["au_peaks"], strict=True):
            for sided in sided_names(name):
                shape = basis.displacements_cm[basis.names.index(sided)]
                labelled += peak / 5 * shape[:, :2]
        self._measured.append(field.displacement_cm[1].astype(np.float64).ravel())
        self._labelled.append(labelled.ravel())

    def cosines(self) -> tuple[float | None, float | None]:
        """Return the median cosine of measured movements and their own labels, and of them and other samples' labels.

        If the labels do not belong to the pictures, the two are about equal, which is added to `problems`.
        """
        if len(self._measured) < 2:
            return None, None
        measured, labelled = (_unit(np.stack(each)) for each in (self._measured, self._labelled))
        cosines = measured @ labelled.T
        own = float(np.median(np.diag(cosines)))
        other = float(np.median(cosines[~np.eye(len(cosines), dtype=bool)]))
        if own <= other and len(cosines) >= 10:
            self.problems.append(
                f"the measured movements do not fit the labels: cosine {own:.2f}, with labels of others {other:.2f}"
            )
        return round(own, 3), round(other, 3)


def _unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-12)
    return unit
