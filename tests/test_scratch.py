from __future__ import annotations

import errno
import os
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from mien import scratch
from mien.errors import OutputError
from mien.face.portrait import Portrait
from mien.motion.measure import free_motion
from mien.rig.seen import load_lifted_lids, seen_basis
from mien.rig.solve import RigFit, RigSolver, in_plane
from mien.scratch import (
    ScratchRows,
    by_parts,
    mean_of_rows,
    median_of_rows,
    norms_of_rows,
    parts_of,
    release,
    scratch_array,
)

RNG = np.random.default_rng(0)


@pytest.fixture
def in_file(monkeypatch):
    """Keep all arrays in files."""
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 0)


def test_an_array_in_a_file_begins_with_zeros_and_keeps_its_values(in_file):
    kept = scratch_array((10, 3, 3), np.float64)
    assert kept.shape == (10, 3, 3) and kept.dtype == np.float64 and not kept.any()
    wanted = RNG.random((10, 3, 3))
    kept[2:8] = wanted[2:8]
    release()
    assert np.array_equal(kept[2:8], wanted[2:8]) and not kept[8:].any()


@pytest.mark.parametrize("most", [0, 40_000, 10**9])
@pytest.mark.parametrize("count", [1, 3, 4, 30])
def test_rows_there_and_back(monkeypatch, most, count):
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", most)
    monkeypatch.setattr(scratch, "TOGETHER_FRAMES", 4)
    wanted = RNG.random((count, 468, 2)).astype(np.float32)
    rows = ScratchRows()
    for row in wanted:
        rows.append(row)
    assert len(rows) == count
    found = rows.array()
    assert found.dtype == np.float32 and np.array_equal(found, wanted)
    found[0] = 1  # gaps are filled in later
    assert (found[0] == 1).all()


def test_the_temporary_file_has_no_name(monkeypatch, tmp_path, in_file):
    """So the system removes it whatever happens to the process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = scratch_array((4, 3), np.float32)
    kept[:] = 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_pages_are_given_back_after_each_part(monkeypatch):
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 1_000_000)
    kept = scratch_array((4096, 4096), np.float32)  # 67 MB
    most, before = 0, resident_bytes()
    for part in parts_of(len(kept)):
        kept[part] = part.start
        most = max(most, resident_bytes() - before)
    assert 8_000_000 < most < 30_000_000  # a part has 512 frames, 8.4 MB
    assert resident_bytes() - before < 4_000_000
    assert kept[0, 0] == 0 and kept[-1, -1] == 3584


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(monkeypatch, in_file):
    monkeypatch.setattr(scratch, "TOGETHER_FRAMES", 2)
    full = Path("/dev/full")
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: full.open("r+b", buffering=0))
    wanted = r"cannot keep temporary data in .*; free some space, or set TMPDIR"
    with pytest.raises(OutputError, match=wanted):
        scratch_array((4, 3), np.float64)
    rows = ScratchRows()
    rows.append(np.ones(3))
    with pytest.raises(OutputError, match=wanted):
        rows.append(np.ones(3))


def test_room_is_taken_before_anything_is_written(monkeypatch, in_file):
    """If the disk were full at a later write to a mapped file, the process would die of SIGBUS."""

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", no_room, raising=False)
    with pytest.raises(OutputError, match="No space left on device"):
        scratch_array((4, 3), np.float64)


def test_without_posix_fallocate_zeros_are_written(monkeypatch, in_file):
    """As on macOS and Windows."""
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    kept = scratch_array((500_000,), np.float64)
    assert not kept.any()
    kept[-1] = 2
    assert kept[-1] == 2


def test_rows_by_parts(monkeypatch, in_file):
    monkeypatch.setattr(scratch, "TOGETHER_FRAMES", 7)
    values = RNG.random((100, 3))
    found = by_parts(lambda part: (2 * values[part]).astype(np.float32), 100)
    assert found.dtype == np.float32 and np.array_equal(found, (2 * values).astype(np.float32))
    assert np.array_equal(norms_of_rows(values), np.linalg.norm(values, axis=1))


@pytest.mark.parametrize("most", [0, 4000, 10**9])
@pytest.mark.parametrize("frames", [1, 2, 99, 100])
@pytest.mark.parametrize("chosen", [False, True])
def test_a_median_is_numpy_s_own(monkeypatch, most, frames, chosen):
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", most)
    monkeypatch.setattr(scratch, "TOGETHER_FRAMES", 16)
    values = RNG.normal(0, 1, (frames, 5, 2)).astype(np.float32)
    rows = np.arange(frames) % 3 != 1 if chosen else None
    found = median_of_rows(values, rows)
    wanted = np.median(values if rows is None else values[rows], axis=0)
    assert found.dtype == wanted.dtype and np.array_equal(found, wanted)


@pytest.mark.parametrize("frames", [1, 2, 511, 512, 1023, 1024, 1025, 90_001])
def test_parts_cover_a_clip_and_none_is_short(frames):
    parts = list(parts_of(frames))
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert parts[-1].stop == frames
    assert min(part.stop - part.start for part in parts) >= min(frames, 512)
    assert max(part.stop - part.start for part in parts) <= 1024


def test_a_mean_in_parts_is_numpy_s_own_bit_for_bit():
    values = RNG.random((3000, 17)) * 10.0 ** RNG.integers(-9, 9, 17)
    parts = (values[part] for part in parts_of(3000))
    assert np.array_equal(mean_of_rows(parts, 3000), values.mean(0))


@pytest.mark.parametrize("frames", [257, 300, 513])
def test_a_fit_in_parts_and_a_file_is_that_of_all_frames_at_once(monkeypatch, portrait, frames):
    """Bit for bit."""
    whole = fitted(portrait, frames)
    monkeypatch.setattr(scratch, "TOGETHER_FRAMES", 128)
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 0)
    assert len(list(parts_of(frames))) > 1
    parted = fitted(portrait, frames)
    for name in ("intensities", "explained", "residual_cm"):
        assert np.array_equal(getattr(whole, name), getattr(parted, name)), name
    assert whole.intensities.max() > 0.5


def fitted(portrait: Portrait, frames: int) -> RigFit:
    face = portrait.face
    basis = seen_basis(face, "full")
    rng = np.random.default_rng(1)
    moving = rng.random(len(basis.names)) > 0.8
    times = np.linspace(0, 9, frames)[:, None] + rng.uniform(0, 6, len(moving))
    values = np.abs(np.sin(times)) * moving * 0.3
    field = np.tensordot(values, in_plane(basis, face), 1) + rng.normal(0, 0.01, (frames, 468, 2))
    solver = RigSolver(basis, face, free_motion(face), None, load_lifted_lids("full"))
    return solver.fit(field.astype(np.float32), rng.random((frames, 468)), 0.02)


def test_two_threads_may_make_and_release_arrays(in_file):
    """The studio measures two films at once."""
    ended = threading.Event()
    failed: list[BaseException] = []

    def make() -> None:
        try:
            while not ended.is_set():
                kept = [scratch_array((16, 16), np.float32) for _ in range(50)]
                del kept
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(2)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for _ in range(2000):
            release()
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(interval)
    assert not failed
