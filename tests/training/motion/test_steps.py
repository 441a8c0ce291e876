from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mien.models.fomm import Fomm, FommConfig
from mien.models.mraa import Mraa, MraaConfig
from mien.models.patch_discriminator import PatchDiscriminator, PatchDiscriminatorConfig
from mien.models.warping import identity_grid
from mien.training.motion.batches import MotionBatch
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES
from mien.training.motion.spline import SplineNoise, random_deformation
from mien.training.motion.steps import motion_losses, true_linear, true_motion
from tests.models.test_fomm import TINY, faces
from tests.training.motion.test_validation import carried_along

CRITIC = PatchDiscriminatorConfig(image_px=32, width=2, max_width=8, blocks=2)


def recipe_of(network: FommConfig | MraaConfig, **weights: float) -> MotionRecipe:
    recipe = (FOMM_RECIPES if isinstance(network, FommConfig) else MRAA_RECIPES)["ours"]
    plain = replace(recipe.weights, relative_flow=0.0, shown=0.0, flow=1.0, linear=1.0)
    return replace(recipe, network=network, weights=replace(plain, **weights))


def test_what_is_lowered_by_hand():
    net = carried_along()
    true = torch.tensor([0.0, 0.4])[None, :, None, None].expand(2, 2, 8, 8)
    batch = MotionBatch(
        torch.full((2, 3, 32, 32), 0.2),
        torch.full((2, 3, 32, 32), -0.1),
        torch.tensor([[[0.3, 0.0]]]).expand(2, 1, 2),
        torch.zeros(2, 1, 2),
        true,
    )
    recipe = recipe_of(net.config, flow=3.0, pixels=2.0, linear=5.0)
    terms, images = motion_losses(recipe, net.eval(), batch, painted=True)
    assert images is not None and images.shape == (2, 3, 32, 32)
    said = {name: float(loss.detach()) for name, loss in terms.items()}
    # The motion is (0.3, 0) where it should be (0, 0.4): 0.5 off, and 16 pixels of 32 are 1. It moves
    # one grey to where another should be. Nothing is found that could have linear maps.
    assert said == pytest.approx({"flow": 8.0, "pixels": 0.3, "total": 3 * 8.0 + 2 * 0.3}, abs=1e-4)
    terms, images = motion_losses(recipe, net, batch, painted=False)
    assert images is None and terms.keys() == {"flow", "total"}


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_linear_maps_are_those_from_the_driving_frame_to_the_source(architecture: str):
    torch.manual_seed(0)
    net: Fomm | Mraa
    if architecture == "fomm":
        net = Fomm(FommConfig(**TINY)).eval()  # type: ignore[arg-type]
        torch.nn.init.normal_(net.detector.jacobian_head.weight, std=3.0)
    else:
        net = Mraa(MraaConfig(**TINY, background_width=4, root="symmetric")).eval()  # type: ignore[arg-type]
        torch.nn.init.normal_(net.finder.heat_head.weight, std=0.1)
    slopes = torch.tensor([[0.06, -0.02], [0.03, -0.05]])
    displacement = (identity_grid(8, 8, slopes) @ slopes.T).movedim(-1, 0)[None]
    batch = MotionBatch(faces(1), faces(1).flip(-1), None, None, displacement)
    terms, _ = motion_losses(recipe_of(net.config), net, batch, painted=False)
    with torch.no_grad():
        own, its = (net.detect(images)[-1] for images in (batch.source, batch.driving))
    inverse, true = torch.linalg.inv, torch.eye(2) + slopes
    wanted, *wrong = (
        float((linear - true).abs().mean())
        for linear in (own @ inverse(its), inverse(its) @ own, its @ inverse(own))
    )
    assert min(abs(other - wanted) for other in wrong) > 1e-4
    assert float(terms["linear"].detach()) == pytest.approx(wanted, abs=1e-5)


PUBLISHED = ("adversarial", "features", "point_equivariance", "linear_equivariance")


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_published_loss_alone_is_lowered(name: str):
    """Its gradient reaches the network: a few steps on one batch make it smaller."""
    torch.manual_seed(0)
    net = Fomm(FommConfig(**TINY))  # type: ignore[arg-type]
    torch.nn.init.normal_(net.detector.jacobian_head.weight, std=0.5)
    critic = PatchDiscriminator(CRITIC)
    recipe = replace(FOMM_RECIPES["published"], network=net.config)
    batch = MotionBatch(faces(2), faces(2).flip(-1), None, None, torch.zeros(2, 2, 8, 8))
    known = random_deformation(2, SplineNoise(), torch.Generator().manual_seed(1), batch.source)
    weights = dict.fromkeys(("perceptual", *PUBLISHED), 0.0) | {"pixels": 1e-6, name: 1.0}
    recipe = replace(recipe, weights=replace(recipe.weights, **weights))
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    course = []
    for _ in range(15):
        terms, _ = motion_losses(recipe, net, batch, painted=True, critic=critic, deformation=known)
        course.append(float(terms[name].detach()))
        adam.zero_grad()
        terms["total"].backward()
        adam.step()
    assert course[-1] < 0.95 * course[0]


def test_the_true_linear_map_of_a_known_affine():
    linear, shift = torch.tensor([[0.06, -0.02], [0.03, -0.05]]), torch.tensor([0.1, -0.04])
    grid = identity_grid(16, 16, torch.zeros(1))
    displacement = (grid @ linear.T + shift).movedim(-1, 0)[None]
    points = torch.tensor([[[0.1, 0.2], [-0.3, 0.4]]])
    found = true_linear(displacement, points)
    torch.testing.assert_close(found, (torch.eye(2) + linear).expand(1, 2, 2, 2))


def test_the_true_motion_at_another_size() -> None:
    places = identity_grid(8, 8, torch.ones(())).movedim(-1, 0)[None]
    drawn = torch.zeros(1, 1, 8, 8)
    drawn[..., :2, :2] = 1.0
    images = torch.zeros(1, 3, 8, 8)
    batch = MotionBatch(images, images, None, None, places, drawn=drawn)
    smaller, known = true_motion(batch, 4, 4)
    # The mean of a linear field is the field at the cell's middle; a cell that is drawn is not known.
    wanted = identity_grid(4, 4, torch.ones(())).movedim(-1, 0)[None]
    assert torch.allclose((known * (smaller - wanted)), torch.zeros(1), atol=1e-6)
    assert known[0, 0, 0, 0] == 0 and known.sum() == 15
    larger, known = true_motion(replace(batch, drawn=None), 16, 16)
    wanted = identity_grid(16, 16, torch.ones(())).movedim(-1, 0)[None]
    assert torch.allclose(larger[..., 1:-1, 1:-1], wanted[..., 1:-1, 1:-1], atol=1e-6)
    assert known.shape == (1, 1, 16, 16) and known.min() == 1
