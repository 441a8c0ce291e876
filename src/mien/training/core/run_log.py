"""Log of a run: JSON lines, and TensorBoard files beside them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

LOG_NAME = "log.jsonl"
BOARD_FOLDER = "tensorboard"


class RunLog:
    """Writes the log of a run; a context manager that closes it."""

    def __init__(self, run: Path, *, from_step: int) -> None:
        """Open the log.

        Args:
            run: Folder of the run.
            from_step: Step from which the run continues; lines of later steps are removed.
        """
        from torch.utils.tensorboard import SummaryWriter

        path = run / LOG_NAME
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        kept = [line for line in lines if _step_of(line) <= from_step] if from_step else []
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        self._lines = path.open("a", encoding="utf-8")
        self._board = SummaryWriter(str(run / BOARD_FOLDER), purge_step=from_step + 1)

    def __enter__(self) -> RunLog:
        """Return itself."""
        # TensorBoard's thread prints a traceback if it cannot write. The next call here raises the same error anyway.
        self._hook, threading.excepthook = threading.excepthook, self._thread_failed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both logs."""
        try:
            self._lines.close()
            self._board.close()
        finally:
            threading.excepthook = self._hook

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        if not isinstance(failed.exc_value, OSError):
            self._hook(failed)

    def write(self, kind: str, step: int, values: Mapping[str, Any]) -> None:
        """Write one line, and its numbers to TensorBoard.

        Args:
            kind: ``start``, ``train``, ``validation`` or ``stop``.
            step: Steps done.
            values: JSON values by name.
        """
        self._lines.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")
        self._lines.flush()
        for name, value in values.items():
            if isinstance(value, int | float):
                self._board.add_scalar(f"{kind}/{name}", value, step)


def _step_of(line: str) -> float:
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return float("inf")  # a line that was cut short when the run was killed
