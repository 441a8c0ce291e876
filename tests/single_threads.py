"""One thread in each worker of pytest: the workers share the cores.

Threads of OpenBLAS wait for each other in a loop that keeps a core busy. On two cores with other work, a product of
matrices took up to 70 times the processor time with two threads in each worker.
"""

from __future__ import annotations

import os

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def of_workers() -> None:
    """Let the processes that are started from now on, and theirs, have one thread.

    A library reads this when it is loaded, and plug-ins of pytest load NumPy before a worker reads conftest.py.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def of_this_process() -> None:
    """Set what can still be set when the libraries are loaded."""
    import cv2

    from mien.face.landmarker import default_landmarker

    cv2.setNumThreads(1)
    default_landmarker().num_threads = 1
