"""Run Mien in a forked copy of this process, in which the heavy imports are done already."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], int]

LIMIT_SECONDS = 20.0
"""A run that takes longer hangs."""

CRASHED = 70
"""Exit code of a run that ended with a traceback."""


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        code: Exit code; the negative number of a signal that killed it.
        hung: Whether it was killed because it took too long.
        err: What it wrote to stderr.
        seconds: How long it took.
    """

    code: int
    hung: bool
    err: str
    seconds: float

    @property
    def traceback(self) -> bool:
        """Whether it ended with a traceback, or died in C code."""
        return "Traceback" in self.err or (self.code < 0 and self.code != -signal.SIGKILL)


def warm_up(*, torch: bool) -> None:
    """Import what the commands need; nothing that starts a thread.

    Args:
        torch: Also what training needs, which takes some seconds.
    """
    import ai_edge_litert.interpreter
    import av
    import cv2
    import PIL.Image
    import scipy.optimize

    import mien.augment.dataset
    import mien.cli.parse
    import mien.generate.clip
    import mien.produce.executors.preload
    import mien.stimuli.batch
    import mien.transfer.clip

    if torch:
        import torch.utils.tensorboard

        import mien.training.core.loop
        import mien.training.run
    del av, cv2, PIL, scipy, ai_edge_litert, mien


def forked(
    work: Callable[[], int],
    folder: Path,
    *,
    first: Callable[[], None] = lambda: None,
    meanwhile: Callable[[int], None] = lambda pid: None,
    limit_seconds: float = LIMIT_SECONDS,
) -> Ended:
    """Run a function in a copy of this process.

    Args:
        work: The function; returns the exit code.
        folder: The working folder of the copy.
        first: Called in the copy, after its streams and signals are set.
        meanwhile: Called in this process with the copy's id.
        limit_seconds: The copy is killed after this time.
    """
    log = folder.with_name(f"{folder.name}.stderr")
    sys.stdout.flush()
    sys.stderr.flush()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _be_the_copy(work, folder, log, first, limit_seconds)
    meanwhile(pid)
    status, hung = None, False
    while status is None:
        done, code = os.waitpid(pid, os.WNOHANG)
        if done:
            status = code
        elif not hung and time.monotonic() - start > limit_seconds:
            hung = True
            os.kill(pid, signal.SIGKILL)
        else:
            time.sleep(0.005)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # what it may have started
    err = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    return Ended(os.waitstatus_to_exitcode(status), hung, err, time.monotonic() - start)


def _be_the_copy(
    work: Work, folder: Path, log: Path, first: Callable[[], None], limit_seconds: float
) -> None:
    code = CRASHED
    try:
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for target, source in ((0, quiet), (1, quiet), (2, said)):
            os.dup2(source, target)
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        faulthandler.dump_traceback_later(limit_seconds - 2)  # says where a run hangs
        first()
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class Command:
    """A command line, run as the process ``mien`` does.

    Attributes:
        words: The words after ``mien``.
    """

    words: tuple[str, ...]

    def __call__(self) -> int:
        """Run it in this process; return the exit code."""
        from mien.cli.main import main

        sys.argv = ["mien", *self.words]
        return main()


def command(*words: object) -> Command:
    """Return a command of words and numbers."""
    return Command(tuple(str(word) for word in words))
