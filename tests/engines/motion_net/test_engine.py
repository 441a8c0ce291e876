from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mien.engines.base import Driver, Frames
from mien.engines.lift import Lift
from mien.engines.motion_net.driver_view import Watched
from mien.engines.motion_net.fomm import FommEngine
from mien.engines.motion_net.mraa import MraaEngine
from mien.engines.motion_net.networks import PAINTED, fast, load_motion_net
from mien.engines.motion_net.settings import FommSettings, MraaSettings
from mien.errors import UsageError, WeightsError
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.face.regions import eye_region
from mien.models.dense_motion import Motion
from mien.models.fomm import Fomm, FommConfig
from mien.models.mraa import Mraa, MraaConfig
from mien.models.warping import warp
from mien.motion.calibrate import PortraitMeter
from mien.motion.denoise import components
from mien.motion.eye_fit import LID_RATIO, lid_scale
from mien.motion.field import Baseline, MotionField
from mien.motion.tracker import FlowTracker
from mien.types import Image
from tests.engines.motion_net.nets import TINY, motion_weights

FRAMES = 5
KINDS = [
    ("fomm", {"prior": "none"}),
    ("fomm", {"prior": "ewp"}),
    ("fomm", {"prior": "awp", "skips": True}),
    ("fomm", {"prior": "awp", "points": 40, "jacobians": False}),
    ("mraa", {"prior": "none"}),
    ("mraa", {"prior": "awp"}),
]


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


def motion_of(portrait: Portrait, size_cm: float = 0.2) -> MotionField:
    """The lower half of the face goes down and back."""
    field = np.zeros((FRAMES, 468, 2), np.float32)
    low = portrait.face.landmarks[:468, 1] > portrait.face.box_px[[1, 3]].mean()
    field[:, low, 1] = size_cm * np.sin(np.linspace(0, np.pi, FRAMES))[:, None]
    return MotionField(
        field,
        np.ones((FRAMES, 468), np.float32),
        np.zeros((FRAMES, 2, 2), np.float32),
        np.zeros((FRAMES, 6)),
        np.arange(FRAMES) / 25,
        portrait.face,
        "full",
    )


def frames_of(portrait: Portrait) -> list[Image]:
    """The driver's pictures: they get darker, so that a network sees a change."""
    return [(portrait.image * (1 - 0.1 * i)).astype(np.uint8) for i in range(FRAMES)]


def engine(folder: Path, architecture: str, **options: object) -> FommEngine | MraaEngine:
    given: dict[str, Any] = {"weights": folder, "precision": "float32"} | options
    if architecture == "fomm":
        return FommEngine(FommSettings(**given))
    return MraaEngine(MraaSettings(**given))


def carried(
    net: FommEngine | MraaEngine,
    portrait: Portrait,
    motion: MotionField,
    frames: list[Image] | None = None,
    *,
    strength: float = 1.0,
    blinks: bool = True,
) -> Frames:
    driver = Driver.of(motion, None if frames is None else lambda: iter(frames))
    return net.prepare(portrait).transfer(driver, strength=strength, blinks=blinks)


@pytest.mark.parametrize(("architecture", "config"), KINDS)
def test_motion_moves_the_face_alone_and_no_motion_nothing(
    portrait: Portrait, tmp_path: Path, architecture: str, config: dict[str, object]
) -> None:
    folder = motion_weights(tmp_path / "w", architecture, **config)
    net = engine(folder, architecture)
    assert net.needs_frames == (config["prior"] != "awp" or "skips" in config)
    motion = motion_of(portrait)
    made = list(carried(net, portrait, motion, frames_of(portrait)))
    assert len(made) == FRAMES and made[0].shape == portrait.image.shape
    changed = np.argwhere((made[2] != portrait.image).any(-1))
    assert len(changed) > 200
    reach = 3.5 * portrait.face.pose.scale_px_per_cm
    left, top, right, bottom = portrait.face.box_px
    assert (changed.min(0) >= [top - reach, left - reach]).all()
    assert (changed.max(0) <= [bottom + reach, right + reach]).all()
    still = replace(motion, displacement_cm=0 * motion.displacement_cm)
    for made in (
        carried(net, portrait, still, frames_of(portrait)),
        carried(net, portrait, motion, frames_of(portrait), strength=0.0),
    ):
        assert all(np.array_equal(frame, portrait.image) for frame in made)


