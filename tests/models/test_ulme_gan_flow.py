from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mien.errors import UsageError
from mien.models.ulme_gan import Generator, GeneratorConfig
from mien.models.ulme_gan_flow import EdgeHead, FlowGenerator, build_generator, moved_by

TINY = GeneratorConfig(
    image_px=16,
    width=4,
    blocks=1,
    aus=("AU4L", "AU4R", "AU12"),
    conditioning="relative",
    skips=True,
    flow=True,
    square_cm=16.5,
    square_down_cm=1.15,
)


def test_the_config_says_which_generator_it_is() -> None:
    assert type(build_generator(TINY)) is FlowGenerator
    assert type(build_generator(GeneratorConfig(image_px=16, width=4, blocks=1))) is Generator


@pytest.mark.parametrize(
    "wrong",
    [
        {"skips": False},
        {"conditioning": "absolute"},
        {"square_down_cm": 21.0},
        {"flow": False, "edges": True},
    ],
)
def test_wrong_configs_are_refused(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"flow": True, "skips": True, "conditioning": "relative"}
    with pytest.raises(UsageError, match="expected"):
        GeneratorConfig(**(fields | wrong))  # type: ignore[arg-type]


def test_a_flow_takes_pixels_from_where_it_points() -> None:
    image = torch.rand(1, 3, 8, 8) * 2 - 1
    flow = torch.zeros(1, 2, 8, 8)
    assert torch.allclose(moved_by(image, flow), image, atol=1e-6)
    flow[:, 0], flow[:, 1] = 2, -1  # two to the right, one up
    moved = moved_by(image, flow)
    assert torch.allclose(moved[..., 1:, :6], image[..., :7, 2:], atol=1e-5)


def test_the_output_mixes_the_moved_picture_and_the_colours() -> None:
    torch.manual_seed(0)
    made = build_generator(TINY)(torch.rand(2, 3, 16, 16) * 2 - 1, torch.rand(2, 3))
    assert made.flow is not None and made.warped is not None
    assert made.flow.shape == (2, 2, 16, 16) and made.flow.abs().max() > 0
    mixed = made.attention * made.warped + (1 - made.attention) * made.colour
    assert torch.equal(made.images, mixed)


def test_a_new_head_for_edges_adds_nothing_and_learns_only_with_aus() -> None:
    torch.manual_seed(0)
    plain = build_generator(TINY)
    edged = build_generator(replace(TINY, edges=True))
    missing = edged.load_state_dict(plain.state_dict(), strict=False).missing_keys
    assert missing and all(name.startswith("edge_head.") for name in missing)
    image, aus = torch.rand(1, 3, 16, 16), torch.rand(1, 3)
    assert torch.equal(edged(image, aus).images, plain(image, aus).images)
    head = edged.edge_head
    assert isinstance(head, EdgeHead)
    torch.nn.init.normal_(head.last.weight)
    assert not torch.equal(edged(image, aus).flow, plain(image, aus).flow)  # type: ignore[arg-type]
    assert not edged(image, torch.zeros(1, 3)).flow.any()  # type: ignore[union-attr]


def test_without_a_change_asked_for_nothing_moves() -> None:
    image = torch.rand(1, 3, 16, 16) * 2 - 1
    made = build_generator(TINY)(image, torch.zeros(1, 3))
    assert made.flow is not None and made.warped is not None
    assert not made.flow.any()
    assert torch.allclose(made.warped, image, atol=1e-6)


def test_a_picture_seen_once_serves_many_rows() -> None:
    generator, image, aus = build_generator(TINY), torch.rand(1, 3, 16, 16), torch.rand(5, 3)
    seen = generator.forward_seen(image, generator.look_at(image), aus)
    whole = generator(image.expand(5, -1, -1, -1), aus)
    for one, other in zip(seen, whole, strict=True):
        assert one is not None and other is not None
        assert torch.allclose(one, other, atol=1e-5)


def test_the_trunk_sees_the_aus() -> None:
    """Instance norm would remove AU planes beside the picture; here the painted colours depend on the AUs."""
    generator, image = build_generator(TINY), torch.rand(1, 3, 16, 16)
    one, other = (generator(image, torch.eye(3)[None, k]).colour for k in (0, 2))
    assert (one - other).abs().max() > 1e-3
