from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow

from mien.errors import OutputError
from mien.io.images import read_image
from tests.io.frames import moving_face, write_clip


def test_numbered_names_and_alpha_bit_for_bit(tmp_path):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (48, 64, 4), dtype=np.uint8) for _ in range(3)]
    facts = write_clip(str(tmp_path / "v1.2") + "/", frames).facts
    assert facts.lossless and facts.alpha == "kept"
    files = sorted((tmp_path / "v1.2").iterdir())
    assert [file.name for file in files] == ["000000.png", "000001.png", "000002.png"]
    assert np.array_equal([read_image(file) for file in files], frames)
    assert Pillow.open(files[1]).text["Title"].startswith("Synthetic: ")


def test_an_older_sequence_is_replaced_and_no_frame_of_it_stays(tmp_path):
    write_clip(tmp_path / "frames", moving_face(4, 64, 64))
    write_clip(tmp_path / "frames", moving_face(2, 64, 64))
    assert len(list((tmp_path / "frames").iterdir())) == 2
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("stranger", ["notes.txt", "holiday.png"])
def test_a_folder_with_other_files_is_refused(tmp_path, stranger):
    write_clip(tmp_path / "frames", moving_face(2, 64, 64))
    (tmp_path / "frames" / stranger).touch()
    with pytest.raises(OutputError, match="other files"):
        write_clip(tmp_path / "frames", moving_face(2, 64, 64))
    assert len(list((tmp_path / "frames").iterdir())) == 3


def test_frames_of_another_program_are_refused(tmp_path):
    (tmp_path / "frames").mkdir()
    Pillow.new("RGB", (64, 64)).save(tmp_path / "frames" / "000000.png")
    with pytest.raises(OutputError, match="other files"):
        write_clip(tmp_path / "frames", moving_face(2, 64, 64))


def test_an_empty_folder_is_used_and_a_file_is_refused(tmp_path):
    (tmp_path / "frames").mkdir()
    write_clip(tmp_path / "frames", moving_face(1, 64, 64))
    assert [p.name for p in (tmp_path / "frames").iterdir()] == ["000000.png"]
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="got the file"):
        write_clip(tmp_path / "file", moving_face(1, 64, 64))
