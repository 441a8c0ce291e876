from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.au.track import AUTrack
from mien.engines.base import frame_shape
from mien.engines.checks import unknown_aus
from mien.engines.lift import Lift
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.generator import ARCHITECTURE, bundled_weights, load_generator
from mien.engines.ulme_gan.session import lift_of
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.errors import UsageError, WeightsError
from mien.face.portrait import Portrait
from mien.models.ulme_gan import Generator, GeneratorConfig
from mien.models.ulme_gan_flow import build_generator

SIDED = ("AU1L", "AU1R", "AU12L", "AU12R", "AU26", "AU45L", "AU45R")


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


def weights(folder: Path, **config: object) -> Path:
    """A tiny generator with random weights, as a run would export it."""
    torch.manual_seed(1)
    shape = GeneratorConfig(**({"image_px": 32, "width": 4, "blocks": 1, "aus": SIDED} | config))  # type: ignore[arg-type]
    card = WeightsCard(
        architecture=ARCHITECTURE,
        config=asdict(shape),
        aus=shape.aus,
        crop="the face's square",
        training_data="none",
        recipe={},
        metrics={},
    )
    save_weights(folder, Generator(shape).state_dict(), card)
    return folder


def engine_of(folder: Path, **settings: object) -> UlmeGanEngine:
    return UlmeGanEngine(UlmeGanSettings(weights=folder, **settings))  # type: ignore[arg-type]


def track(**values: list[float]) -> AUTrack:
    rows = np.array(list(values.values()), np.float32).T
    return AUTrack(tuple(values), rows, np.arange(len(rows)) / 10)


@pytest.mark.parametrize("conditioning", ["relative", "absolute"])
def test_no_change_is_the_portrait_itself(
    portrait: Portrait, tmp_path: Path, conditioning: str
) -> None:
    engine = engine_of(weights(tmp_path / "w", conditioning=conditioning))
    still, moved = engine.prepare(portrait).render(track(AU12=[0, 4]))
    assert np.array_equal(still, portrait.image)
    assert not np.array_equal(moved, portrait.image)


def test_pixels_outside_the_face_stay(portrait: Portrait, tmp_path: Path) -> None:
    engine = engine_of(weights(tmp_path / "w", skips=True))
    (moved,) = engine.prepare(portrait).render(track(AU26=[5]))
    changed = np.argwhere((moved != portrait.image).any(axis=-1))
    reach = 3.5 * portrait.face.pose.scale_px_per_cm
    left, top, right, bottom = portrait.face.box_px
    assert (changed.min(0) >= [top - reach, left - reach]).all()
    assert (changed.max(0) <= [bottom + reach, right + reach]).all()


