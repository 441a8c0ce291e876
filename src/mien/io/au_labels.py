"""Which AUs move in each sample of a set, by side, and how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32, Int8

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD
from mien.errors import DatasetError

ABSENT, PRESENT, UNKNOWN = 0, 1, -1
"""States of an AU in a sample. Unknown: not coded, uncertain, or one of several AUs between which the coder did not
decide."""

States: TypeAlias = Int8[np.ndarray, "samples shapes"]
"""The state of each AU in each sample, in the order of :data:`mien.au.catalog.RIG_NAMES`."""

Intensities: TypeAlias = Float32[np.ndarray, "samples shapes"]
"""FACS intensities 0 to 5 in the same order; NaN where they are not known."""


@dataclass(frozen=True)
class AULabels:
    """AU labels of samples, with a column for each name in :data:`mien.au.catalog.RIG_NAMES`.

    Attributes:
        present: (samples, shapes) int8: 1 present, 0 absent, -1 unknown.
        intensity: (samples, shapes) float32: the FACS intensity, 0 where the AU is absent, NaN where it is
            unknown or was coded without a level. A generated AU below
            :data:`mien.au.intensity.PRESENCE_THRESHOLD` is absent and keeps its intensity.

    Raises:
        DatasetError: An array of another shape or type, an unknown state, or an intensity that contradicts its state.
    """

    present: States = field(repr=False)
    intensity: Intensities = field(repr=False)

    def __post_init__(self) -> None:
        form = (len(self.present), len(RIG_NAMES))
        for name, kind in (("present", "i"), ("intensity", "f")):
            array = getattr(self, name)
            if array.shape != form or array.dtype.kind != kind:
                raise DatasetError(
                    f"expected {name} of AUs of shape {form}, got {array.dtype} {array.shape}"
                )
        object.__setattr__(self, "present", self.present.astype(np.int8))
        object.__setattr__(self, "intensity", self.intensity.astype(np.float32))
        self._check_values()
        for name in ("present", "intensity"):
            getattr(self, name).flags.writeable = False

    def _check_values(self) -> None:
        strange = ~np.isin(self.present, (ABSENT, PRESENT, UNKNOWN))
        if strange.any():
            raise DatasetError(f"expected AUs of -1, 0 and 1, got {self.present[strange][0]}")
        level = self.intensity
        known = ~np.isnan(level)
        outside = known & ~((level >= 0) & (level <= MAX_INTENSITY))
        if outside.any():
            raise DatasetError(f"expected AU intensities from 0 to 5, got {level[outside][0]:g}")
        wrong = np.where(self.present == PRESENT, known & (level <= 0), False)
        wrong |= (self.present == ABSENT) & ~(level < PRESENCE_THRESHOLD)
        wrong |= (self.present == UNKNOWN) & known
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise DatasetError(
                f"expected the intensity of {RIG_NAMES[column]} to agree with its state "
                f"{self.present[row, column]}, got {level[row, column]:g} in sample {row}"
            )

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.present)

    def __repr__(self) -> str:
        """Return sizes, not data."""
        known = int((self.present != UNKNOWN).any(1).sum())
        return f"AULabels({len(self)} samples, {known} of them with known AUs)"

    @classmethod
    def unknown(cls, count: int) -> AULabels:
        """Return labels in which every AU of every sample is unknown."""
        form = (count, len(RIG_NAMES))
        return cls(np.full(form, UNKNOWN, np.int8), np.full(form, np.nan, np.float32))

    @classmethod
    def of_intensities(cls, intensity: np.ndarray) -> AULabels:
        """Return the labels of generated samples, of which all intensities are known.

        Args:
            intensity: (samples, shapes) FACS intensities in the order of ``RIG_NAMES``.
        """
        return cls((intensity >= PRESENCE_THRESHOLD).astype(np.int8), intensity.astype(np.float32))

    @classmethod
    def of_peaks(cls, peaks: Sequence[Mapping[str, float]]) -> AULabels:
        """Return the labels of generated samples from the peaks of their AUs.

        Args:
            peaks: For each sample the peak intensity of each AU that moves, by AU name. A name without a side means
                both sides.

        Raises:
            UnknownAUError: An unknown name.
        """
        intensity = np.zeros((len(peaks), len(RIG_NAMES)), np.float32)
        for row, moved in zip(intensity, peaks, strict=True):
            for name, value in moved.items():
                for side in sided_names(name):
                    column = RIG_NAMES.index(side)
                    row[column] = max(row[column], value)
        return cls.of_intensities(intensity)

    def take(self, index: np.ndarray) -> AULabels:
        """Return some of the samples: indices in the order wanted, or one bool a sample."""
        return AULabels(self.present[index], self.intensity[index])

    @classmethod
    def joined(cls, parts: Iterable[AULabels]) -> AULabels:
        """Concatenate labels, in order."""
        every = tuple(parts)
        return cls(
            np.concatenate([part.present for part in every]),
            np.concatenate([part.intensity for part in every]),
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays for a file, by name: ``au_name``, ``au_present`` and ``au_intensity``."""
        return {
            "au_name": np.array(RIG_NAMES),
            "au_present": self.present,
            "au_intensity": self.intensity,
        }

    @classmethod
    def from_arrays(
        cls, au_name: np.ndarray, au_present: np.ndarray, au_intensity: np.ndarray
    ) -> AULabels:
        """Return the labels of a file's arrays. Columns are found by name; an AU that the file lacks is unknown.

        Raises:
            DatasetError: Names that are not text, are not in the rig or come twice, or other invalid arrays.
        """
        if au_name.ndim != 1 or au_name.dtype.kind != "U":
            raise DatasetError(
                f"expected au_name as text, got {au_name.dtype} of shape {au_name.shape}"
            )
        names = au_name.tolist()
        strange = [name for name in names if name not in RIG_NAMES or names.count(name) > 1]
        if strange:
            raise DatasetError(
                f"expected each AU of {' '.join(RIG_NAMES)} once at most, got {strange[0]!r}"
            )
        form = (len(au_present), len(names))
        for what, kind, array in (
            ("au_present", "i", au_present),
            ("au_intensity", "f", au_intensity),
        ):
            if array.ndim != 2 or array.shape != form or array.dtype.kind != kind:
                raise DatasetError(
                    f"expected {what} of shape {form}, got {array.dtype} {array.shape}"
                )
        empty = cls.unknown(len(au_present))
        present, intensity = empty.present.copy(), empty.intensity.copy()
        columns = [RIG_NAMES.index(name) for name in names]
        present[:, columns], intensity[:, columns] = au_present, au_intensity
        return cls(present, intensity)


AU_ARRAYS = ("au_name", "au_present", "au_intensity")
"""Arrays of AUs in a file of flow maps; files of earlier versions and of the challenge have none."""
