from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data

from mien.face.portrait import Portrait

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
