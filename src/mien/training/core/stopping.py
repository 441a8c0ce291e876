"""Stop a run on a signal or after a time; the run finishes its step and saves."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType

from mien.interrupts import SIGNALS


class StopRequests:
    """Watches for Ctrl-C, SIGTERM, SIGHUP and the time limit while its block runs.

    A second signal interrupts as usual. A signal that the process ignores stays ignored.
    """

    def __init__(self, minutes: float | None = None) -> None:
        self._end_seconds = None if minutes is None else time.monotonic() + 60 * minutes
        self.signal: int | None = None
        """Number of the signal that came; None before."""
        self._before: dict[int, object] = {}

    @property
    def reason(self) -> str:
        """``signal`` or ``minutes``; empty while the run may continue."""
        if self.signal is not None:
            return "signal"
        if self._end_seconds is not None and time.monotonic() >= self._end_seconds:
            return "minutes"
        return ""

    def __enter__(self) -> StopRequests:
        """Install the signal handlers; only the main thread can."""
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Restore the signal handlers."""
        self._restore()

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._before.clear()
