"""ULME-GAN's generator with a third head, which moves the picture's pixels before the generator paints.

The published generator repaints whatever changes. A lip that moves is painted at its new place, while the picture's
texture stays at the old one: a double exposure. Here the output is ``attention * moved + (1 - attention) * colour``,
where ``moved`` is the input moved by a dense flow that the network finds. Only what motion cannot explain has to be
painted, such as the inside of an opening mouth. The network finds the colours as differences from ``moved``, so painted
shading need not repeat the skin's texture.

The action units are not given as planes beside the picture, because instance norm removes a constant plane except at
the picture's border. Instead they scale and shift the trunk's normalised features, and scale the features from which
flow and paint are made. Beside the picture the network gets each pixel's coordinates, because the parts of all faces
lie at about the same places in their square.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mien.models.ulme_gan import (
    STEM_KERNEL,
    Generated,
    Generator,
    GeneratorConfig,
    Images,
    ResidualBlock,
)
from mien.models.warping import identity_grid

Flow = Float[Tensor, "batch 2 height width"]
"""Backward motion (x, y) in pixels: the result's pixel q is the input's at ``q + flow[q]``."""


class ConditionedBlock(ResidualBlock):
    """Residual block whose first normalised features are scaled and shifted by the AUs."""

    def __init__(self, channels: int, aus: int) -> None:
        super().__init__(channels)
        self.scale = nn.Linear(aus, channels, bias=False)
        self.shift = nn.Linear(aus, channels, bias=False)

    def forward_with(self, x: Tensor, aus: Float[Tensor, "batch aus"]) -> Tensor:
        """Map (B, C, H, W) to the same shape; with ``aus`` of 0 the result is that of `ResidualBlock`."""
        first, norm, activation, second, last = self.body
        scale, shift = (each(aus)[:, :, None, None] for each in (self.scale, self.shift))
        changed: Tensor = x + last(second(activation(norm(first(x)) * (1 + scale) + shift)))
        return changed


class GatedHead(nn.Module):
    """Map features (B, C, H, W) and AUs to maps that are 0 without AUs and grow with the AUs."""

    def __init__(self, channels: int, aus: int, maps: int) -> None:
        super().__init__()
        self.gain = nn.Linear(aus, channels, bias=False)
        self.convolution = nn.Conv2d(channels, maps, 3, padding=1, bias=False)

    def forward(self, features: Tensor, aus: Float[Tensor, "batch aus"]) -> Tensor:
        """Return the maps (B, M, H, W)."""
        gain = self.gain(aus.to(features.dtype))[:, :, None, None]
        maps: Tensor = self.convolution(features * gain)
        return maps


class EdgeHead(nn.Module):
    """Correct the flow where it must end at a sharp edge, such as the rim of a closing lid.

    The head takes the flow and the gated features through hidden layers. A product of features and gains alone would
    fade out over the edge. It has no biases, so its maps are 0 without AUs. A new head adds nothing.
    """

    def __init__(self, channels: int, aus: int) -> None:
        super().__init__()
        self.gain = nn.Linear(aus, channels, bias=False)
        self.hidden = nn.Sequential(
            nn.Conv2d(channels + 2, channels, 3, padding=1, bias=False),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.ReLU(inplace=True),
        )
        self.last = nn.Conv2d(channels, 2, 3, padding=1, bias=False)
        nn.init.zeros_(self.last.weight)

    def forward(self, features: Tensor, flow: Flow, aus: Float[Tensor, "batch aus"]) -> Flow:
        """Return the flow (B, 2, H, W) to add, in pixels."""
        gain = self.gain(aus.to(features.dtype))[:, :, None, None]
        added: Tensor = self.last(self.hidden(torch.cat([features * gain, flow], 1)))
        return added


class FlowGenerator(Generator):
    """Change a face by AU intensities: move its pixels, then paint what motion does not explain.

    If the AUs do not change, the flow is exactly 0, whatever the weights.

    Args:
        config: A config with ``flow`` set.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__(config)
        width = config.width
        self.stem = nn.Conv2d(5, width, STEM_KERNEL, padding=STEM_KERNEL // 2)
        self.coarse_flow_head = GatedHead(4 * width, len(config.aus), 2)
        self.fine_flow_head = GatedHead(width, len(config.aus), 2)
        self.edge_head = EdgeHead(width, len(config.aus)) if config.edges else None
        self.paint_head = GatedHead(width, len(config.aus), 4)

    def forward(self, images: Images, aus: Float[Tensor, "batch aus"]) -> Generated:
        """Generate pictures with changed AU intensities; see `Generator.forward`."""
        return self._finish(self.look_at(images), images, aus)

    def look_at(
        self, image: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """Apply the first convolution to pictures, once for all AUs; see `forward_seen`."""
        places = identity_grid(image.shape[2], image.shape[3], image).movedim(-1, 0)
        seen: Tensor = self.stem(torch.cat([image, places.expand(len(image), -1, -1, -1)], 1))
        return seen

    def forward_seen(
        self,
        image: Float[Tensor, "1 3 height width"],
        seen: Float[Tensor, "1 channels height width"],
        aus: Float[Tensor, "batch aus"],
    ) -> Generated:
        """Generate many versions of one picture; see `Generator.forward_seen`."""
        return self._finish(seen, image, aus)

    def _block(self, channels: int) -> ResidualBlock:
        return ConditionedBlock(channels, len(self.config.aus))

    def _trunk(self, features: Tensor, aus: Tensor) -> Tensor:
        features = features.expand(len(aus), -1, -1, -1)
        for block in self.blocks:
            assert isinstance(block, ConditionedBlock)
            features = block.forward_with(features, aus)
        return features

    def _mix(self, features: Tensor, trunk: Tensor, images: Tensor, aus: Tensor) -> Generated:
        paint = self.paint_head(features, aus)
        attention = torch.sigmoid(self.attention_head(features) - paint[:, :1])
        coarse = self.coarse_flow_head(trunk, aus)
        size = list(features.shape[2:])
        flow = functional.interpolate(coarse, size, mode="bilinear", align_corners=False)
        flow = flow + self.fine_flow_head(features, aus)
        if self.edge_head is not None:
            flow = flow + self.edge_head(features, flow, aus)
        moved = moved_by(images.expand(len(flow), -1, -1, -1), flow)
        # A change of 2 leads from black to white.
        change = 2 * torch.tanh(self.colour_head(features) + paint[:, 1:])
        colour = (moved + change).clamp(-1, 1)
        images = attention * moved + (1 - attention) * colour
        return Generated(images, colour, attention, flow, moved)


def moved_by(images: Images, flow: Flow) -> Images:
    """Move pictures by a backward flow, with bicubic sampling; beyond the edge, the edge's pixels are repeated."""
    height, width = images.shape[2:]
    away = flow.movedim(1, -1) * flow.new_tensor([2 / width, 2 / height])
    place = identity_grid(height, width, flow) + away
    moved = functional.grid_sample(
        images, place, mode="bicubic", padding_mode="border", align_corners=False
    )
    return moved.clamp(-1, 1)


def build_generator(config: GeneratorConfig) -> Generator:
    """Build the generator that a config describes, with random initial weights."""
    return FlowGenerator(config) if config.flow else Generator(config)
