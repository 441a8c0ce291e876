"""Shards on disk: a WebDataset tar, its manifest, and its stats, written last. A shard is finished if its stats fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mien.errors import DatasetError, MienError
from mien.io.atomic import atomic_file
from mien.io.json_file import parse_json
from mien.produce.place import SHARDS
from mien.produce.rows import FAILED, MADE


@dataclass(frozen=True)
class StoredFile:
    """A file of a shard.

    Attributes:
        name: File name.
        bytes: Size in bytes.
        sha256: SHA-256 of the file.
    """

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ShardStats:
    """The content of a finished shard. Does not depend on when, where or how fast the shard was made.

    Attributes:
        shard: Its number.
        plan: The plan's hash.
        start: Number of its first sample.
        stop: Number after its last sample.
        tar: The samples.
        manifest: Their rows.
        counts: Samples by status, by split, by label.
        failures: Index and reason of each sample that failed.
    """

    shard: int
    plan: str
    start: int
    stop: int
    tar: StoredFile
    manifest: StoredFile
    counts: Mapping[str, Mapping[str, int]]
    failures: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    @property
    def failed(self) -> int:
        """Number of samples that failed."""
        return len(self.failures)

    @property
    def made(self) -> int:
        """Number of samples that were made."""
        return self.stop - self.start - self.failed

    def text(self) -> str:
        """Return the content of the stats' file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def stem(shard: int) -> str:
    """Return the name of a shard's files without suffix."""
    return f"shard-{shard:06d}"


def tar_path(folder: Path, shard: int) -> Path:
    """Return the place of a shard's samples."""
    return folder / SHARDS / f"{stem(shard)}.tar"


def manifest_path(folder: Path, shard: int) -> Path:
    """Return the place of a shard's manifest."""
    return folder / SHARDS / f"{stem(shard)}.parquet"


def stats_path(folder: Path, shard: int) -> Path:
    """Return the place of a shard's stats."""
    return folder / SHARDS / f"{stem(shard)}.json"


def read_stats(folder: Path, shard: int) -> ShardStats | None:
    """Read a shard's stats; None if there are none.

    Raises:
        DatasetError: They are damaged.
    """
    path = stats_path(folder, shard)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}") from error
    try:
        record: dict[str, Any] = parse_json(content)
        for name in ("tar", "manifest"):
            record[name] = StoredFile(**record[name])
        record["failures"] = tuple((int(i), str(why)) for i, why in record["failures"])
        return ShardStats(**record)
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path.name} is damaged ({error!r}): remove it and run again"
        ) from error


def readable_stats(folder: Path, shard: int) -> ShardStats | None:
    """Read a shard's stats; None if there are none, or they are damaged."""
    try:
        return read_stats(folder, shard)
    except DatasetError:
        return None


def finished(folder: Path, shard: int, plan: str, samples: range) -> ShardStats | None:
    """Return the stats of a finished shard; None if the shard must be made.

    The sizes of its files are compared, not their hashes: only ``verify`` reads all bytes.

    Args:
        folder: The set.
        shard: The shard's number.
        plan: The plan's hash.
        samples: Numbers of the samples that it must hold; extending a set adds samples to its last shard.
    """
    stats = readable_stats(folder, shard)
    if stats is None or stats.plan != plan:
        return None
    if (stats.start, stats.stop) != (samples.start, samples.stop):
        return None
    for path, file in (
        (tar_path(folder, shard), stats.tar),
        (manifest_path(folder, shard), stats.manifest),
    ):
        try:
            if path.stat().st_size != file.bytes or path.name != file.name:
                return None
        except OSError:
            return None
    return stats


@dataclass(frozen=True)
class ShardFiles:
    """The unfinished files of a shard.

    Attributes:
        tar: Temporary path of the samples.
        manifest: Temporary path of the manifest.
        stats: Temporary path of the stats.
    """

    tar: Path
    manifest: Path
    stats: Path


@contextmanager
def shard_files(folder: Path, shard: int) -> Iterator[ShardFiles]:
    """Write a shard's files under temporary names; rename them, the stats last, if the block ends without an error.

    Only one process at a time can be in this block for a shard, among all machines that share the folder.

    Raises:
        OutputError: Another process is making the shard, or the folder cannot be written.
    """
    stats = stats_path(folder, shard)
    with ExitStack() as stack:

        def place(path: Path, stale: Path | None = None) -> Path:
            return stack.enter_context(atomic_file(path, stale, is_own=lambda _: True))

        # The files are renamed in the opposite order. If a shard is made again, its old stats are removed first.
        files = [
            place(stats),
            place(manifest_path(folder, shard)),
            place(tar_path(folder, shard), stats),
        ]
        yield ShardFiles(tar=files[2], manifest=files[1], stats=files[0])


def stats_of(
    shard: int,
    plan: str,
    samples: range,
    files: ShardFiles,
    rows: Sequence[Mapping[str, Any]],
    folder: Path,
) -> ShardStats:
    """Return the stats of a shard whose samples and manifest are written."""
    counts: dict[str, dict[str, int]] = {}
    for column in ("status", "split", "label"):
        counted: dict[str, int] = {}
        for row in rows:
            if (column == "status" or row["status"] == MADE) and row.get(column):
                counted[row[column]] = counted.get(row[column], 0) + 1
        counts[column] = dict(sorted(counted.items()))
    return ShardStats(
        shard,
        plan,
        samples.start,
        samples.stop,
        _stored(files.tar, tar_path(folder, shard).name),
        _stored(files.manifest, manifest_path(folder, shard).name),
        counts,
        tuple((row["index"], row["reason"]) for row in rows if row["status"] == FAILED),
    )


def _stored(path: Path, name: str) -> StoredFile:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return StoredFile(name, path.stat().st_size, digest.hexdigest())


def reason_of(error: BaseException) -> str:
    """Return why a sample failed, in one line."""
    text = " ".join(str(error).split())
    return text if isinstance(error, MienError) else f"{type(error).__name__}: {text}"
