from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from mien import interrupts
from mien.interrupts import Interrupted, exit_code, uninterrupted

posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")


def test_exit_codes() -> None:
    assert [exit_code(number) for number in (None, signal.SIGINT, signal.SIGTERM)] == [
        130,
        130,
        143,
    ]
    assert Interrupted(signal.SIGTERM).exit_code == 143


def test_ctrl_c_waits_until_the_outermost_block_ends() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with uninterrupted():
        pass  # nothing waits any more


def test_an_error_of_the_block_is_kept_beside_the_signal() -> None:
    with pytest.raises(Interrupted) as caught, uninterrupted():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("of the block")
    assert isinstance(caught.value.__context__, ValueError)


def test_other_threads_hold_nothing_back() -> None:
    depths = []

    def work() -> None:
        with uninterrupted():
            depths.append(interrupts._State.depth)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert depths == [0]


def run(code: str, *, ignored: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run code in a process whose signals are as at the start of a program, but for those that are ignored."""

    def signals() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        preexec_fn=signals,
        timeout=60,
        check=False,
    )


@posix
def test_signals_that_are_ignored_stay_ignored() -> None:
    code = """
    import signal, threading
    from mien.interrupts import Interrupted, take_signals
    take_signals()
    signal.raise_signal(signal.SIGHUP)
    try:
        signal.raise_signal(signal.SIGTERM)
        threading.Event().wait(1)
        print("ignored")
    except Interrupted as caught:
        print(caught.number)
    """
    assert run(code, ignored=(signal.SIGHUP,)).stdout == f"{signal.SIGTERM.value}\n"
    assert run(code, ignored=(signal.SIGHUP, signal.SIGTERM)).stdout == "ignored\n"


@posix
def test_a_signal_is_raised_after_a_call_of_c_and_not_within() -> None:
    # str() of an exception runs waiting handlers; OpenCV crashes if that fails. Without the delay, one of the first
    # ten signals is fatal.
    code = """
    import os, signal, threading
    import cv2, numpy as np
    from mien import interrupts
    interrupts.REPEATED_SECONDS = -1
    interrupts.take_signals()
    one = np.zeros((96, 80, 2), np.float32)
    caught = 0
    while caught < 10:
        try:
            threading.Timer(0.003, os.kill, (os.getpid(), signal.SIGINT)).start()
            while True:
                cv2.norm(cv2.remap(one, one, None, cv2.INTER_LINEAR), one, cv2.NORM_INF)
        except interrupts.Interrupted:
            caught += 1
    with interrupts.uninterrupted():
        os.write(1, b"ten")
        os._exit(0)
    """
    ended = run(code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ten", "")


@posix
def test_a_wait_that_begins_after_the_signal_is_ended() -> None:
    code = """
    import signal, threading
    from mien.interrupts import Interrupted, take_signals
    take_signals()
    try:
        signal.raise_signal(signal.SIGINT)
        threading.Event().wait(50)
    except Interrupted as caught:
        print(caught.number)
    """
    started = time.monotonic()
    assert run(code).stdout == f"{signal.SIGINT.value}\n"
    assert time.monotonic() - started < 20


@posix
def test_a_signal_that_python_drops_comes_again() -> None:
    code = """
    import signal, threading
    from mien.interrupts import Interrupted, take_signals
    take_signals()
    class Careless:
        def __del__(self):
            raise Interrupted(signal.SIGTERM)
    try:
        Careless()
        threading.Event().wait(20)
    except Interrupted as caught:
        print(caught.number)
    """
    started = time.monotonic()
    assert run(code).stdout == f"{signal.SIGTERM.value}\n"
    assert time.monotonic() - started < 15
