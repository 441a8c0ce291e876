"""The packaged models: Google's face_landmarker.task (Apache-2.0), three LiteRT nets in one zip."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Literal

import numpy as np

from mien.errors import WeightsError

BUNDLE = "face_landmarker.task"
BUNDLE_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"

NetName = Literal["face_detector", "face_landmarks_detector", "face_blendshapes"]


def _bundle() -> bytes:
    """Return the bundle's content.

    Raises:
        WeightsError: The bundle is missing, or is not the one that Mien was tested with.
    """
    place = files("mien") / "assets" / BUNDLE
    try:
        content = place.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"expected the face model at {place}, got no file that can be read: install Mien again"
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != BUNDLE_SHA256:
        raise WeightsError(
            f"expected the face model with sha256 {BUNDLE_SHA256[:12]}... at {place}, got one with {digest[:12]}...: "
            "it is damaged or was replaced; install Mien again"
        )
    return content


class Net:
    """One net of the bundle. Calls from several threads wait for each other.

    Args:
        name: Name of the net.
        num_threads: Number of threads that it computes with.

    Raises:
        WeightsError: The bundle is missing, or is not the one that Mien was tested with.
    """

    def __init__(self, name: NetName, num_threads: int = 2) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with zipfile.ZipFile(io.BytesIO(_bundle())) as bundle:
            content = bundle.read(f"{name}.tflite")
        with _without_greeting():
            self._interpreter = Interpreter(model_content=content, num_threads=num_threads)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]
        self._lock = threading.Lock()

    def __call__(self, tensor: np.ndarray) -> Sequence[np.ndarray]:
        """Run the net on an input with a batch axis, and return its outputs in the net's own order."""
        with self._lock:
            self._interpreter.set_tensor(self._input, np.ascontiguousarray(tensor, np.float32))
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index) for index in self._outputs]


_GREETING = b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU."
_STDERR = 2
_greeting_lock = threading.Lock()


@contextlib.contextmanager
def _without_greeting() -> Iterator[None]:
    """Keep LiteRT's greeting out of stderr, where users look for errors.

    LiteRT has no option for this and does not write through Python. So the file descriptor itself is
    redirected for the few milliseconds of loading; any other line is passed on.
    """
    with _greeting_lock, tempfile.TemporaryFile() as aside:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # a program without a console has no stderr to keep clean
            yield
            return
        os.dup2(aside.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            aside.seek(0)
            for line in aside:
                if line.strip() != _GREETING:
                    os.write(_STDERR, line)
