from __future__ import annotations

import pytest
import torch

from mien.errors import UsageError
from mien.models.layers import parameter_count
from mien.models.mraa import Mraa, MraaConfig, RegionFinder
from mien.models.priors import euclidean_maps
from mien.models.regions import Regions
from tests.models.test_fomm import TINY, faces, follow, some_points


def tiny(**changes: object) -> Mraa:
    torch.manual_seed(0)
    return Mraa(MraaConfig(**(TINY | {"background_width": 4} | changes))).eval()  # type: ignore[arg-type]


def test_a_prior_leaves_no_network_that_finds_regions():
    with torch.device("meta"):
        assert parameter_count([Mraa()]) == 66_004_557
        assert parameter_count([Mraa(MraaConfig(prior="awp")).finder]) == 0


def test_a_prior_s_regions_lie_at_its_points_and_are_nearly_round():
    regions = tiny(prior="awp").detect(faces(2), some_points(2))
    torch.testing.assert_close(regions.shift, some_points(2))
    variances = torch.linalg.eigvalsh(regions.covariance)
    assert (variances[..., 1] / variances[..., 0]).median() < 1.3
    assert variances.min() > 0.001


def test_published_heatmaps_of_a_prior_make_regions_wider_by_their_mass():
    points = some_points(2)
    one, wide = (
        tiny(prior="awp", prior_heat=heat).detect(faces(2), points)
        for heat in ("normalised", "published")
    )
    mass = euclidean_maps(points, 8, 8).sum((-2, -1))[..., None, None]
    torch.testing.assert_close(wide.covariance, mass * one.covariance)
    assert torch.equal(wide.shift, one.shift)


def test_published_regions_of_a_prior_are_wider_than_the_picture():
    # At 256 px the picture's half-width is 1, and a region's standard deviation about 2.4.
    points = torch.rand(1, 18, 2, generator=torch.Generator().manual_seed(0)) - 0.5
    small = torch.zeros(1, 3, 64, 64)
    for heat, spread in (("normalised", 0.226), ("published", 2.41)):
        found = RegionFinder(MraaConfig(prior="awp", prior_heat=heat))(small, points).covariance
        middle = found.diagonal(dim1=-2, dim2=-1).mean().sqrt().item()
        assert middle == pytest.approx(spread, rel=0.05)


@pytest.mark.parametrize("root", ["principal", "symmetric"])
@pytest.mark.parametrize("prior", ["none", "awp"])
def test_identical_regions_give_no_motion(prior: str, root: str):
    model = tiny(prior=prior, root=root)
    points = some_points(1) if prior == "awp" else None
    with torch.no_grad():
        source = model.encode_source(faces(1), points)
        still = model.animate(source, source.regions)
        assert still.motion.displacement.abs().max() < 1e-5
        assert still.images.shape == (1, 3, 32, 32)
        # Before it has learned, the background rests.
        torch.testing.assert_close(
            model(faces(1), faces(1), points, points).images, still.images, atol=1e-4, rtol=0
        )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_region_carries_its_surroundings_from_the_driving_frame_to_the_source(sign: int):
    model = tiny(prior="awp", points=1)
    follow(model, 1)
    affine = torch.tensor([[0.3, 0.1], [-0.05, 0.2]])
    driving_affine = torch.tensor([[0.2, -0.15], [0.1, 0.4]])
    shift, driving_shift = torch.tensor([0.1, -0.2]), torch.tensor([-0.3, 0.25])
    own, driving = (
        Regions(s[None, None], (a @ a.T)[None, None], a[None, None])
        # Principal axes have no sign: a region and its mirror image about its centre are one.
        for s, a in ((shift, affine), (driving_shift, sign * driving_affine))
    )
    with torch.no_grad():
        source = model.encode_source(faces(1), own.shift)._replace(regions=own)
        motion = model.motion(source, driving)
    linear = affine @ torch.linalg.inv(driving_affine)
    for row, column in ((0, 0), (1, 6), (5, 2)):
        z = torch.tensor([column + 0.5, row + 0.5]) / 4 - 1
        came_from = shift + linear @ (z - driving_shift)
        found = motion.displacement[0, :, row, column]
        torch.testing.assert_close(found, came_from - z, atol=1e-5, rtol=0)


def test_the_background_moves_by_its_affine_map():
    model = tiny(prior="awp")
    follow(model, 0)
    with torch.no_grad():
        source = model.encode_source(faces(1), some_points(1))
        change = torch.tensor([[[0.1, 0.0, 0.2], [0.0, 0.0, -0.3]]])
        moved = model.animate(source, source.regions, change).motion.displacement[0]
    x = (torch.arange(8) + 0.5) / 4 - 1
    torch.testing.assert_close(moved[0, 3], 0.2 + 0.1 * x)
    torch.testing.assert_close(moved[1], torch.full((8, 8), -0.3))


def test_frames_of_one_source_share_it():
    model = tiny(prior="awp")
    points = some_points(3)
    with torch.no_grad():
        source = model.encode_source(faces(1), points[:1])
        driving = model.detect(faces(3), points)
        together = model.animate(source, driving).images
        last = Regions(*(part[2:] for part in driving[:3]))
        torch.testing.assert_close(
            together[2:], model.animate(source, last).images, atol=1e-5, rtol=0
        )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"prior": "ewp"}, "none or awp"),
        ({"root": "cube"}, "principal, symmetric or svd"),
        ({"prior_heat": "raw"}, "normalised or published"),
        ({"background_width": 0}, "background_width"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(wrong: dict[str, object], says: str):
    with pytest.raises(UsageError, match=says):
        MraaConfig(**(TINY | wrong))  # type: ignore[arg-type]
