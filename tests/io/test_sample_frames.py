from __future__ import annotations

import numpy as np

from mien.io.png import encode_png
from mien.io.sample_frames import decoded_frames


def test_frames_from_ten_thousand_on_come_in_order() -> None:
    numbers = (9999, 10000, 10001, 100000)
    members = {
        f"{number:04d}.png": encode_png(np.full((2, 2, 3), place, np.uint8), {})
        for place, number in enumerate(numbers)
    }
    assert [frame[0, 0, 0] for frame in decoded_frames(members)] == [0, 1, 2, 3]
