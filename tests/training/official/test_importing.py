from __future__ import annotations

import pytest
import torch

from mien.engines.motion_net.networks import load_motion_net
from mien.engines.ulme_gan.generator import load_generator
from mien.engines.weights import read_card
from mien.errors import OutputError, UsageError, WeightsError
from mien.models.regions import Regions
from mien.models.warping import gaussian_maps
from mien.training.official.names import OFFICIAL
from mien.training.run import import_weights
from tests.training.official import reference
from tests.training.official.states import checkpoint, read_here, saved

TOLERANCE = {"atol": 1e-5, "rtol": 0}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    read_here(monkeypatch)


def picture(size: int, seed: int) -> torch.Tensor:
    rough = 0.3 + 0.4 * torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.interpolate(rough, (size, size), mode="bicubic").clamp(0, 1)


@pytest.mark.parametrize("align_corners", [False, True])
def test_fomm_paints_what_the_paper_s_system_paints(tmp_path, align_corners):
    made = import_weights(
        saved(tmp_path, "fomm"),
        tmp_path / "w",
        "fomm",
        image_px=64,
        align_corners=align_corners,
    )
    assert made.notes == ()
    net = load_motion_net("fomm", tmp_path / "w")
    image, driver = picture(64, 1), picture(64, 2)
    with torch.inference_mode():
        got = net(2 * image - 1, 2 * driver - 1)
        parts = checkpoint("fomm")
        own, moved = (reference.fomm_keypoints(parts["kp_detector"], x) for x in (image, driver))
        wanted = reference.fomm_picture(parts["generator"], image, own, moved, align_corners)
        found = net.detect(2 * driver - 1)
    torch.testing.assert_close(found.points, moved[0], **TOLERANCE)
    torch.testing.assert_close(found.jacobians, moved[1], **TOLERANCE)
    torch.testing.assert_close((got.images + 1) / 2, wanted, **TOLERANCE)
    assert wanted.std() > 0.02


def test_mraa_with_a_prior_paints_what_the_paper_s_system_paints(tmp_path):
    import_weights(saved(tmp_path, "mraa-awp"), tmp_path / "w", "mraa-awp")
    net = load_motion_net("mraa", tmp_path / "w")
    image, driver = picture(256, 1), picture(256, 2)
    own_px = 60 + 130 * torch.rand(1, 18, 2, generator=torch.Generator().manual_seed(0))
    moved_px = own_px + torch.linspace(-2, 2, 18)[:, None]
    with torch.inference_mode():
        # Mien's coordinates of pixel x: (2 x + 1) / 256 - 1.
        points = ((2 * px + 1) / 256 - 1 for px in (own_px, moved_px))
        sources, drivers = 2 * image - 1, 2 * driver - 1
        source = net.encode_source(sources, next(points))
        found = net.detect(drivers, next(points))
        own, moved = reference.mraa_regions(own_px), reference.mraa_regions(moved_px)
        # The sampling amplifies the last digits of the regions, so both paint the same ones.
        gaussians = gaussian_maps(own[0], 64, 64, own[1], net.config.how)
        given = source._replace(regions=Regions(*own), gaussians=gaussians)
        got = net.animate(given, Regions(*moved), net.background(sources, drivers))
        wanted = reference.mraa_picture(checkpoint("mraa-awp"), image, driver, own, moved)
        # In float32 the reference's own affine maps are off by about 1e-4.
        exact = [reference.mraa_regions(px.double()) for px in (own_px, moved_px)]
    for parts, expected in zip((source.regions, found), exact, strict=True):
        for part, each in zip(parts, expected, strict=True):
            torch.testing.assert_close(part.double(), each, atol=1e-4, rtol=1e-5)
    torch.testing.assert_close((got.images + 1) / 2, wanted, **TOLERANCE)
    assert wanted.std() > 0.02


def test_ulme_gan_paints_what_the_paper_s_system_paints(tmp_path):
    made = import_weights(saved(tmp_path, "ulme-gan"), tmp_path / "w", "ulme-gan", licence="MIT")
    assert made.card.crop.startswith("a square of 13.5 canonical centimetres")
    assert made.card.licence == "MIT" and made.card.aus[:3] == ("AU1", "AU2", "AU4")
    net = load_generator(tmp_path / "w")
    image, aus = 2 * picture(128, 1) - 1, torch.linspace(0, 1, 17)[None]
    with torch.inference_mode():
        got = net(image, aus).images
        wanted = reference.ulme_gan_picture(checkpoint("ulme-gan"), image, aus)
    torch.testing.assert_close(got, wanted, **TOLERANCE)


