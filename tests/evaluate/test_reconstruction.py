from __future__ import annotations

import numpy as np
import pytest

import mien
from mien.errors import UsageError
from mien.io.clips import open_clip
from mien.metrics.pixels import l1


@pytest.fixture(scope="module")
def clip(small_face, tmp_path_factory):
    """Raised brows of 7 frames."""
    folder = tmp_path_factory.mktemp("clip")
    au = ["AU1=4@0-0.12-0.12-0.24", "AU2=4@0-0.12-0.12-0.24"]
    return mien.generate(small_face, folder / "brows.mkv", au=au, fps=25).path


def test_a_clip_is_rebuilt_better_than_by_a_still(clip):
    made = mien.evaluate_reconstruction(clip, lpips=False)
    real = [frame for _, frame in open_clip(clip)]
    assert (made.engine, made.numbers) == ("mesh", tuple(range(7)))
    assert made.still.l1 == pytest.approx(np.mean([l1(real[0], frame) for frame in real]))
    assert made.still.identity is made.still.ghosting is None
    assert made.mean.l1 < 0.6 * made.still.l1 and made.mean.ssim > made.still.ssim
    assert made.mean.gmsd < made.still.gmsd and made.error_ratio < 0.3
    assert made.motion.cosine > 0.9 and 0.8 < made.motion.amplitude < 1.2
    assert made.frames[0].l1 == 0 and made.mean.identity > 0.9
    assert made.mean.ghosting < 0.5 and made.notes == ()


def test_no_motion_is_as_good_as_a_still(clip):
    made = mien.evaluate_reconstruction(clip, lpips=False, strength=0, every=3)
    assert made.error_ratio == pytest.approx(1) and made.mean.l1 == made.still.l1
    assert made.numbers == (0, 3, 6) and made.motion.amplitude < 0.05


def test_an_engine_of_aus(clip):
    made = mien.evaluate_reconstruction(
        clip, engine="rig", engine_settings={"shading": False}, lpips=False, every=3
    )
    assert made.engine == "rig" and made.error_ratio < 0.5 and made.motion.cosine > 0.9


def test_what_cannot_be_rebuilt_is_refused(clip, small_face, tmp_path):
    still = mien.generate(small_face, tmp_path / "still.mkv", au="AU1=0@0-.04-.04-.08", fps=25)
    for path, options, says in (
        (still.path, {}, r"the face moves, got .*still\.mkv, which is still"),
        (clip, {"engine": "mesh", "recode": "smooth"}, "--recode re-encodes action units"),
        (clip, {"strength": -1}, "--strength of 0 or more"),
        (clip, {"region": "mouth"}, "--region picture or face"),
        (clip, {"end_seconds": -1}, "--end of 0 seconds or more"),
    ):
        with pytest.raises(UsageError, match=says):
            mien.evaluate_reconstruction(path, **options)
