from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
import pytest

from mien.errors import WeightsError
from mien.face import bundle
from mien.face.bundle import BUNDLE, BUNDLE_SHA256, Net


def test_the_bundle_is_the_published_one():
    content = (files("mien") / "assets" / BUNDLE).read_bytes()
    assert hashlib.sha256(content).hexdigest() == BUNDLE_SHA256


def flipped(content: bytes) -> bytes:
    """A bundle that still opens, with one bit of one net changed."""
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("change", [flipped, lambda content: content[:1000], lambda content: b""])
def test_another_bundle_is_refused_in_one_line(tmp_path, monkeypatch, change):
    """Before anything in it is parsed: it runs as a program, more or less."""
    (tmp_path / "assets").mkdir()
    good = (files("mien") / "assets" / BUNDLE).read_bytes()
    (tmp_path / "assets" / BUNDLE).write_bytes(change(good))
    monkeypatch.setattr(bundle, "files", lambda package: tmp_path)
    with pytest.raises(WeightsError, match="expected the face model with sha256 64184e") as caught:
        Net("face_detector")
    assert "\n" not in str(caught.value)


def test_a_missing_bundle_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "files", lambda package: tmp_path)
    with pytest.raises(WeightsError, match="got no file"):
        Net("face_detector")


def test_a_net_serves_several_threads():
    net = Net("face_blendshapes")
    inputs = np.random.default_rng(0).uniform(0, 200, (16, 1, 146, 2)).astype(np.float32)
    alone = [net(each)[0] for each in inputs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: net(each)[0], inputs))
    np.testing.assert_array_equal(together, alone)


def test_loading_a_net_says_nothing_but_errors_still_show():
    code = (
        "import os\n"
        "from mien.face.bundle import Net, _without_greeting\n"
        "Net('face_blendshapes')\n"
        "with _without_greeting():\n"
        "    os.write(2, b'a real message\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert done.stderr == "a real message\n"


def test_importing_the_package_loads_no_net_and_no_opencv():
    code = (
        "import sys, mien.face.portrait\n"
        "print([name for name in ('cv2', 'ai_edge_litert', 'scipy', 'torch')"
        " if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