def test_batches_do_not_matter(portrait: Portrait, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w")
    values = track(AU12L=[0, 1, 1, 2, 3, 3, 0], AU45=[1, 1, 1, 0, 0, 0, 0])
    one = list(
        engine_of(folder, batch_size=1, precision="float32").prepare(portrait).render(values)
    )
    many = list(
        engine_of(folder, batch_size=5, precision="float32").prepare(portrait).render(values)
    )
    assert len(one) == len(many) == 7
    for a, b in zip(one, many, strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1


def test_absolute_mode_takes_off_what_the_portrait_shows(
    portrait: Portrait, tmp_path: Path
) -> None:
    engine = engine_of(weights(tmp_path / "w"))  # the astronaut smiles
    asked = track(AU12=[0.0])
    assert np.array_equal(next(engine.prepare(portrait).render(asked)), portrait.image)
    absolute = engine_of(weights(tmp_path / "again"), au_mode="absolute")
    assert not np.array_equal(next(absolute.prepare(portrait).render(asked)), portrait.image)


def test_a_unit_that_the_network_does_not_know_is_said(portrait: Portrait, tmp_path: Path) -> None:
    engine = engine_of(weights(tmp_path / "w"))
    known = engine.known_aus
    assert unknown_aus(known, track(AU4=[1], AU12=[1], AU9=[0])) == ("AU4L", "AU4R")
    with pytest.raises(UsageError, match="does not know AU4L AU4R"):
        engine.prepare(portrait).render(track(AU4=[1], AU12=[1]))
    assert unknown_aus(known, track(AU43=[1])) == ()  # a closed eye is a blink's


def test_attention_is_coloured_where_the_network_repaints(
    portrait: Portrait, tmp_path: Path
) -> None:
    engine = engine_of(weights(tmp_path / "w"), show="attention")
    (shown,) = engine.prepare(portrait).render(track(AU12=[5]))
    x, y = np.rint(portrait.face.landmarks[1, :2]).astype(int)  # the tip of the nose
    assert shown[y, x, 0] > shown[y, x, 2]
    assert np.ptp(shown[2, 2]) == 0


def test_attention_has_the_channels_of_the_portrait(portrait: Portrait, tmp_path: Path) -> None:
    alpha = np.full((*portrait.image.shape[:2], 1), 77, np.uint8)
    see_through = Portrait(np.concatenate([portrait.image[..., :3], alpha], -1), portrait.face)
    session = engine_of(weights(tmp_path / "w"), show="attention").prepare(see_through)
    (shown,) = session.render(track(AU12=[5]))
    assert shown.shape == frame_shape(session) and (shown[..., 3] == 77).all()


def test_an_enlarged_change_lands_where_it_was_seen(portrait: Portrait) -> None:
    lift = Lift(portrait, 64)
    bright = np.zeros((64, 64, 3), np.float32)
    bright[30:33, 40:43] = 0.5
    change = lift.apply(bright).astype(float).sum(-1) - portrait.image.astype(float).sum(-1)
    rows, columns = np.indices(change.shape)
    found = np.array([(columns * change).sum(), (rows * change).sum()]) / change.sum()
    expected = lift.square.to_image(64) @ [41, 31, 1]
    assert np.abs(found - expected).max() < 1.5


def test_wrong_weights_are_refused(tmp_path: Path) -> None:
    good = weights(tmp_path / "good")
    shard = next(good.glob("*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="cut short"):
        load_generator(good)
    (tmp_path / "old.pth").write_bytes(b"\x80\x04")
    with pytest.raises(WeightsError, match="pickle"):
        load_generator(tmp_path / "old.pth")
    with pytest.raises(UsageError, match="device"):
        load_generator(weights(tmp_path / "other"), device="abacus")


def likeness(engine: UlmeGanEngine, face: Portrait, au: str) -> float:
    """Cosine of what a network changes and of what the rig changes, at level B, in the square."""
    asked = track(**{au: [2]})
    ((made, _),) = engine.prepare(face).changes(asked)
    moved = Portrait(next(RigEngine().prepare(face).render(asked)), face.face)
    config = engine.generator.config
    moved_seen, seen = (lift_of(each, config).seen for each in (moved, face))
    wanted = moved_seen - seen
    return float((made * wanted).sum() / (np.linalg.norm(made) * np.linalg.norm(wanted) + 1e-9))


def test_the_shipped_network_moves_a_new_face_and_random_weights_do_not(portrait: Portrait) -> None:
    shipped = UlmeGanEngine(UlmeGanSettings(lids="network"))
    torch.manual_seed(0)
    chance = UlmeGanEngine(UlmeGanSettings(lids="network"))
    chance.generator = build_generator(shipped.generator.config).eval().requires_grad_(False)
    for au in ("AU1", "AU4", "AU12", "AU26", "AU45"):
        assert likeness(shipped, portrait, au) > 0.6, au
        assert abs(likeness(chance, portrait, au)) < 0.3, au


def test_the_shipped_network_changes_nothing_of_itself(portrait: Portrait) -> None:
    net = load_generator()
    seen = lift_of(portrait, net.config).seen
    image = torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())
    with torch.inference_mode():
        still = net(image, torch.zeros(1, len(net.config.aus))).images
    psnr = -10 * np.log10(float(((still - image) / 2).square().mean()))
    assert psnr >= 40


def test_weights_of_another_network_are_refused_before_their_aus_are_read():
    others = bundled_weights().parent / "fomm_awp"
    engine = UlmeGanEngine(UlmeGanSettings(weights=others))
    with pytest.raises(
        WeightsError, match=r"expected weights of ulme-gan, got .* with those of fomm"
    ):
        _ = engine.known_aus
