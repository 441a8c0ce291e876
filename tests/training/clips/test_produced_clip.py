"""Networks learn from a set of ``mien produce``."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mien.au.catalog import RIG_NAMES, sided_names
from mien.datasets.produced import ProducedSet
from mien.errors import BadTrackError, UsageError
from mien.io.images import write_png
from mien.training.clips.build import build_clip_faces
from mien.training.clips.labels import frame_labels
from mien.training.clips.person_clip import PersonClip
from mien.training.clips.produced_clip import produced_clips
from mien.training.clips.sources import find_source
from mien.training.faces.face_set import FaceSet
from mien.training.options import ClipOptions
from tests.produce.sets import made
from tests.training.clips.conftest import HELD_OUT, LEARNED

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portraits")
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    for name, picture in ((LEARNED, head), (HELD_OUT, head[:, ::-1])):
        write_png(folder / f"{name}.png", np.ascontiguousarray(picture))
    return folder


@pytest.fixture(scope="module")
def pairs(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(portraits, tmp_path_factory.mktemp("sets") / "pairs", count=6, shard=4, size=128)


def test_a_face_set_of_a_produced_set_has_its_exact_aus(pairs: Path, tmp_path: Path) -> None:
    build_clip_faces(str(pairs), tmp_path / "faces", size=32, options=ClipOptions(labels="made"))
    faces = FaceSet.open(tmp_path / "faces")
    samples = list(ProducedSet(pairs).samples())
    assert [faces.facts["clips"], list(faces.identities)] == [
        [sample.key for sample in samples],
        [sample.row["subject"] for sample in samples],
    ]
    assert faces.au_names == RIG_NAMES and faces.starts.tolist() == [0, 2, 4, 6, 8, 10, 12]
    for number, sample in enumerate(samples):
        both = faces.aus[2 * number : 2 * number + 2, 0]
        assert np.array_equal(both, sample.track().to_sided())
        assert not both[0].any()
        for name, peak in zip(sample.row["au_names"], sample.row["au_peaks"], strict=True):
            sides = [RIG_NAMES.index(side) for side in sided_names(name)]
            assert both[1, sides] == pytest.approx([peak] * len(sides), abs=0.02)


def test_frames_and_times_of_a_clip(portraits: Path, tmp_path: Path) -> None:
    folder = made(portraits, tmp_path / "clips", kind="clips", count=1, shard=1, rates=("50",))
    (clip,) = produced_clips(folder)
    (sample,) = ProducedSet(folder).samples()
    frames = list(clip.frames())
    assert clip.fps == Fraction(50) and clip.total() == len(frames) == sample.row["frames"]
    assert [seconds for seconds, _ in frames][:3] == [0, 0.02, 0.04]
    assert all(np.array_equal(a, b) for (_, a), b in zip(frames, sample.frames(), strict=True))
    assert len(clip.track()) == len(frames)


def test_only_samples_have_aus_that_they_were_made_with(tmp_path: Path) -> None:
    clip = PersonClip(person="a", name="a/b", folder="a", path=tmp_path)
    with pytest.raises(BadTrackError, match="a sample of mien produce with --labels made, got a/b"):
        frame_labels("made", clip, None, None)  # type: ignore[arg-type]


def test_what_a_produced_set_does_not_take(portraits: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no --fps with a set of mien produce"):
        find_source(str(pairs), "whole", Fraction(25), timed=False)
    flows = made(portraits, tmp_path / "flows", kind="flows", count=2, shard=2, turn=24)
    with pytest.raises(UsageError, match="expected a set of clips or pairs"):
        produced_clips(flows)
