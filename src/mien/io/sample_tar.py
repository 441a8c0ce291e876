"""Read and write WebDataset tars.

The members of one sample share its key, the part of their names before the first dot.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from mien.errors import DatasetError


class TarWriter:
    """Write samples into a tar whose bytes depend on the samples alone: no time, no owner, members sorted.

    Args:
        file: A binary file that is open for writing.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, key: str, members: Mapping[str, bytes]) -> None:
        """Add a sample.

        Args:
            key: The sample's key, without a dot.
            members: The content of each member by the part of its name after the key and the dot.
        """
        for name in sorted(members):
            info = tarfile.TarInfo(f"{key}.{name}")
            info.size = len(members[name])
            info.mode = 0o644
            self._file.write(info.tobuf(tarfile.USTAR_FORMAT))
            self._file.write(members[name])
            self._file.write(bytes(-info.size % tarfile.BLOCKSIZE))

    def end(self) -> None:
        """Write the archive's end, two empty blocks, and fill the last record."""
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))
        self._file.write(bytes(-self._file.tell() % tarfile.RECORDSIZE))


def read_samples(path: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the samples of a shard: the key, and the content of the members by the part of their names after it.

    Raises:
        DatasetError: The tar is missing or damaged, or has a member that belongs to no sample.
    """
    try:
        with tarfile.open(path, "r|") as tar:
            key, members = "", dict[str, bytes]()
            for info in tar:
                this, _, name = info.name.partition(".")
                file = tar.extractfile(info)
                if file is None or not name:
                    raise DatasetError(
                        f"{path.name} has {info.name!r}, which is not part of a sample"
                    )
                if this != key:
                    if key:
                        yield key, members
                    key, members = this, {}
                members[name] = file.read()
            if key:
                yield key, members
    except (OSError, tarfile.TarError, EOFError) as error:
        raise DatasetError(f"cannot read {path}: {' '.join(str(error).split())}") from error


class SampleIndex:
    """Read samples of a tar in any order.

    The file is opened for each sample, so an index can be sent to other processes.

    Args:
        path: The tar.

    Raises:
        DatasetError: The tar is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, dict[str, tuple[int, int]]] = {}
        try:
            with tarfile.open(path, "r:") as tar:
                for info in tar:
                    key, _, name = info.name.partition(".")
                    self._places.setdefault(key, {})[name] = (info.offset_data, info.size)
        except (OSError, tarfile.TarError, EOFError) as error:
            raise DatasetError(f"cannot read {path}: {' '.join(str(error).split())}") from error

    def members(self, key: str) -> dict[str, bytes]:
        """Return the content of a sample's members by the part of their names after the key.

        Raises:
            DatasetError: The tar has no such sample, or is damaged.
        """
        if key not in self._places:
            raise DatasetError(f"expected the sample {key} in {self._path}, got none")
        members = {}
        try:
            with self._path.open("rb") as file:
                for name, (start, size) in self._places[key].items():
                    file.seek(start)
                    members[name] = file.read(size)
        except OSError as error:
            raise DatasetError(f"cannot read {self._path}: {error.strerror}") from error
        if any(len(members[name]) != size for name, (_, size) in self._places[key].items()):
            raise DatasetError(f"cannot read {self._path}: it ends within the sample {key}")
        return members
