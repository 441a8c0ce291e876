from __future__ import annotations

import os
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from tests import shape_check

# A shell lets its background jobs ignore Ctrl-C, and programs that tests start and interrupt would ignore it too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if os.environ.get("MIEN_TEST_SHAPES", "1") != "0":
    shape_check.install()  # before anything of mien is imported

from mien.face.portrait import Portrait
from mien.io.images import write_png
from tests import remembered_nets, remembered_options, single_threads

if "PYTEST_XDIST_WORKER" in os.environ:
    single_threads.of_this_process()
remembered_nets.install()
remembered_options.install()


def pytest_configure(config: pytest.Config) -> None:
    if getattr(config.option, "numprocesses", None):
        single_threads.of_workers()


@pytest.fixture(autouse=True)
def _checked_calls() -> None:
    """Let each test check the first calls of every function."""
    shape_check.begin_test()


SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def portrait() -> Portrait:
    """scikit-image's astronaut: 512x512, one smiling face with its teeth showing."""
    return Portrait.from_image(skimage.data.astronaut())


@pytest.fixture(scope="session")
def shut_portrait() -> Portrait:
    """A portrait with shut lips, where the shared data is."""
    path = SHARED / "portraits" / "male_12.jpg"
    if not path.exists():
        pytest.skip("needs ../shared/data/portraits")
    from mien.io.images import read_image

    return Portrait.from_image(np.ascontiguousarray(read_image(path)[::2, ::2]))


@pytest.fixture(scope="session")
def small_face() -> np.ndarray:
    """The astronaut's head, (192, 160, 3): small, so that tests are quick."""
    head = skimage.data.astronaut()[0:300, 100:350]
    return cv2.resize(head, (160, 192), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="session")
def face_file(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portrait") / "face.png"
    write_png(path, small_face)
    return path
