"""Signals that end a command: Ctrl-C, SIGTERM and SIGHUP (the terminal was closed).

All three are raised in the main thread as an exception, so that temporary files are removed. Where an exception would
leave half of a change, such as a new clip without its sidecar, `uninterrupted` lets the signal wait.

Python also calls a signal's handler within functions of C libraries. Some crash if the handler raises there, such as
OpenCV 5 while it looks for the variant of a function that fits the arguments. So the handler raises only in Python's
own library. Elsewhere it asks Python to raise the exception after the C function has returned.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from types import CodeType, FrameType, TracebackType

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that end a command; Windows has no SIGHUP."""

REPEATED_SECONDS = 0.5
"""A signal that follows another one within this time is dropped, because ``timeout``, for example, sends two."""

WAITING_SECONDS = 0.2
"""The main thread is woken if it still waits this long after a signal."""


class Interrupted(KeyboardInterrupt):
    """A signal asked the command to end.

    Attributes:
        number: The signal's number.
    """

    def __init__(self, number: int | None = None) -> None:
        super().__init__()
        self.number = _State.number if number is None else number
        _State.came = True

    @property
    def exit_code(self) -> int:
        """Exit code of the command."""
        return exit_code(self.number)


def exit_code(number: int | None = None) -> int:
    """Return the exit code of a command that a signal ended, as in shells: 128 plus the signal's number.

    Args:
        number: The signal; None for SIGINT (Ctrl-C), whose exit code is 130.
    """
    return 128 + (number or signal.SIGINT)


class _State:
    """What the main thread is doing. The thread of `_raise_after_call` reads and changes it too."""

    depth = 0
    """Number of `uninterrupted` blocks around the code that runs now."""
    waiting: int | None = None
    """A signal that came within such a block."""
    raised_seconds = float("-inf")
    """When a signal was last raised."""
    number: int = signal.SIGINT
    """The signal that was last raised."""
    came = False
    """Whether the exception for that signal was made."""
    urgent = False
    """Whether the next call of the handler raises in any case."""


def take_signals() -> None:
    """Raise `Interrupted` in the main thread for each of the signals from now on.

    A signal that was ignored when the process was started stays ignored, as ``nohup`` and shells without job control
    expect.
    """
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _take)
    sys.unraisablehook = _unraisable


def ignore_signals() -> None:
    """Ignore the signals from now on: the command is over, and the process ends by itself."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _take(number: int, frame: FrameType | None) -> None:
    if _State.depth:
        _State.waiting = number
    elif _State.urgent:
        _State.urgent = False
        raise Interrupted(number)
    elif time.monotonic() - _State.raised_seconds > REPEATED_SECONDS:
        _State.raised_seconds, _State.number, _State.came = time.monotonic(), number, False
        if frame is None or _in_standard_library(frame):
            raise Interrupted(number)
        _thread.start_new_thread(_raise_after_call, (number,))


def _in_standard_library(frame: FrameType) -> bool:
    """Return whether the running code is of Python's standard library, which may wait for a lock or a file."""
    folder, file = os.path.dirname(os.__file__), frame.f_code.co_filename  # noqa: PTH120 - a string suffices
    return file.startswith(folder) and "site-packages" not in file


def _raise_after_call(number: int) -> None:
    """Let Python raise `Interrupted` in the main thread when its C function has returned; run in a separate thread."""
    import ctypes  # a slow import that most commands never need

    main = threading.main_thread().ident or 0
    while _runs(_take.__code__, sys._current_frames().get(main)):
        time.sleep(0.001)
    if _State.depth:
        _State.waiting = number
        if not _State.depth:  # the block has just ended, and nobody would look
            _State.waiting, _State.raised_seconds = None, float("-inf")
            _send(number)
        return
    let_raise = ctypes.pythonapi.PyThreadState_SetAsyncExc
    let_raise(ctypes.c_ulong(main), ctypes.py_object(Interrupted))
    taken = _State.raised_seconds
    while not _State.came and _State.raised_seconds == taken:
        time.sleep(WAITING_SECONDS)
        waits_at = sys._current_frames().get(main)
        if (
            not _State.came
            and _State.raised_seconds == taken
            and waits_at is not None
            and _in_standard_library(waits_at)
        ):
            # The thread began to wait, perhaps for another process, before it saw the exception: wake it.
            let_raise(ctypes.c_ulong(main), None)
            _State.urgent = True
            _send(number)
            return


def _runs(code: CodeType, frame: FrameType | None) -> bool:
    """Return whether a function is on the call stack of a thread."""
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


def _send(number: int) -> None:
    """Send a signal to the main thread; if the thread waits, this wakes it."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        signal.raise_signal(number)


def _unraisable(caught: sys.UnraisableHookArgs) -> None:
    """Repeat a signal whose exception Python dropped, as in ``__del__``."""
    if not isinstance(caught.exc_value, Interrupted):
        sys.__unraisablehook__(caught)
        return
    _State.raised_seconds = float("-inf")
    again = threading.Timer(0.01, _send, [caught.exc_value.number])
    again.daemon = True
    again.start()


class uninterrupted:
    """Let signals wait until the block ends, where they are raised.

    The block should last a second at most. Only the main thread receives signals; in another thread the block changes
    nothing. In a program that does not call `take_signals`, only Ctrl-C waits.

    Example:
        >>> with uninterrupted():
        ...     pass
    """

    def __enter__(self) -> None:
        """Begin to hold signals back."""
        self._main = threading.get_ident() == threading.main_thread().ident
        self._default = False
        if not self._main:
            return
        _State.depth += 1
        try:
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, _take)
                self._default = True
        except BaseException:  # a signal that was on its way
            _State.depth -= 1
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise the signal that came in the block, unless another block is around this one.

        Raises:
            Interrupted: A signal came.
        """
        if not self._main:
            return
        try:
            if self._default:
                signal.signal(signal.SIGINT, signal.default_int_handler)
        finally:
            _State.depth -= 1
        if _State.depth == 0 and _State.waiting is not None:
            number, _State.waiting = _State.waiting, None
            _State.raised_seconds, _State.number = time.monotonic(), number
            raise Interrupted(number)
