from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from mien.errors import OutputError
from mien.face.portrait import Portrait
from mien.motion.measure import free_motion
from mien.rig import equations
from mien.rig.equations import FrameMatrices, mean_of_rows, parts_of
from mien.rig.seen import load_lifted_lids, seen_basis
from mien.rig.solve import RigFit, RigSolver, in_plane

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("most", [0, 10**9])
def test_matrices_there_and_back_in_other_parts(monkeypatch, most):
    monkeypatch.setattr(equations, "IN_MEMORY_BYTES", most)
    wanted = RNG.random((10, 3, 3))
    kept = FrameMatrices(10, 3)
    for part in (slice(0, 4), slice(4, 8), slice(8, 10)):
        kept[part] = wanted[part]
    for part in (slice(0, 10), slice(3, 9), slice(9, 10)):
        assert np.array_equal(kept[part], wanted[part])
    kept.close()


def test_the_temporary_file_has_no_name(monkeypatch, tmp_path):
    """So the system removes it whatever happens to the process."""
    monkeypatch.setattr(equations, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = FrameMatrices(4, 3)
    kept[slice(0, 4)] = np.ones((4, 3, 3))
    assert list(tmp_path.iterdir()) == []
    kept.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(monkeypatch):
    monkeypatch.setattr(equations, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(
        tempfile,
        "TemporaryFile",
        lambda: Path("/dev/full").open("r+b", buffering=0),  # noqa: SIM115
    )
    kept = FrameMatrices(4, 3)
    with pytest.raises(OutputError, match=r"cannot keep temporary data in .*No space left"):
        kept[slice(0, 4)] = np.ones((4, 3, 3))
    kept.close()


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
    monkeypatch.setattr(equations, "TOGETHER_FRAMES", 128)
    monkeypatch.setattr(equations, "IN_MEMORY_BYTES", 0)
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
