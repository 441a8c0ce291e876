from __future__ import annotations

import pytest
import torch

from mien.errors import UsageError
from mien.models.patch_discriminator import PatchDiscriminator, PatchDiscriminatorConfig

TINY = {"image_px": 32, "width": 2, "max_width": 8, "blocks": 2}


def test_each_scale_says_patches_and_features():
    critic = PatchDiscriminator(PatchDiscriminatorConfig(**TINY, factors=(1, 2)))  # type: ignore[arg-type]
    large, small = critic(torch.rand(2, 3, 32, 32))
    assert [tuple(f.shape) for f in large.features] == [(2, 4, 14, 14), (2, 8, 11, 11)]
    assert large.realness.shape == (2, 1, 11, 11)
    assert small.realness.shape == (2, 1, 3, 3)


def test_what_is_below_zero_leaks_by_a_fifth():
    critic = PatchDiscriminator(PatchDiscriminatorConfig(**TINY))  # type: ignore[arg-type]
    (scale,) = critic.scales
    with torch.no_grad():
        for parameter in scale.convs.parameters():
            parameter.zero_()
        scale.convs[0].bias[:2] = torch.tensor([-1.0, 3.0])
        # Of the second block's constant maps the norm leaves its own shift.
        scale.norms[0].bias[:2] = torch.tensor([-2.0, 5.0])
        (judged,) = critic(torch.rand(1, 3, 32, 32))
    first, second = (maps[0, :2, 0, 0] for maps in judged.features)
    torch.testing.assert_close(first, torch.tensor([-0.2, 3.0]))
    torch.testing.assert_close(second, torch.tensor([-0.4, 5.0]))


def test_points_are_seen():
    critic = PatchDiscriminator(PatchDiscriminatorConfig(**TINY, points=1))  # type: ignore[arg-type]
    faces = torch.zeros(1, 3, 32, 32)
    here, there = (critic(faces, torch.full((1, 1, 2), x))[0].realness for x in (-0.5, 0.5))
    assert (here - there).abs().max() > 1e-4
    with pytest.raises(UsageError, match="1 points"):
        critic(faces)


def test_the_published_size():
    with torch.device("meta"):
        critic = PatchDiscriminator()
    widths = [c.out_channels for c in critic.scales[0].convs]
    assert widths == [64, 128, 256, 512]


@pytest.mark.parametrize(
    "wrong", [{"factors": (3,)}, {"factors": ()}, {"image_px": 8}, {"blocks": 0}]
)
def test_a_shape_that_cannot_be_is_refused(wrong: dict[str, object]):
    with pytest.raises(UsageError):
        PatchDiscriminatorConfig(**(TINY | wrong))  # type: ignore[arg-type]
