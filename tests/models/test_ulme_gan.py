from __future__ import annotations

import pytest
import torch

from mien.errors import UnknownAUError, UsageError
from mien.models.ulme_gan import (
    PAPER_AUS,
    Discriminator,
    DiscriminatorConfig,
    Generator,
    GeneratorConfig,
)

TINY = GeneratorConfig(image_px=16, width=4, blocks=1, aus=("AU4L", "AU4R", "AU12"))


def count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_parameter_counts_are_the_papers():
    with torch.device("meta"):
        assert count(Generator()) / 1e6 == pytest.approx(8.47, abs=0.005)
        assert count(Discriminator()) / 1e6 == pytest.approx(44.86, abs=0.005)


def test_the_papers_aus_in_their_order():
    numbers = [1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45]
    assert [f"AU{number}" for number in numbers] == list(PAPER_AUS)


def test_generator_shapes_and_ranges():
    made = Generator(TINY)(torch.rand(2, 3, 16, 16) * 2 - 1, torch.rand(2, 3))
    assert made.images.shape == made.colour.shape == (2, 3, 16, 16)
    assert made.attention.shape == (2, 1, 16, 16)
    assert made.colour.abs().max() <= 1
    assert 0 <= made.attention.min() <= made.attention.max() <= 1


def test_what_is_told_changes_what_is_made():
    generator, image = Generator(TINY), torch.rand(1, 3, 16, 16)
    still, moved = (generator(image, aus).images for aus in (torch.zeros(1, 3), torch.eye(3)[:1]))
    assert (still - moved).abs().max() > 1e-4


def test_attention_of_1_keeps_the_picture():
    generator, image = Generator(TINY), torch.rand(2, 3, 16, 16)
    with torch.no_grad():
        generator.attention_head.weight.fill_(100)  # of features that are never below 0
        made = generator(image, torch.rand(2, 3))
    sure = made.attention.expand(-1, 3, -1, -1) == 1
    assert sure.float().mean() > 0.9
    assert torch.equal(made.images[sure], image[sure])


@pytest.mark.parametrize("size", [16, 20])
def test_forward_seen_is_forward(size):
    config = GeneratorConfig(image_px=size, width=4, blocks=1, aus=TINY.aus)
    generator, image, aus = Generator(config), torch.rand(1, 3, size, size), torch.rand(5, 3)
    with torch.no_grad():
        whole = generator(image.expand(5, -1, -1, -1), aus)
        seen = generator.forward_seen(image, generator.look_at(image), aus)
    for plain, quick in zip(whole[:3], seen[:3], strict=True):
        assert (plain - quick).abs().max() < 1e-5


def test_aus_enter_only_at_the_border():
    # Constant planes become constant channels, which instance norm removes; but for the zero border.
    torch.manual_seed(0)
    image, aus = torch.rand(2, 3, 16, 16), torch.tensor([[0.0, 0.2, 0.4], [1.0, 0.0, 0.6]])
    generator = Generator(TINY)
    with torch.no_grad():
        bordered = generator(image[:1].expand(2, -1, -1, -1), aus).colour
        generator.stem.padding_mode = "circular"  # the picture goes on at its border
        generator.stem._reversed_padding_repeated_twice = [3] * 4
        endless = generator(image[:1].expand(2, -1, -1, -1), aus).colour
    assert (endless[0] - endless[1]).abs().max() < 1e-4
    assert (bordered[0] - bordered[1]).abs().max() > 0.05


def test_discriminator_shapes():
    config = DiscriminatorConfig(image_px=16, width=4, layers=2, aus=TINY.aus)
    judged = Discriminator(config)(torch.rand(2, 3, 16, 16))
    assert judged.realness.shape == (2, 1, 4, 4)
    assert judged.aus.shape == (2, 3)


@pytest.mark.parametrize(
    "wrong",
    [{"image_px": 18}, {"image_px": 12}, {"width": 0}, {"aus": ()}, {"aus": ("AU4", "au04")}],
)
def test_generators_that_cannot_be(wrong):
    with pytest.raises(UsageError, match="expected"):
        GeneratorConfig(**wrong)


def test_an_unknown_au():
    with pytest.raises(UnknownAUError, match="AU99"):
        GeneratorConfig(aus=("AU99",))


def test_a_discriminator_whose_layers_do_not_fit():
    with pytest.raises(UsageError, match="multiple of 64"):
        DiscriminatorConfig(image_px=96)