def test_pixels_follow_the_points(portrait: Portrait, tmp_path: Path) -> None:
    # Untrained, an anchored mixture carries what is around a point along: the chin goes down.
    folder = motion_weights(tmp_path / "w", prior="awp", points=40, jacobians=False, anchor=0.1)
    plain = {"painted": False, "calibrate": False}
    net = engine(folder, "fomm", **plain)
    made = list(carried(net, portrait, motion_of(portrait, 0.5)))
    seen = FlowTracker(portrait.image, portrait.face).track(made[2]).displacement_px
    lips, brow = 17, 9
    asked_px = 0.5 * portrait.face.pose.scale_px_per_cm
    assert 0.5 * asked_px < seen[lips, 1] < 1.5 * asked_px
    assert abs(seen[brow, 1]) < 0.2 * asked_px
    half = list(carried(net, portrait, motion_of(portrait, 0.5), strength=0.5))
    again = list(carried(net, portrait, motion_of(portrait, 0.25)))
    assert np.abs(half[2].astype(int) - again[2]).mean() < 0.05


@pytest.mark.parametrize("strength", [1.0, 0.6])
def test_motion_is_measured_as_large_as_it_was(
    portrait: Portrait, tmp_path: Path, strength: float
) -> None:
    # Eighteen points far apart move what lies between them too little.
    folder = motion_weights(tmp_path / "w", prior="awp", points=18, jacobians=False, anchor=0.1)
    motion = motion_of(portrait, 0.4)
    meter = PortraitMeter(portrait)

    def size(calibrated: bool) -> float:
        net = engine(folder, "fomm", painted=False, calibrate=calibrated)
        frames = carried(net, portrait, motion, strength=strength)
        made = [meter.measure(frame) for frame in frames]
        assert (frames.facts["gain"] is not None) == calibrated
        wanted = strength * np.linalg.norm(components(motion).field_cm())
        return float(np.linalg.norm(made) / wanted)

    before, after = size(False), size(True)
    assert abs(after - 1) < 0.1 < abs(before - 1)


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_measured_maps_need_no_pictures(
    portrait: Portrait, tmp_path: Path, architecture: str
) -> None:
    folder = motion_weights(tmp_path / "w", architecture, prior="awp")
    net = engine(folder, architecture, jacobians="measured")
    assert not net.needs_frames
    made = list(carried(net, portrait, motion_of(portrait)))
    assert (made[2] != portrait.image).any()
    none = motion_weights(tmp_path / "none", architecture, prior="none")
    with pytest.raises(UsageError, match="prior for --jacobians measured"):
        _ = engine(none, architecture, jacobians="measured").net


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_weights_trained_with_measured_maps_take_them_by_default(
    portrait: Portrait, tmp_path: Path, architecture: str
) -> None:
    config = {"jacobians": False} if architecture == "fomm" else {"background": False}
    folder = motion_weights(
        *(tmp_path / "w", architecture),
        **{"prior": "awp", "measured_maps": True, "modes": 3, "guided": True, "scale": 2, **config},
    )
    net = engine(folder, architecture)
    assert not net.needs_frames
    # The mouth opens: its corners' surroundings stretch, beyond what the points alone say.
    motion = motion_of(portrait)
    made = list(carried(net, portrait, motion))
    asked = list(carried(engine(folder, architecture, jacobians="measured"), portrait, motion))
    assert all(np.array_equal(a, b) for a, b in zip(made, asked, strict=True))
    with pytest.raises(UsageError, match="learned the maps around points for --jacobians learned"):
        _ = engine(folder, architecture, jacobians="learned").net


def test_the_square_lies_where_the_card_says(portrait: Portrait, tmp_path: Path) -> None:
    shape = {"prior": "awp", "jacobians": False, "anchor": 0.1, "square_cm": 14.0}
    seen = {}
    for down in (0.0, 3.0):
        folder = motion_weights(tmp_path / f"{down}", square_down_cm=down, **shape)
        session = engine(folder, "fomm", calibrate=False).prepare(portrait)
        seen[down] = session.at_rest()[0]
    # 3 of 14 cm are 7 of 32 pixels: what was there is now higher up.
    assert (
        np.abs(seen[0.0][7:-1] - seen[3.0][:-8]).mean() < 0.5 * np.abs(seen[0.0] - seen[3.0]).mean()
    )


