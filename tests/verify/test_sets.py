"""Faults in batches, augmented sets and flow maps, each found and said in one line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mien.au.presets import preset
from mien.augment.dataset import make_dataset
from mien.generate.options import RenderOptions
from mien.io.flow_sets import FlowSet
from mien.io.unfinished import name_beside
from mien.stimuli.stimulus import plan_stimuli
from mien.stimuli.stimulus_sheet import make_stimuli
from mien.verify import verify
from tests.augment.conftest import made, people  # noqa: F401 - fixtures
from tests.augment.sets import QUICK


@pytest.fixture(scope="module")
def sheet(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of two clips."""
    out = tmp_path_factory.mktemp("sheet") / "out"
    plan = plan_stimuli(
        {"ann": face_file}, {"happiness": preset("happiness")}, [1.0, 2.0], [0.1], ["both"]
    )
    make_stimuli(plan, out, common=RenderOptions(fps=25), kind="mkv")
    return out


def swap(folder: Path) -> None:
    """Let two clips change places, without their sidecars."""
    first, second = sorted(folder.glob("**/*.mkv"))[:2]
    first.rename(folder / "x")
    second.rename(first)
    (folder / "x").rename(second)


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def first_clip(folder: Path) -> Path:
    return min(folder.glob("**/*.mkv"))


BATCH_FAULTS: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "a clip missing": (lambda out: first_clip(out).unlink(), 3, "missing, though"),
    "two clips swapped": (swap, 2, "not the clip that"),
    "not made": (
        lambda out: replace_text(out / "manifest.csv", "made", "pending"),
        1,
        "the run was stopped before",
    ),
    "left by a killed process": (
        lambda out: name_beside(out / "a.mkv", "part").touch(),
        1,
        "unfinished",
    ),
}


@pytest.mark.parametrize("fault", BATCH_FAULTS)
def test_a_fault_in_a_batch(sheet: Path, tmp_path: Path, fault: str) -> None:
    out = Path(shutil.copytree(sheet, tmp_path / "out"))
    report = verify(out)
    assert (report.kind, report.checked, report.problems) == ("batch", 2, [])
    inject, count, said = BATCH_FAULTS[fault]
    inject(out)
    problems = verify(out).problems
    assert len(problems) == count and all("\n" not in str(problem) for problem in problems)
    assert any(said in str(problem) for problem in problems)
    # The same is found from the folder above.
    assert len(verify(tmp_path).problems) == count


def fewer_maps(out: Path) -> None:
    flows = FlowSet.from_npz(out / "flows.npz")
    flows.take(np.arange(2)).write_npz(out / "flows.npz")


SET_FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a clip cut": (lambda out: first_clip(out).write_bytes(b"cut"), "not the clip that"),
    "two clips swapped": (swap, "not the clip that"),
    "another label": (
        lambda out: replace_text(out / "manifest.csv", "negative", "positive"),
        "is not what the clip's sidecar says",
    ),
    "maps of fewer clips": (fewer_maps, "not the file that maps.json names"),
    "maps unfinished": (lambda out: (out / "maps.json").unlink(), "not finished"),
}


@pytest.mark.parametrize("fault", SET_FAULTS)
def test_a_fault_in_an_augmented_set(
    made: Path,  # noqa: F811
    tmp_path: Path,
    fault: str,
) -> None:
    out = Path(shutil.copytree(made, tmp_path / "set"))
    report = verify(out)
    assert (report.kind, report.checked, report.problems) == ("augmented set", 7, [])
    inject, said = SET_FAULTS[fault]
    inject(out)
    assert any(said in str(problem) for problem in verify(out).problems)


def test_maps_of_clips_that_are_not_in_the_manifest(
    people: Path,  # noqa: F811
    made: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "set"
    make_dataset(people, out, QUICK)
    shutil.copy(made / "flows.npz", out)
    shutil.copy(made / "maps.json", out)
    replace_text(
        out / "maps.json",
        hash_of(made / "manifest.csv"),
        hash_of(out / "manifest.csv"),
    )
    assert "which the manifest does not list as train" in str(verify(out).problems[-1])


def hash_of(path: Path) -> str:
    from mien.io.clip_hash import sha256_file

    return sha256_file(path)


def test_flow_maps_with_a_flipped_bit(made: Path, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "flows.npz"
    data = bytearray((made / "flows.npz").read_bytes())
    path.write_bytes(data)
    assert verify(path).problems == []
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    assert len(verify(path).problems) == 1


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "expected an output of Mien in it" in str(verify(tmp_path).problems[0])
