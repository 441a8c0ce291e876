"""Make shards in tasks of a Ray cluster, whose nodes share the set's folder."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command
from mien.produce.executors.local import LocalExecutor
from mien.produce.shard import reason_of
from mien.produce.worker import ShardOutcome

RETRIES = 3
"""How often Ray repeats a task whose node or process is gone."""

WHEEL = "mien-*.whl"
"""Pattern of the name of Mien's wheel; pip reads the version from the name."""


@dataclass(frozen=True)
class RayExecutor:
    """Make shards in tasks of a Ray cluster.

    Attributes:
        workers: Tasks at the same time; None for one on each core of the cluster.
        address: The cluster; None to start one on this machine.
        wheel: A wheel of Mien, which each node installs with its dependencies, for these tasks only; None if Mien is
            installed on the nodes.

    Raises:
        MissingExtraError: Ray is not installed.
        UsageError: The wheel is not a file named `WHEEL`, or virtualenv is not installed.
    """

    workers: int | None = None
    address: str | None = None
    wheel: Path | None = None

    def __post_init__(self) -> None:
        if find_spec("ray") is None:
            raise MissingExtraError(
                f"--executor ray needs ray, which is not installed: {install_command('ray')}"
            )
        if self.wheel is None:
            return
        if not (self.wheel.is_file() and fnmatch(self.wheel.name, WHEEL)):
            raise UsageError(
                f"expected --wheel FILE named {WHEEL}, got {self.wheel}: make release builds one"
            )
        if find_spec("virtualenv") is None:
            raise UsageError(
                "--wheel needs virtualenv, which is not installed: pip install virtualenv"
            )

    def outcomes(
        self, folder: Path, shards: Sequence[int], *, retry: bool = False
    ) -> Iterator[ShardOutcome]:
        """Make shards; see `mien.produce.executors.base.Executor`."""
        import ray as package

        ray: Any = package  # some of its functions have no types
        if not shards:
            return
        started = not ray.is_initialized()
        if started:
            self._connect(ray)
        try:
            task = ray.remote(num_cpus=1, max_retries=RETRIES)(_make)
            most = self.workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
            waiting, running = deque(shards), dict[Any, int]()
            absolute = folder.resolve()
            while waiting or running:
                while waiting and len(running) < most:
                    shard = waiting.popleft()
                    running[task.remote(absolute, shard, retry)] = shard
                (ready,), _ = ray.wait(list(running), num_returns=1)
                yield _outcome(ray, ready, running.pop(ready))
        finally:
            if started:
                ray.shutdown()

    def _connect(self, ray: Any) -> None:
        try:
            with TemporaryDirectory() as place:
                ray.init(
                    address=self.address,
                    runtime_env=self._environment(Path(place)),
                    log_to_driver=False,
                    logging_level="ERROR",
                )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise UsageError(
                f"cannot reach the Ray cluster {self.address or 'local'}: {reason_of(error)}"
            ) from error

    def _environment(self, place: Path) -> dict[str, Any] | None:
        """Return Ray's environment for the nodes; ``place`` is an empty folder, which Ray copies to each of them."""
        if self.wheel is None:
            return None
        shutil.copy(self.wheel, place)
        on_node = f"${{RAY_RUNTIME_ENV_CREATE_WORKING_DIR}}/{self.wheel.name}[produce]"
        return {"working_dir": str(place), "pip": [on_node]}


def _make(folder: Path, shard: int, retry: bool) -> ShardOutcome:
    """Make a shard in a process of its own, which has one thread and ends with the shard."""
    (outcome,) = LocalExecutor(1).outcomes(folder, [shard], retry=retry)
    return outcome


def _outcome(ray: Any, ready: Any, shard: int) -> ShardOutcome:
    try:
        outcome: ShardOutcome = ray.get(ready)
        return outcome
    except ray.exceptions.RayError as error:
        return ShardOutcome(shard, "broken", f"its Ray task failed: {reason_of(error)[:300]}")
