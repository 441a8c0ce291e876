from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import skimage.data

from mien import scratch
from mien.engines.registry import make_engine
from mien.face.portrait import Portrait
from mien.generate.preview import Preview
from mien.scratch import scratch_array
from mien.studio.memory import Memory, held_bytes


@dataclass
class Held:
    pixels: np.ndarray
    words: dict[str, list[str]]


def test_the_value_that_was_not_used_for_longest_is_dropped():
    memory: Memory[int] = Memory(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


def test_values_stay_within_their_bytes():
    memory: Memory[np.ndarray] = Memory(100, 2_500_000)
    for name in "abc":
        memory.put(name, np.zeros(1_000_000, np.uint8))
    assert [memory.get(name) is not None for name in "abc"] == [False, True, True]
    memory.put("b", np.zeros(10, np.uint8))  # smaller now, so another one has room
    memory.put("d", np.zeros(1_000_000, np.uint8))
    assert [memory.get(name) is not None for name in "bcd"] == [True, True, True]


def test_the_newest_value_is_kept_however_large_it_is():
    memory: Memory[np.ndarray] = Memory(100, 1000)
    memory.put("small", np.zeros(10, np.uint8))
    memory.put("large", np.zeros(5000, np.uint8))
    assert memory.get("small") is None and memory.get("large") is not None


def test_held_bytes_counts_everything_once():
    pixels = np.zeros((1000, 1000), np.uint8)
    held = Held(pixels, {"names": ["x" * 50_000, "y" * 50_000]})
    assert 1_100_000 < held_bytes(held) < 1_102_000
    assert 1_000_000 <= held_bytes([pixels, pixels[10:20], pixels.T]) < 1_001_000
    # A small view keeps the whole array.
    assert 1_000_000 <= held_bytes(pixels[:1]) < 1_001_000
    assert held_bytes(5) < 100


def test_an_array_in_a_file_holds_no_memory(monkeypatch):
    monkeypatch.setattr(scratch, "IN_MEMORY_BYTES", 0)
    assert held_bytes(scratch_array((1000, 1000), np.float64)[:10]) < 1000


@pytest.mark.parametrize("size_px", [100, 200])
def test_a_prepared_portrait_holds_several_times_its_picture(size_px: int):
    picture = np.ascontiguousarray(skimage.data.astronaut()[0:256, 96:352])
    preview = Preview.of(Portrait.from_image(picture), make_engine("rig", "generate"), size_px)  # type: ignore[arg-type]
    shown = preview.session.portrait.image.nbytes
    assert 3 * shown < held_bytes(preview) < 100 * shown + 5_000_000
