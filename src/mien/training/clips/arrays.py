"""The arrays of a set of clips, to which rows are appended clip by clip.

A shard holds the rows of one clip, without headers. The set's own files are those that `FaceSet.open` reads.
"""

from __future__ import annotations

import io
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mien.face.mesh import VERTEX_COUNT
from mien.training.faces.face_motion import CELL_PX, motion_file
from mien.training.faces.face_set import AUS_NAME, IMAGES_NAME


@dataclass(frozen=True)
class RowArray:
    """An array in a file, whose rows are appended.

    Attributes:
        file: Name of its file in the folder of the set.
        dtype: Its little-endian type.
        row: Shape of one row.
        per_clip: Whether there is one row per clip; otherwise there is one per frame.
    """

    file: str
    dtype: str
    row: tuple[int, ...]
    per_clip: bool = False

    def header(self, rows: int) -> bytes:
        """Return the bytes before the rows; the file of the pictures has none.

        NumPy pads the header so that its length does not depend on the number of rows.
        """
        if self.file == IMAGES_NAME:
            return b""
        file = io.BytesIO()
        shape = (rows, *self.row)
        described = {"descr": self.dtype, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, described)
        return file.getvalue()

    def bytes_of(self, rows: int) -> int:
        """Return the length in bytes of a file with this many rows."""
        return len(self.header(0)) + rows * math.prod(self.row) * np.dtype(self.dtype).itemsize

    def row_bytes(self, values: np.ndarray) -> bytes:
        """Return the bytes of one row."""
        return np.ascontiguousarray(values.reshape(self.row), self.dtype).tobytes()

    def cut(self, folder: Path, rows: int) -> None:
        """Cut the file after its first ``rows`` rows, and write its header."""
        path = folder / self.file
        path.touch()
        with path.open("r+b") as file:
            file.write(self.header(rows))
            file.truncate(self.bytes_of(rows))
            _flush(file.fileno())

    def append(self, folder: Path, shard: Path) -> None:
        """Append the rows of a shard."""
        with (shard / self.file).open("rb") as rows, (folder / self.file).open("ab") as file:
            shutil.copyfileobj(rows, file, 1 << 20)
            file.flush()
            _flush(file.fileno())


def arrays_of(size: int, aus: int) -> dict[str, RowArray]:
    """Return the arrays of a set by name.

    Args:
        size: Side of the pictures, pixels.
        aus: Number of AUs.
    """
    cells = size // CELL_PX
    return {
        "images": RowArray(IMAGES_NAME, "|u1", (1, size, size, 3)),
        "aus": RowArray(AUS_NAME, "<f4", (1, aus)),
        "moved": RowArray(motion_file("moved"), "<f2", (1, VERTEX_COUNT, 2)),
        "field": RowArray(motion_file("field"), "<f2", (1, cells, cells, 2)),
        "points": RowArray(motion_file("points"), "<f4", (VERTEX_COUNT, 2), per_clip=True),
    }


def _flush(descriptor: int) -> None:
    # Without this, a power cut may lose rows that the journal lists.
    os.fsync(descriptor)
