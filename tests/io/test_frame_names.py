from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mien.errors import UnreadableVideoError
from mien.io.frame_names import order_frames

HERE = Path("frames")


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["img46.jpg", "img9.JPG", "img100.jpg"], [9, 46, 100]),
        (["006_05563.jpg", "006_05562.jpg"], [5562, 5563]),
        (["1.jpg"], [1]),
        # A number that all names share, such as the picture's width, is not the frame's.
        (["f2_640x480.png", "f10_640x480.png"], [2, 10]),
        (["take1_7.png", "take2_3.png"], [3, 7]),
    ],
)
def test_the_number_of_each_frame(names: list[str], numbers: list[int]) -> None:
    found = order_frames(HERE, [*names, ".hidden3.png", "notes1.txt"])
    assert list(found.numbers) == numbers and sorted(found.names) == sorted(names)


def test_whole_numbers_count_frames() -> None:
    found = order_frames(HERE, ["f7.png", "f3.png", "f4.png", "f12.png"])
    assert found.names == ("f3.png", "f4.png", "f7.png", "f12.png")
    assert found.steps == (0, 1, 4, 9)
    assert found.missing == ((2, 3), (5, 8))
    assert order_frames(HERE, ["f2.png", "f4.png"]).steps == (0, 2)


def test_decimals_are_no_pairs_of_numbers() -> None:
    found = order_frames(HERE, ["t0.4.png", "t0.05.png", "t0.1.png", "t0.15.png", "t0.2.png"])
    assert found.numbers == tuple(map(Fraction, ("0.05", "0.1", "0.15", "0.2", "0.4")))
    # Frames come each 0.05; from 0.2 to 0.4 three are missing.
    assert found.steps == (0, 1, 2, 3, 7) and found.missing == ((4, 6),)
    # Thirds that were rounded, over a second, are even frames all the same.
    thirds = [f"{n / 30:.2f}.png" for n in range(31)]
    assert order_frames(HERE, thirds).steps == tuple(range(31))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["f1.png", "f2.png", "apex.png"], "a number in their names in frames, got apex.png"),
        (["f01.png", "f1.png", "f2.png"], "each number in frames, got f01.png and f1.png"),
        (["1.10.png", "01.10.png"], "each number in frames, got 01.10.png and 1.10.png"),
        (["f1.8.png", "f1.9.png", "f1.10.png"], "f1.10.png in frames has the number 1.10 or 10"),
        (["f1.png", "f2.jpg"], "one format in frames, got f1.png and f2.jpg"),
        (["a1.png", "a2.png", "b3.png"], "one sequence of frames in frames, got a1.png and b3.png"),
        (["notes.txt"], "expected frames"),
    ],
)
def test_what_is_not_one_sequence_is_refused(names: list[str], message: str) -> None:
    with pytest.raises(UnreadableVideoError, match=message):
        order_frames(HERE, names)
