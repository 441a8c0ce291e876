from __future__ import annotations

import pytest
import torch

from mien.errors import UsageError
from mien.models.fomm import Fomm, FommConfig, Keypoints, centres, heatmaps, relative
from mien.models.layers import parameter_count
from mien.models.mraa import Mraa
from mien.models.warping import gaussian_maps

TINY = {
    "image_px": 32,
    "detector_width": 4,
    "motion_width": 4,
    "max_width": 8,
    "hourglass_blocks": 2,
    "generator_width": 4,
    "generator_max_width": 8,
    "generator_blocks": 1,
}


def tiny(**changes: object) -> Fomm:
    torch.manual_seed(0)
    return Fomm(FommConfig(**(TINY | changes))).eval()  # type: ignore[arg-type]


def faces(batch: int) -> torch.Tensor:
    return torch.rand(batch, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1


def some_points(batch: int, count: int = 18) -> torch.Tensor:
    return torch.rand(batch, count, 2, generator=torch.Generator().manual_seed(2)) - 0.5


def follow(model: Fomm | Mraa, part: int) -> None:
    """All pixels follow one part of the motion: the background (0), or a point from 1 on."""
    head = model.dense_motion.mask_head
    torch.nn.init.zeros_(head.weight)
    with torch.no_grad():
        head.bias.zero_()[part] = 50


def test_the_published_size():
    with torch.device("meta"):
        model = Fomm()
    assert parameter_count([model]) == 59_790_759
    assert round(parameter_count([model]) / 1e6, 1) == 59.8
    assert parameter_count([model.detector]) == 14_215_368


@pytest.mark.parametrize("prior", ["ewp", "awp"])
def test_prior_points_are_the_keypoints(prior: str):
    model = tiny(prior=prior)
    points = some_points(2)
    found = model.detect(faces(2), points)
    torch.testing.assert_close(found.points, points)
    # Before it has learned, every Jacobian is the identity.
    torch.testing.assert_close(found.jacobians, torch.eye(2).expand(2, 18, 2, 2))
    assert model.detector.hourglass.encoder.blocks[0].conv.in_channels == 4
    assert tiny(prior=prior, points=30).detect(faces(1), some_points(1, 30)).points.shape[1] == 30


def test_the_map_of_the_points_is_seen():
    model = tiny(prior="awp")
    torch.nn.init.normal_(model.detector.jacobian_head.weight)
    with torch.no_grad():
        one, other = (
            model.detect(faces(1), some_points(1) + shift).jacobians for shift in (0, 0.2)
        )
    assert (one - other).abs().max() > 1e-3


def test_points_come_with_a_prior_and_only_then():
    with pytest.raises(UsageError, match="only with"):
        tiny().detect(faces(1), some_points(1, 10))
    with pytest.raises(UsageError, match="got none"):
        tiny(prior="ewp").detect(faces(1))
    with pytest.raises(UsageError, match=r"18, 2"):
        tiny(prior="ewp").detect(faces(1), some_points(1, 17))


@pytest.mark.parametrize("point", [0, 1])
def test_a_point_carries_its_surroundings_from_the_driving_frame_to_the_source(point: int):
    model = tiny(prior="awp", points=2)
    follow(model, 1 + point)
    points = torch.tensor([[[0.1, -0.2], [0.3, 0.4]]])
    jacobians = torch.tensor([[[[1.2, 0.5], [-0.3, 0.8]], [[0.7, -0.4], [0.1, 1.1]]]])
    driving_points = torch.tensor([[[-0.1, 0.3], [0.5, 0.2]]])
    driving_jacobians = torch.tensor([[[[0.9, -0.6], [0.2, 1.3]], [[1.4, 0.3], [0.6, 0.9]]]])
    with torch.no_grad():
        source = model.encode_source(faces(1), points)
        source = source._replace(keypoints=Keypoints(points, jacobians))
        motion = model.motion(source, Keypoints(driving_points, driving_jacobians))
    # FOMM, equation 4: what is at z came from p_source + J_source J_driving^-1 (z - p_driving).
    linear = jacobians[0, point] @ torch.linalg.inv(driving_jacobians[0, point])
    for row, column in ((0, 0), (1, 6), (5, 2)):
        z = torch.tensor([column + 0.5, row + 0.5]) / 4 - 1
        came_from = points[0, point] + linear @ (z - driving_points[0, point])
        found = motion.displacement[0, :, row, column]
        torch.testing.assert_close(found, came_from - z, atol=1e-5, rtol=0)


@pytest.mark.parametrize("skips", [False, True])
def test_identical_points_give_no_motion(skips: bool):
    model = tiny(prior="awp", skips=skips)
    with torch.no_grad():
        source = model.encode_source(faces(1), some_points(1))
        still = model.animate(source, source.keypoints)
        assert still.motion.displacement.abs().max() < 1e-6
        driving = Keypoints(source.keypoints.points + 0.1, source.keypoints.jacobians)
        moved = model.animate(source, driving)
        # All points go by 0.1; what follows the background rests.
        share = 1 - moved.motion.masks[:, 0]
        torch.testing.assert_close(moved.motion.displacement[:, 0], -0.1 * share)
        assert share.mean() > 0.5


def test_with_skips_an_occlusion_of_one_gives_the_picture_itself():
    model = tiny(prior="awp", skips=True)
    torch.nn.init.constant_(model.dense_motion.occlusion_head.bias, 50.0)
    with torch.no_grad():
        source = model.encode_source(faces(1), some_points(1))
        same = model.animate(source, source.keypoints)
    torch.testing.assert_close(same.images, faces(1), atol=1e-4, rtol=0)


def test_frames_of_one_source_are_what_each_gives_alone():
    model = tiny()
    with torch.no_grad():
        source = model.encode_source(faces(1))
        driving = model.detect(faces(3))
        together = model.animate(source, driving).images
        again = model(faces(1).expand(3, -1, -1, -1), faces(3)).images
    assert together.shape == (3, 3, 32, 32)
    torch.testing.assert_close(together, again, atol=1e-5, rtol=0)


def test_found_points_follow_a_known_affine():
    linear, shift = torch.tensor([[1.2, 0.1], [-0.2, 0.9]]), torch.tensor([0.05, -0.1])
    points = torch.tensor([[[0.1, 0.2], [-0.2, 0.0]]])
    covariance = 0.01 * torch.eye(2).expand(1, 2, 2, 2)
    moved, spread = points @ linear.T + shift, linear @ covariance @ linear.T
    before = heatmaps(gaussian_maps(points, 64, 64, covariance).log().clamp(-80), 1.0)
    after = heatmaps(gaussian_maps(moved, 64, 64, spread).log().clamp(-80), 1.0)
    torch.testing.assert_close(centres(before), points, atol=1e-4, rtol=0)
    torch.testing.assert_close(
        centres(after), centres(before) @ linear.T + shift, atol=1e-4, rtol=0
    )


def test_relative_driving_adds_the_change():
    generator = torch.Generator().manual_seed(0)
    near_eye = torch.eye(2) + 0.1 * torch.randn(3, 1, 4, 2, 2, generator=generator)
    portrait, first, later = (
        Keypoints(torch.randn(1, 4, 2, generator=generator), jacobians) for jacobians in near_eye
    )
    same = relative(portrait, first, first)
    torch.testing.assert_close(same.points, portrait.points)
    torch.testing.assert_close(same.jacobians, portrait.jacobians)
    moved = relative(portrait, later, first, 0.5)
    torch.testing.assert_close(moved.points, portrait.points + 0.5 * (later.points - first.points))
    torch.testing.assert_close(
        moved.jacobians @ portrait.jacobians.inverse(), later.jacobians @ first.jacobians.inverse()
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"prior": "both"}, "none, ewp or awp"),
        ({"image_px": 40}, "multiple of 16"),
        ({"points": 0}, "at least 1 point"),
        ({"motion_width": 0}, "motion_width"),
        ({"temperature": 0.0}, "temperature"),
        ({"variance": 0.0}, "variance"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(wrong: dict[str, object], says: str):
    with pytest.raises(UsageError, match=says):
        FommConfig(**(TINY | wrong))  # type: ignore[arg-type]


def test_both_published_sizes_of_pictures_are_possible():
    assert FommConfig(image_px=128).image_px == 128
    assert FommConfig(prior="ewp").point_count == 18
    assert FommConfig().point_count == 10
