from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.common.clip_writer import ClipWriter, check_output
from mien.errors import OutputError, UsageError
from mien.io.clips import open_clip
from mien.io.sidecar import Sidecar, read_sidecar, sidecar_path
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


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.gif", "frames"])
def test_a_new_clip_never_stands_beside_the_old_sidecar(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    fps = Fraction(50)

    def write(frames: list[np.ndarray], seed: int, total: int) -> None:
        def record() -> Sidecar:
            # The clip is in its place here: a process killed now must not leave the old record.
            assert out.exists() and not sidecar_path(out).exists()
            return Sidecar("rig", seed, fps, frames=1, width=1, height=1)

        ClipWriter(out, fps, frames[0].shape).write(frames, total, record)

    write(FRAMES, 1, 3)
    with pytest.raises(UsageError, match="expected 3 frames"):
        write(FRAMES[:2], 2, 3)
    assert read_sidecar(sidecar_path(out)).seed == 1 and len(list(open_clip(out, fps))) == 3
    write(FRAMES[:2], 3, 2)
    assert read_sidecar(sidecar_path(out)).seed == 3 and len(list(open_clip(out, fps))) == 2