def test_batches_do_not_matter(portrait: Portrait, tmp_path: Path) -> None:
    folder = motion_weights(tmp_path / "w", prior="awp")
    motion, frames = motion_of(portrait), frames_of(portrait)
    one = carried(engine(folder, "fomm", batch_size=1), portrait, motion, frames)
    three = carried(engine(folder, "fomm", batch_size=3), portrait, motion, frames)
    for a, b in zip(one, three, strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1


def test_what_is_watched_counts_from_the_neutral(portrait: Portrait, tmp_path: Path) -> None:
    net = engine(motion_weights(tmp_path / "w", prior="ewp"), "fomm")
    motion = motion_of(portrait)
    session = net.prepare(portrait)

    def watch(baseline: Baseline) -> Watched:
        return session._watch(Driver(motion, motion, baseline, lambda: iter(frames_of(portrait))))

    watched = watch(2)
    assert watched.parts[1].shape == (FRAMES, 18, 2, 2)
    np.testing.assert_array_equal(watched.neutral[1][0], watched.parts[1][2])
    between = watched.at(np.array([0.0, 0.02]))
    np.testing.assert_allclose(between.parts[1][1], watched.parts[1][:2].mean(0), atol=1e-6)
    middling = watch("median")
    for part, neutral in zip(middling.parts, middling.neutral, strict=True):
        # Of five frames the median is the third smallest number, each number for itself.
        np.testing.assert_array_equal(neutral[0], np.sort(part, axis=0)[2])
        assert np.abs(neutral[0] - part[0]).max() > 1e-4


def test_what_is_missing_is_said(portrait: Portrait, tmp_path: Path) -> None:
    folder = motion_weights(tmp_path / "w", prior="awp")
    motion = motion_of(portrait)
    with pytest.raises(UsageError, match="expected the driver's pictures"):
        carried(engine(folder, "fomm"), portrait, motion)
    with pytest.raises(UsageError, match="5 frames, as many as its motion has, got 4"):
        list(carried(engine(folder, "fomm"), portrait, motion, frames_of(portrait)[:4]))
    with pytest.raises(UsageError, match="--prior ewp, got those for awp"):
        _ = engine(folder, "fomm", prior="ewp").net
    with pytest.raises(UsageError, match="--points 64, got those for 18"):
        _ = engine(folder, "fomm", points=64).net
    with pytest.raises(WeightsError, match="expected weights of mraa"):
        _ = engine(folder, "mraa").net
    with pytest.raises(WeightsError, match="no weights for --engine fomm --prior none"):
        _ = FommEngine(FommSettings(prior="none")).net
    none = motion_weights(tmp_path / "none", prior="none")
    with pytest.raises(UsageError, match="--no-blinks, got weights without"):
        carried(engine(none, "fomm"), portrait, motion, frames_of(portrait), blinks=False)


def test_weights_that_lack_a_tensor_are_refused(tmp_path: Path) -> None:
    from mien.engines.weights import load_weights, save_weights

    found = load_weights(motion_weights(tmp_path / "w", prior="awp"), "fomm")
    tensors = dict(found.tensors)
    tensors.pop("generator.first.norm.running_mean")
    save_weights(tmp_path / "less", tensors, found.card)
    with pytest.raises(WeightsError, match=r"generator\.first\.norm\.running_mean"):
        load_motion_net("fomm", tmp_path / "less")
    # Counters of batches may be there.
    counted = dict(found.tensors) | {"generator.first.norm.num_batches_tracked": torch.ones(1)}
    save_weights(tmp_path / "more", counted, found.card)
    assert not load_motion_net("fomm", tmp_path / "more").training


def test_folding_the_norms_changes_nothing() -> None:
    torch.manual_seed(0)
    net = Fomm(FommConfig(**TINY, prior="awp")).eval()  # type: ignore[arg-type]
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)  # type: ignore[arg-type]
            torch.nn.init.uniform_(module.running_var, 0.5, 2)  # type: ignore[arg-type]
    images, points = torch.rand(2, 3, 32, 32) * 2 - 1, torch.rand(2, 2, 18, 2) - 0.5
    with torch.inference_mode():
        before = net(images, images.flip(0), *points)
        after = fast(net)(images, images.flip(0), *points)
    assert not [name for name in net.state_dict() if "norm2" in name]
    torch.testing.assert_close(after.images, before.images, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(after.motion.displacement, before.motion.displacement)


def test_bfloat16_moves_by_the_same_parts_of_a_pixel() -> None:
    """Places are looked up in float32: in bfloat16 they would be up to half a pixel apart."""
    torch.manual_seed(0)
    net = Mraa(MraaConfig(**TINY, prior="awp")).eval()  # type: ignore[arg-type]
    images, points = torch.rand(1, 3, 64, 64) * 2 - 1, torch.rand(1, 18, 2) - 0.5
    moved = points + 0.01
    with torch.inference_mode():
        exact = fast(copy.deepcopy(net))(images, images, points, moved)
        net = fast(net, bfloat16=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rough = net(images, images, points, moved)
    assert net.generator.last.weight.dtype == torch.bfloat16
    far = exact.motion.displacement.abs().max()
    torch.testing.assert_close(
        rough.motion.displacement, exact.motion.displacement, atol=0.02 * float(far), rtol=0.02
    )
    carried = warp(images.bfloat16(), exact.motion.displacement)
    torch.testing.assert_close(
        carried.float(), warp(images, exact.motion.displacement), atol=0.01, rtol=0.01
    )


@pytest.mark.parametrize(("share", "added_share"), [(0.0, 0), (PAINTED / 2, 0.5), (PAINTED, 1)])
def test_what_is_painted_beyond_moving_is_added_where_the_network_paints(
    share: float,
    added_share: float,
    portrait: Portrait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "mien.engines.motion_net.session.painted_share",
        lambda occlusion, at_rest, size: torch.full((len(occlusion), size, size), share),
    )
    config = {"prior": "awp", "points": 40, "jacobians": False, "skips": True}
    folder = motion_weights(tmp_path / "w", **config)

    def face(painted: bool, red: float = 0.0) -> np.ndarray:
        made = engine(folder, "fomm", painted=painted, calibrate=False)
        net = made.net
        torch.nn.init.constant_(net.dense_motion.occlusion_head.bias, 50)  # it only moves pixels
        decode = net.generator.decode

        def with_less_red(images: torch.Tensor, features: object, motion: Motion) -> torch.Tensor:
            moving = motion.displacement.abs().amax((1, 2, 3)) > 0
            change = torch.tensor([red, 0.0, 0.0])[:, None, None]
            return decode(images, features, motion) + moving[:, None, None, None] * change

        monkeypatch.setattr(net.generator, "decode", with_less_red)
        frame = list(carried(made, portrait, motion_of(portrait, 0.5)))[2]
        left, top, right, bottom = portrait.face.box_px.astype(int)
        return frame[top:bottom, left:right].astype(float)

    moved, same, less_red = face(False), face(True), face(True, red=-0.2)
    # Its own resting picture moved is nothing beyond moving: what is left is how it was resampled.
    assert np.abs(same - moved).mean() < 2
    # From -1 to 1 are 255 grey levels.
    added = np.median(less_red - same, axis=(0, 1))
    np.testing.assert_allclose(added, [-0.2 * 127.5 * added_share, 0, 0], atol=1)


def closing_lids(portrait: Portrait) -> MotionField:
    """Only what lies around the eyes goes down and back."""
    field = np.zeros((FRAMES, 468, 2), np.float32)
    field[:, eye_region(), 1] = 0.3 * np.sin(np.linspace(0, np.pi, FRAMES))[:, None]
    return replace(motion_of(portrait), displacement_cm=field)


def test_lids_can_be_left_alone(portrait: Portrait, tmp_path: Path) -> None:
    folder = motion_weights(tmp_path / "w", prior="awp", jacobians=False)
    motion = closing_lids(portrait)
    for blinks in (True, False):
        net = engine(folder, "fomm", calibrate=False)
        made = list(carried(net, portrait, motion, blinks=blinks))[2]
        assert np.array_equal(made, portrait.image) == (not blinks)


def test_lids_go_as_far_as_the_portrait_s_eyes_are_open(portrait: Portrait, tmp_path: Path) -> None:
    folder = motion_weights(tmp_path / "w", prior="awp", jacobians=False, anchor=0.1)
    net = engine(folder, "fomm", calibrate=False, painted=False, lids="network")
    motion = closing_lids(portrait)
    # The driver's eyes are open half as far.
    landmarks = portrait.face.landmarks.copy()
    for upper, lower in mesh.OPENINGS[1:]:
        middle = (landmarks[list(upper)] + landmarks[list(lower)]) / 2
        landmarks[list(upper)] = (landmarks[list(upper)] + middle) / 2
        landmarks[list(lower)] = (landmarks[list(lower)] + middle) / 2
    narrow = replace(motion, face=replace(portrait.face, landmarks=landmarks))
    scale = lid_scale(narrow.face, portrait.face)
    assert scale.max() == pytest.approx(np.sqrt(LID_RATIO[1]))
    wider = replace(motion, displacement_cm=motion.displacement_cm * np.float32(scale)[:, None])
    made, wanted, plain = (
        list(carried(net, portrait, each))[2].astype(float) for each in (narrow, wider, motion)
    )
    assert np.abs(made - wanted).max() <= 1 < np.abs(plain - wanted).max()


def test_lift_moves_pixels_by_a_displacement(portrait: Portrait) -> None:
    lift = Lift(portrait, 32)
    assert np.array_equal(lift.move(np.zeros((8, 8, 2), np.float32)), portrait.image)
    right = np.zeros((8, 8, 2), np.float32)
    right[..., 0] = 2 * 3 / lift.square.side_px  # content comes from 3 px to the right
    moved = lift.move(right)
    x, y = portrait.face.landmarks[4, :2].astype(int)
    here = (slice(y - 9, y + 9), slice(x - 9, x + 9))
    there = (slice(y - 9, y + 9), slice(x - 6, x + 12))
    cos = np.cos(lift.square.roll_radians)
    error = np.abs(moved[here].astype(float) - portrait.image[there]).mean()
    still = np.abs(portrait.image[here].astype(float) - portrait.image[there]).mean()
    assert cos > 0.95 and error < 0.4 * still
