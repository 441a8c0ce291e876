"""Encoded pictures of a result in an unnamed temporary file, since those of a long clip would fill the memory."""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Iterator

from mien.scratch import in_file


class EncodedPictures:
    """Encoded pictures in order. They can be read by several threads."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the pictures
        weakref.finalize(self, self._file.close)
        self._ends = [0]
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self._ends) - 1

    def append(self, picture: bytes) -> None:
        """Add a picture.

        Raises:
            OutputError: The temporary folder is full.
        """
        with self._lock, in_file():
            self._file.seek(self._ends[-1])
            self._file.write(picture)
            self._file.flush()
            self._ends.append(self._ends[-1] + len(picture))

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pictures."""
        for index in range(len(self)):
            start, end = self._ends[index : index + 2]
            with self._lock:
                self._file.seek(start)
                picture = self._file.read(end - start)
            yield picture
