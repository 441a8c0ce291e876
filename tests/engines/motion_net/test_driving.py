"""Absolute driving and AVD; `test_engine` drives relatively."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.engines.base import Driver
from mien.engines.motion_net.driver_view import moved_points
from mien.engines.motion_net.mraa import MraaEngine
from mien.engines.motion_net.session import MotionNetSession
from mien.engines.motion_net.settings import FommSettings, MraaSettings
from mien.errors import UsageError, WeightsError
from mien.face.portrait import Portrait
from mien.models.regions import covariance_root
from mien.motion.denoise import components
from mien.motion.field import MotionField
from tests.engines.motion_net.nets import avd_weights, motion_weights
from tests.engines.motion_net.test_engine import (
    FRAMES,
    carried,
    engine,
    frames_of,
    motion_of,
    portrait,
)

__all__ = ["portrait"]


def other_face(motion: MotionField) -> MotionField:
    """The same motion on a face whose nose and mouth lie lower in its square."""
    landmarks = motion.face.landmarks.copy()
    lower = landmarks[:, 1] > np.median(landmarks[:, 1])
    landmarks[lower, 1] += 4.0
    return replace(motion, face=replace(motion.face, landmarks=landmarks))


def poses(session: MotionNetSession, driver: Driver) -> tuple[torch.Tensor, ...]:
    watched = session._watch(driver) if session.needs_frames else None
    return session._absolute(driver, watched)


@pytest.mark.parametrize(
    ("architecture", "config"),
    [
        ("fomm", {"prior": "none"}),
        ("fomm", {"prior": "awp"}),
        ("fomm", {"prior": "awp", "points": 40, "jacobians": False}),
        ("fomm", {"prior": "awp", "jacobians": False, "measured_maps": True}),
        ("mraa", {"prior": "none", "root": "symmetric"}),
        ("mraa", {"prior": "awp", "root": "symmetric"}),
        ("mraa", {"prior": "awp", "root": "symmetric", "measured_maps": True}),
    ],
)
def test_a_face_that_drives_itself_is_driven_alike(
    portrait: Portrait, tmp_path: Path, architecture: str, config: dict[str, object]
) -> None:
    # The driver is at first where the portrait is, so its change and its positions say the same.
    folder = motion_weights(tmp_path / "w", architecture, **config)
    motion = motion_of(portrait)
    driver = Driver.of(motion, lambda: iter(frames_of(portrait)))
    own = [
        engine(folder, architecture, driving=driving, calibrate=False).prepare(portrait)
        for driving in ("relative", "absolute")
    ]
    field_cm = components(motion).field_cm()
    watched = own[0]._watch(driver) if own[0].needs_frames else None
    relative = own[0]._poses(field_cm, watched)
    absolute = poses(own[1], driver)
    assert len(absolute[0]) == FRAMES
    torch.testing.assert_close(absolute[0], relative[0], atol=2e-3, rtol=0)
    if (
        architecture == "fomm" or config["prior"] == "none" or "measured_maps" in config
    ):  # its regions keep their shape
        torch.testing.assert_close(absolute[-1], relative[-1], atol=2e-2, rtol=0)


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_absolute_driving_takes_the_driver_s_own_points(
    portrait: Portrait, tmp_path: Path, architecture: str
) -> None:
    folder = motion_weights(tmp_path / "w", architecture, prior="awp")
    motion = other_face(motion_of(portrait))
    driver = Driver.of(motion, lambda: iter(frames_of(portrait)))
    session = engine(folder, architecture, driving="absolute").prepare(portrait)
    wanted = moved_points(motion.face, components(motion).field_cm(), None)
    found = poses(session, driver)[0]
    np.testing.assert_allclose(found.numpy(), wanted, atol=1e-5)
    assert np.abs(wanted[0] - session._own[0][0].numpy()).max() > 0.02


def test_absolute_driving_moves_a_portrait_though_the_driver_keeps_still(
    portrait: Portrait, tmp_path: Path
) -> None:
    folder = motion_weights(tmp_path / "w", prior="awp", jacobians=False, anchor=0.1)
    motion = other_face(motion_of(portrait, 0.0))
    for driving, moves in (("relative", False), ("absolute", True)):
        net = engine(folder, "fomm", driving=driving)
        frames = carried(net, portrait, motion)
        made = list(frames)
        assert len(made) == FRAMES and frames.facts["gain"] is None
        assert [not np.array_equal(frame, portrait.image) for frame in made] == [moves] * FRAMES
        still = list(carried(net, portrait, motion, strength=0.0))
        assert np.array_equal(still[2], portrait.image)


def test_what_concerns_a_change_does_not_concern_positions(
    portrait: Portrait, tmp_path: Path
) -> None:
    folder = motion_weights(tmp_path / "w", "mraa", prior="awp")
    net, motion = engine(folder, "mraa", driving="absolute"), motion_of(portrait)
    with pytest.raises(UsageError, match="--no-blinks with --driving relative, got absolute"):
        carried(net, portrait, motion, blinks=False)
    noted = net.prepare(portrait).transfer(Driver(motion, motion, 2))
    list(noted)
    assert len(noted.notes) == 1 and "--baseline does not matter" in noted.notes[0]
    plain = carried(net, portrait, motion)
    assert list(plain) and not plain.notes


def test_half_the_strength_is_half_way_to_the_driver(portrait: Portrait, tmp_path: Path) -> None:
    session = engine(
        motion_weights(tmp_path / "w", "mraa", prior="awp"), "mraa", driving="absolute"
    ).prepare(portrait)
    whole = poses(session, Driver.of(other_face(motion_of(portrait))))
    half = session._scaled(whole, 0.5)
    torch.testing.assert_close(half[0], (session._own[0] + whole[0]) / 2)


@pytest.mark.parametrize("prior", ["none", "awp"])
def test_avd_says_where_the_portrait_s_regions_go(
    portrait: Portrait, tmp_path: Path, prior: str
) -> None:
    points = 10 if prior == "none" else 18
    avd, net = avd_weights(tmp_path / "avd", points)
    folder = motion_weights(tmp_path / "w", "mraa", prior=prior)
    made = engine(folder, "mraa", driving="avd", avd=avd)
    session = made.prepare(portrait)
    driver = Driver.of(motion_of(portrait), lambda: iter(frames_of(portrait)))
    shift, covariance, affine = poses(session, driver)
    # Its last layer's weights are 0, so the answer is its bias: two numbers of place, four of the map.
    numbers = net.decoder[-1].bias.detach().half().float().view(points, 6)
    torch.testing.assert_close(shift, numbers[:, :2].expand(FRAMES, points, 2))
    map_ = numbers[:, 2:].view(points, 2, 2)
    torch.testing.assert_close(affine, map_.expand(FRAMES, points, 2, 2))
    torch.testing.assert_close(covariance, affine @ affine.mT)
    record = made.record()
    assert record["avd"]["architecture"] == "avd" and record["avd"]["sha256"]
    assert record["architecture"] == "mraa"
    plain = engine(folder, "mraa", driving="absolute")
    assert isinstance(plain, MraaEngine) and "avd" not in plain.record()


def test_avd_hears_the_portrait_and_the_driver(
    portrait: Portrait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    avd, _ = avd_weights(tmp_path / "avd")
    made = engine(
        motion_weights(tmp_path / "w", "mraa", prior="awp"), "mraa", driving="avd", avd=avd
    )
    assert isinstance(made, MraaEngine) and made.avd is not None
    heard = []
    forward = made.avd.forward
    monkeypatch.setattr(made.avd, "forward", lambda *parts: heard.append(parts) or forward(*parts))
    session = made.prepare(portrait)
    motion = other_face(motion_of(portrait))
    poses(session, Driver.of(motion))
    ((own, its),) = heard
    torch.testing.assert_close(own.shift, session._own[0].expand(FRAMES, 18, 2))
    wanted = moved_points(motion.face, components(motion).field_cm(), None)
    np.testing.assert_allclose(its.shift.numpy(), wanted, atol=1e-5)
    torch.testing.assert_close(its.affine, covariance_root(its.covariance, "principal"))


def test_avd_of_another_network_is_refused(portrait: Portrait, tmp_path: Path) -> None:
    folder = motion_weights(tmp_path / "w", "mraa", prior="awp")
    ten, _ = avd_weights(tmp_path / "avd", 10)
    with pytest.raises(UsageError, match=r"--avd weights for 18 regions, .* got those for 10"):
        engine(folder, "mraa", driving="avd", avd=ten).prepare(portrait)
    with pytest.raises(WeightsError, match=r"weights of avd, .* those of mraa"):
        engine(folder, "mraa", driving="avd", avd=folder).prepare(portrait)


def test_settings_that_do_not_fit() -> None:
    with pytest.raises(UsageError, match="--driving avd and --avd FOLDER together"):
        MraaSettings(driving="avd")
    with pytest.raises(UsageError, match="--driving avd and --avd FOLDER together"):
        MraaSettings(avd=Path("avd"))
    with pytest.raises(UsageError, match="expected --driving relative or absolute, got 'avd'"):
        FommSettings(driving="avd")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="measured needs --driving relative, got absolute"):
        FommSettings(driving="absolute", jacobians="measured")
    with pytest.raises(UsageError, match="--no-blinks with --driving relative, got absolute"):
        MraaSettings(driving="absolute").check_transfer(blinks=False)
    FommSettings(driving="relative").check_transfer(blinks=False)
