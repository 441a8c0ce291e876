"""Slurm through submitit: its local executor starts the same jobs as processes of this machine."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.produce.executors.slurm import SlurmExecutor, Task, slurm_executor
from mien.produce.run import run_set
from tests.produce.sets import begun, hashes


@pytest.mark.subprocess
def test_jobs_make_the_same_bytes(people: Path, pairs: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set")
    executor = SlurmExecutor(tmp_path / "logs", 2, {"timeout_min": 5}, "local")
    result = run_set(folder, executor)
    assert (result.made, result.samples, result.broken) == (3, 12, ())
    assert hashes(folder) == hashes(pairs)
    assert run_set(folder, executor).made == 0


def test_a_task_that_is_preempted_is_queued_again(tmp_path: Path) -> None:
    task = Task(tmp_path, (3, 4), False, 2)
    again = pickle.loads(pickle.dumps(task)).checkpoint()
    assert again.function == task and not again.args


@pytest.mark.subprocess
def test_a_job_that_fails_breaks_its_own_shards(people: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set")
    (folder / "plan.json").unlink()
    executor = SlurmExecutor(tmp_path / "logs", 1, {"timeout_min": 5}, "local")
    outcomes = list(executor.outcomes(folder, [0, 2]))
    assert [(each.shard, each.state) for each in outcomes] == [(0, "broken"), (2, "broken")]


def test_parameters_of_jobs(tmp_path: Path) -> None:
    made = slurm_executor(tmp_path, 8, ("timeout_min=240", "slurm_partition=cpu", "cluster=local"))
    assert made.parameters == {"timeout_min": 240, "slurm_partition": "cpu"}
    assert (made.workers, made.cluster, made.logs) == (8, "local", tmp_path / "slurm")
    for wrong in ("timeout", "a b=3", "x="):
        with pytest.raises(UsageError, match="--job NAME=VALUE"):
            slurm_executor(tmp_path, None, (wrong,))
    for wrong in ("partition=cpu", "timeout_min=soon"):
        executor = slurm_executor(tmp_path, 1, (wrong, "cluster=local"))
        with pytest.raises(
            UsageError, match=r"expected a --job that submitit takes, got: ."
        ) as failed:
            list(executor.outcomes(tmp_path, [0]))
        assert "\n" not in str(failed.value)
        assert not executor.logs.exists()
    with pytest.raises(UsageError, match="cluster=slurm or cluster=local"):
        slurm_executor(tmp_path, None, ("cluster=mars",))


def test_without_slurm_nothing_starts_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"sbatch and srun are not on the PATH.*cluster=local"):
        slurm_executor(tmp_path, None, ())
