"""Make one shard from a set's folder and the shard's number: the task of every executor."""

from __future__ import annotations

import errno
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mien.errors import DatasetError, InUseError, MienError
from mien.io.clip_hash import sha256_file
from mien.io.sample_tar import TarWriter, read_samples
from mien.produce.draw import key_of
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.rows import (
    MADE,
    Sample,
    failed_sample,
    members_hash,
    read_manifest,
    write_manifest,
)
from mien.produce.shard import (
    ShardFiles,
    ShardStats,
    finished,
    manifest_path,
    readable_stats,
    reason_of,
    shard_files,
    stats_of,
    stem,
    tar_path,
)

OF_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Errors of the machine: the disk or the user's quota is full, a file is too large, or the drive fails."""

State: TypeAlias = Literal["made", "kept", "busy", "broken"]
"""Outcome of a shard: made, finished before, being made by another process, or it could not be made."""


@dataclass(frozen=True)
class ShardOutcome:
    """The outcome of a shard.

    Attributes:
        shard: Its number.
        state: Whether it was made; see `State`.
        why: Why it could not be made; empty otherwise.
        made: Samples that were made.
        failed: Samples that failed.
        seconds: Time that it took.
        cpu_seconds: CPU time that it took.
        peak_mb: Largest memory of the process so far, MB.
    """

    shard: int
    state: State
    why: str = ""
    made: int = 0
    failed: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


def make_shard(folder: Path, shard: int, *, retry: bool = False) -> ShardOutcome:
    """Make a shard, unless it is finished or another process is making it.

    Args:
        folder: The set.
        shard: The shard's number.
        retry: Make failed samples of a finished shard again.

    Returns:
        The outcome. Errors that a user can solve, such as a full disk, are in it and are not raised.
    """
    import cv2

    cv2.setNumThreads(1)  # there is a worker for each core
    start, cpu_start = time.monotonic(), time.process_time()
    try:
        frozen = read_frozen(folder)
        frozen.check_facts()
        stats = _make(folder, frozen, shard, retry)
    except InUseError:
        return ShardOutcome(shard, "busy")
    except (MienError, OSError) as error:
        return ShardOutcome(shard, "broken", reason_of(error))
    if stats is None:
        return ShardOutcome(shard, "kept")
    return ShardOutcome(
        shard,
        "made",
        made=stats.made,
        failed=stats.failed,
        seconds=time.monotonic() - start,
        cpu_seconds=time.process_time() - cpu_start,
        peak_mb=peak_mb(),
    )


def peak_mb() -> float:
    """Return the largest memory of this process so far, MB; NaN on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource  # not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _make(folder: Path, frozen: FrozenPlan, shard: int, retry: bool) -> ShardStats | None:
    samples = frozen.plan.samples_of(shard)

    def wanted() -> bool:
        stats = finished(folder, shard, frozen.hash, samples)
        return stats is None or (retry and stats.failed > 0)

    if not wanted():
        return None
    with shard_files(folder, shard) as files:
        if not wanted():  # another process has made it meanwhile
            raise InUseError(f"{stem(shard)} is not made again: another process has just made it")
        with _scratch(folder, shard) as scratch:
            rows = _write_samples(folder, frozen, shard, files, scratch)
        write_manifest(files.manifest, rows)
        stats = stats_of(shard, frozen.hash, samples, files, rows, folder)
        files.stats.write_text(stats.text(), encoding="utf-8")
    return stats


def _write_samples(
    folder: Path, frozen: FrozenPlan, shard: int, files: ShardFiles, scratch: Path
) -> list[dict[str, Any]]:
    """Write the samples of a shard; return the rows of its manifest."""
    before = _made_before(folder, frozen, shard)
    missing = [index for index in frozen.plan.samples_of(shard) if index not in before]
    fresh = samples_of(folder, frozen, missing, scratch)
    old = _old_samples(folder, shard, before)
    rows = []
    with files.tar.open("wb") as file:
        tar = TarWriter(file)
        for index in frozen.plan.samples_of(shard):
            sample = next(old) if index in before else next(fresh)
            assert sample.index == index
            if sample.made:
                tar.add(key_of(index), sample.members)
            rows.append(dict(sample.row))
        tar.end()
    return rows


def samples_of(
    folder: Path, frozen: FrozenPlan, indices: list[int], scratch: Path
) -> Iterator[Sample]:
    """Make samples, in the order of their numbers; a failed sample has a row with the reason.

    Args:
        folder: The set.
        frozen: Its plan.
        indices: Numbers of samples, in ascending order.
        scratch: A folder that no other process uses.
    """
    tries = 1 + frozen.plan.retries
    if frozen.plan.kind == "flows":
        from mien.produce.flow_sample import FlowSamples

        return FlowSamples(folder, frozen).samples(indices, tries)
    from mien.produce.sample import RenderedSamples

    rendered = RenderedSamples(folder, frozen, scratch)
    return (_tried(frozen, rendered.make, index, tries) for index in indices)


def _tried(frozen: FrozenPlan, make: Callable[[int], Sample], index: int, tries: int) -> Sample:
    for attempt in range(tries):
        try:
            return make(index)
        except Exception as error:
            if _is_of_machine(error):
                raise
            if attempt + 1 == tries:
                return failed_sample(frozen.plan.kind, key_of(index), index, reason_of(error))
    raise AssertionError("a plan has one try or more")


def _is_of_machine(error: BaseException | None) -> bool:
    """Return whether an error comes from the machine, not the sample: a full disk or memory, or a failing drive."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        if isinstance(error, OSError) and error.errno in OF_MACHINE:
            return True
        error = error.__cause__ or error.__context__
    return False


def _made_before(folder: Path, frozen: FrozenPlan, shard: int) -> dict[int, dict[str, Any]]:
    """Return the rows of a finished shard's samples, to extend the shard or make its failed samples again.

    Only unaltered samples are returned; the others are made again.
    """
    stats = readable_stats(folder, shard)
    if stats is None or stats.plan != frozen.hash:
        return {}
    if finished(folder, shard, frozen.hash, range(stats.start, stats.stop)) is None:
        return {}
    manifest = manifest_path(folder, shard)
    if sha256_file(manifest) != stats.manifest.sha256:
        return {}
    rows = {row["index"]: row for row in read_manifest(manifest) if row["status"] == MADE}
    return {sample.index: rows[sample.index] for sample in _unaltered(folder, shard, rows)}


def _old_samples(folder: Path, shard: int, before: dict[int, dict[str, Any]]) -> Iterator[Sample]:
    return _unaltered(folder, shard, before) if before else iter(())


def _unaltered(folder: Path, shard: int, rows: dict[int, dict[str, Any]]) -> Iterator[Sample]:
    """Yield the samples of a tar that match the rows, in order, up to where the tar cannot be read."""
    waiting, last = {key_of(index): index for index in rows}, -1
    with suppress(DatasetError):  # the tar ends early
        for key, members in read_samples(tar_path(folder, shard)):
            index = waiting.pop(key, None)
            if index is None or index < last:
                continue
            if members_hash(members) == rows[index]["sha256"]:
                last = index
                yield Sample(index, members, rows[index])


@contextmanager
def _scratch(folder: Path, shard: int) -> Iterator[Path]:
    """Make a folder for a shard's worker, which holds the shard's lock; remove what a killed worker left there."""
    path = tar_path(folder, shard).with_name(f".{stem(shard)}.scratch")
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