@pytest.mark.parametrize("name", ["fomm-ewp", "fomm-awp", "mraa"])
def test_the_other_networks_are_read(tmp_path, name):
    made = import_weights(saved(tmp_path, name), tmp_path / "w", name, trained_on="Noise.")
    card = read_card(tmp_path / "w")
    assert card == made.card
    assert (card.licence, card.training_data) == ("not stated", "Noise.")
    assert card.crop.endswith("; the side is an estimate")
    assert card.config["conventions"] == "published"
    system, _, prior = name.partition("-")
    assert card.architecture == system and card.config["prior"] == (prior or "none")
    assert card.config["max_width"] == 8 and card.config["hourglass_blocks"] == 2
    load_motion_net(system, tmp_path / "w")


OTHERS = [
    ("fomm", "fomm-ewp", "kp_detector.predictor.encoder.down_blocks.0.conv.weight"),
    ("fomm-ewp", "fomm", "kp_detector.predictor.encoder.down_blocks.0.conv.weight"),
    ("fomm-awp", "fomm-ewp", "kp_detector.learn.bias"),
    ("fomm-ewp", "fomm-awp", "kp_detector.learn.weight"),
    ("fomm", "mraa", "generator.pixelwise_flow_predictor.mask.weight"),
    ("mraa", "fomm", "generator.dense_motion_network.mask.weight"),
    ("mraa", "mraa-awp", "region_predictor.region1.weight"),
    ("mraa-awp", "mraa", "region_predictor.predictor.encoder.down_blocks.0.conv.weight"),
    ("fomm", "ulme-gan", "model.0.weight"),
    ("ulme-gan", "fomm", "generator.dense_motion_network.mask.weight"),
]


@pytest.mark.parametrize(("own", "asked", "tensor"), OTHERS)
def test_another_network_is_refused_by_its_first_tensor(tmp_path, own, asked, tensor):
    with pytest.raises(WeightsError) as caught:
        import_weights(saved(tmp_path, own), tmp_path / "w", asked)
    said = str(caught.value)
    assert said.startswith(f"expected a checkpoint of {asked}") and "\n" not in said
    assert tensor in said
    assert not (tmp_path / "w").exists()


def test_a_tensor_of_another_shape_is_named_with_both_shapes(tmp_path):
    state = checkpoint("ulme-gan")
    state["model.3.weight"] = torch.zeros(8, 4, 3, 3)
    torch.save(state, tmp_path / "x.pth")
    with pytest.raises(WeightsError, match=r"model.3.weight has the shape \(8, 4, 4, 4\), got"):
        import_weights(tmp_path / "x.pth", tmp_path / "w", "ulme-gan")


def test_a_network_of_several_gpus_has_a_prefix(tmp_path):
    state = {f"module.{name}": value for name, value in checkpoint("ulme-gan").items()}
    torch.save(state, tmp_path / "x.pth")
    made = import_weights(tmp_path / "x.pth", tmp_path / "w", "ulme-gan")
    assert made.card.config["width"] == 4


def test_sizes_and_places_are_checked(tmp_path):
    file = saved(tmp_path, "fomm")
    with pytest.raises(UsageError, match="image_px as a multiple of 16"):
        import_weights(file, tmp_path / "w", "fomm", image_px=100)
    with pytest.raises(
        UsageError, match=f"one of the official networks {', '.join(OFFICIAL)}, got 'tps'"
    ):
        import_weights(file, tmp_path / "w", "tps")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError):
        import_weights(file, tmp_path / "full", "fomm")


def test_numbers_that_are_none_are_refused(tmp_path):
    state = checkpoint("ulme-gan")
    state["model.0.bias"][0] = torch.nan
    torch.save(state, tmp_path / "x.pth")
    with pytest.raises(WeightsError, match=r"float32, got larger values or NaN in stem\.bias"):
        import_weights(tmp_path / "x.pth", tmp_path / "w", "ulme-gan")
