from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.common.clip_writer import check_output
from mien.errors import OutputError
from tests.io.frames import write_clip

FRAMES = [np.full((32, 32, 3), level, np.uint8) for level in (0, 90, 180)]


def test_an_output_that_would_replace_an_input(tmp_path: Path) -> None:
    """A folder of frames is replaced as a whole, so a shorter clip would delete the picture in it."""
    folder = tmp_path / "seq"
    write_clip(folder, FRAMES)
    check_output(folder, None, tmp_path / "missing.png")
    with pytest.raises(OutputError, match=r"seq with 000002\.png in it, which would be deleted"):
        check_output(folder, None, folder / "000002.png")
    with pytest.raises(OutputError, match="got the input itself"):
        check_output(folder, folder)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    with pytest.raises(OutputError, match="would be deleted"):
        check_output(folder, tmp_path / "link" / "000002.png")
    picture = tmp_path / "face.png"
    (folder / "000001.png").rename(picture)
    (folder / "000001.png").symlink_to(picture)
    with pytest.raises(OutputError, match="would be deleted"):
        check_output(folder, folder / "000001.png")
    check_output(folder, picture)
    check_output(folder / "clip.mkv", folder / "000002.png")
