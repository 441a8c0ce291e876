"""Make shards in processes of this machine, a new process for each shard, so that memory cannot grow."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from mien.interrupts import take_signals
from mien.produce.executors.base import use_one_thread
from mien.produce.worker import ShardOutcome, make_shard

DIED_TRIES = 3
"""Number of attempts at a shard if its process dies, for example for lack of memory."""

PRELOADED = ["mien.produce.executors.preload"]


@dataclass(frozen=True)
class LocalExecutor:
    """Make shards in processes of this machine.

    Attributes:
        workers: Number of processes at a time.
    """

    workers: int

    def outcomes(
        self, folder: Path, shards: Sequence[int], *, retry: bool = False
    ) -> Iterator[ShardOutcome]:
        """Make shards; see `mien.produce.executors.base.Executor`."""
        use_one_thread()
        waiting = deque((shard, 1) for shard in shards)
        running: dict[Connection, _Running] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.workers:
                    shard, attempt = waiting.popleft()
                    started = _start(folder, shard, attempt, retry)
                    running[started.result] = started
                for ready in connection.wait(list(running)):
                    assert isinstance(ready, Connection)
                    ended = running.pop(ready)
                    outcome = ended.outcome()
                    if outcome is not None:
                        yield outcome
                    elif ended.attempt < DIED_TRIES:
                        waiting.appendleft((ended.shard, ended.attempt + 1))
                    else:
                        why = f"its process died {DIED_TRIES} times, the last time with exit code {ended.code}"
                        yield ShardOutcome(ended.shard, "broken", why)
        finally:
            for each in running.values():
                each.end()


@dataclass(frozen=True)
class _Running:
    """A process that makes a shard."""

    shard: int
    attempt: int
    process: BaseProcess
    result: Connection

    def outcome(self) -> ShardOutcome | None:
        """Return the outcome that the process sent; None if it died before."""
        try:
            sent: ShardOutcome | None = self.result.recv()
        except (EOFError, OSError):
            sent = None
        self.result.close()
        self.process.join()
        return sent

    @property
    def code(self) -> int | None:
        """Exit code of the process."""
        return self.process.exitcode

    def end(self) -> None:
        """Ask the process to remove its unfinished files and end; kill it after 10 s."""
        self.process.terminate()
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.result.close()


def _start(folder: Path, shard: int, attempt: int, retry: bool) -> _Running:
    context: SpawnContext | ForkServerContext = get_context("spawn")
    if "forkserver" in get_all_start_methods():
        context = get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
    result, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(folder, shard, retry, sender), daemon=True)
    process.start()
    sender.close()  # so that reading stops when the process ends
    return _Running(shard, attempt, process, result)


def _work(folder: Path, shard: int, retry: bool, sender: Connection) -> None:
    # Ctrl-C and a closed terminal reach every process. Ignore them: the parent ends this process with SIGTERM.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    take_signals()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        sender.send(make_shard(folder, shard, retry=retry))
        sender.close()


def _end_with_parent() -> None:
    """End this process when its parent is gone, so that a killed run stops at once."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
