"""Read and write sets of onset-to-apex flow maps, the input of micro-expression recognition, as ``.npz``.

The file has the form of the MEGC2019 challenge's: one array for each field of :class:`FlowSet`, text as
fixed-width Unicode, nothing pickled. AU labels, if any, are three further arrays.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Int64, UInt8

from mien.au.emotions import CLASS_COUNT, LABELS
from mien.errors import DatasetError
from mien.io.array_file import npz_names, read_npz
from mien.io.atomic import atomic_file
from mien.io.au_labels import AU_ARRAYS, AULabels
from mien.io.plain_file import why_unreadable
from mien.motion.flow_maps import MAP_SIZE
from mien.version import __version__

CHANNELS = ("u", "v", "strain")
"""Flow to the image right, flow down, optical strain."""

ARRAYS = ("flow", "label", "subject", "dataset", "clip")
"""The arrays that every file has; files with AU labels also have :data:`mien.io.au_labels.AU_ARRAYS`."""

FlowMaps: TypeAlias = UInt8[np.ndarray, "samples 28 28 3"]
"""Maps of u, v and strain, each channel of each sample min-max scaled to 0..255."""

NO_CLASS = -1
"""The label of a sample that belongs to no class."""

LabelNumbers: TypeAlias = Int64[np.ndarray, " samples"]
"""The class of each sample, an index into :data:`mien.au.emotions.LABELS`, or :data:`NO_CLASS`."""

Names: TypeAlias = np.ndarray
"""(samples,) Unicode text."""


@dataclass(frozen=True)
class FlowSet:
    """Labelled flow maps, each with its subject, data set and clip.

    Attributes:
        flow: (samples, 28, 28, 3) uint8: row, column, then u, v and strain. Each channel of each
            sample was scaled so that its least value is 0 and its largest 255. Which value was zero and how large the
            motion was is lost.
        label: (samples,) int64: 0 negative, 1 positive, 2 surprise, or -1 for no class. Samples without a class are
            only used to learn AUs.
        subject: (samples,) text: the person, unique across all data sets (``casme2_sub01``). Data are split by subject.
        dataset: (samples,) text, such as ``casme2``.
        clip: (samples,) text: the micro-expression's name, unique within its subject.
        aus: Which AUs move in each sample, by side; None if they are not known for any sample.

    Raises:
        DatasetError: An array of another shape or type, an unknown class, an empty name, a clip that comes twice, or
            one subject in two data sets.
    """

    flow: FlowMaps = field(repr=False)
    label: LabelNumbers = field(repr=False)
    subject: Names = field(repr=False)
    dataset: Names = field(repr=False)
    clip: Names = field(repr=False)
    aus: AULabels | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        form = (MAP_SIZE, MAP_SIZE, len(CHANNELS))
        if self.flow.dtype != np.uint8 or self.flow.ndim != 4 or self.flow.shape[1:] != form:
            raise DatasetError(
                f"expected flow of uint8 (samples, 28, 28, 3), got {self.flow.dtype} "
                f"{self.flow.shape}"
            )
        object.__setattr__(self, "label", self._labels())
        for name in ("subject", "dataset", "clip"):
            object.__setattr__(self, name, self._text(name))
        for name in ARRAYS:
            frozen = getattr(self, name).view()
            frozen.flags.writeable = False
            object.__setattr__(self, name, frozen)
        if self.aus is not None and len(self.aus) != len(self.flow):
            raise DatasetError(
                f"expected AUs of {len(self.flow)} samples, got those of {len(self.aus)}"
            )
        self._check_names()

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.flow)

    def __repr__(self) -> str:
        """Return sizes, not data."""
        counts = ", ".join(f"{self.counts[name]} {name}" for name in LABELS)
        return f"FlowSet({len(self)} samples: {counts}; {len(self.subjects)} subjects)"

    @property
    def counts(self) -> dict[str, int]:
        """The number of samples of each class; samples without a class are left out."""
        classed = self.label[self.label != NO_CLASS]
        return dict(zip(LABELS, np.bincount(classed, minlength=CLASS_COUNT).tolist(), strict=True))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects of all samples, sorted, each once."""
        return tuple(np.unique(self.subject).tolist())

    def take(self, which: Sequence[int] | np.ndarray) -> FlowSet:
        """Return some of the samples: indices in the order wanted, or one bool a sample."""
        index = np.asarray(which)
        aus = None if self.aus is None else self.aus.take(index)
        return FlowSet(**{name: getattr(self, name)[index] for name in ARRAYS}, aus=aus)

    @classmethod
    def joined(cls, parts: Iterable[FlowSet]) -> FlowSet:
        """Concatenate sets, in order. The AUs of a set without AU labels are unknown.

        Raises:
            DatasetError: No part, or the same clip of one subject in two parts.
        """
        sets = tuple(parts)
        if not sets:
            raise DatasetError("expected flow sets to join, got none")
        aus = None
        if any(part.aus is not None for part in sets):
            aus = AULabels.joined(part.aus or AULabels.unknown(len(part)) for part in sets)
        whole = {name: np.concatenate([getattr(s, name) for s in sets]) for name in ARRAYS}
        return cls(**whole, aus=aus)

    @classmethod
    def from_npz(cls, path: str | os.PathLike[str]) -> FlowSet:
        """Read a set that :meth:`write_npz` wrote, or the challenge's own.

        Raises:
            DatasetError: The file does not exist, is not an ``.npz``, has a pickled array or lacks one, or its arrays
                are not a valid set.
        """
        file = Path(path)
        if why := why_unreadable(file):
            raise DatasetError(f"expected a file of flow maps, got no file {file}: {why}")
        if not zipfile.is_zipfile(file):
            raise DatasetError(
                f"expected an .npz of flow maps with {', '.join(ARRAYS)}, got {file}, which is not an .npz"
            )
        labelled = bool(set(AU_ARRAYS) & npz_names(file, DatasetError))
        found = read_npz(file, ARRAYS + AU_ARRAYS * labelled, DatasetError)
        try:
            aus = AULabels.from_arrays(*(found.pop(n) for n in AU_ARRAYS)) if labelled else None
            return cls(**found, aus=aus)
        except DatasetError as error:
            raise DatasetError(f"{file}: {error}") from error

    def write_npz(self, path: str | os.PathLike[str]) -> None:
        """Write the set, whole or not at all.

        Raises:
            DatasetError: The name does not end in ``.npz``.
            OutputError: The place cannot be written.
        """
        if Path(path).suffix.casefold() != ".npz":
            raise DatasetError(f"expected a name ending in .npz, got {Path(path).name}")
        with atomic_file(path) as temporary:
            with temporary.open("wb") as stream:
                arrays: dict[str, Any] = {name: getattr(self, name) for name in ARRAYS}
                arrays |= {} if self.aus is None else self.aus.arrays()
                np.savez_compressed(stream, **arrays)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.comment = b"Made with Mien " + __version__.encode("ascii")

    def _labels(self) -> LabelNumbers:
        if self.label.shape != (len(self.flow),) or self.label.dtype.kind not in "iu":
            raise DatasetError(
                f"expected label of integers ({len(self.flow)},), got {self.label.dtype} "
                f"{self.label.shape}"
            )
        strange = self.label[(self.label < NO_CLASS) | (self.label >= CLASS_COUNT)]
        if len(strange):
            raise DatasetError(f"expected labels of 0, 1 and 2, or -1 for none, got {strange[0]}")
        return self.label.astype(np.int64)

    def _text(self, name: str) -> Names:
        given: Names = getattr(self, name)
        if given.shape != (len(self.flow),) or given.dtype.kind != "U":
            raise DatasetError(
                f"expected {name} as text of shape ({len(self.flow)},), got {given.dtype} of shape {given.shape}"
            )
        if not np.all(np.char.str_len(given)):
            raise DatasetError(f"expected a {name} for each sample, got an empty text")
        return given

    def _check_names(self) -> None:
        dataset_of: dict[str, str] = {}
        seen: set[tuple[str, str]] = set()
        for subject, dataset, clip in zip(
            self.subject.tolist(), self.dataset.tolist(), self.clip.tolist(), strict=True
        ):
            if dataset_of.setdefault(subject, dataset) != dataset:
                raise DatasetError(
                    f"expected each subject in one data set, got {subject} in "
                    f"{dataset_of[subject]} and {dataset}: put the data set before the name"
                )
            if (subject, clip) in seen:
                raise DatasetError(f"expected each clip once, got {subject} {clip} twice")
            seen.add((subject, clip))
