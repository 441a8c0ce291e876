"""The workers of pytest have one thread each."""

from __future__ import annotations

import os

import cv2
import pytest

from mien.face.landmarker import default_landmarker
from tests import single_threads


def test_workers_that_are_started_later_have_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in single_threads.ONE_THREAD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")  # what a user sets stays
    single_threads.of_workers()
    assert os.environ["OMP_NUM_THREADS"] == "3" and os.environ["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there are no workers")
def test_the_libraries_of_this_worker_have_one_thread() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl", reason="comes with scikit-learn")
    blas = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    assert blas and all(pool["num_threads"] == 1 for pool in blas), blas
    assert cv2.getNumThreads() == 1 and default_landmarker().num_threads == 1
