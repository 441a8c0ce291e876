"""ULME-GAN's networks: a generator conditioned on action units (AUs), and its discriminator.

After Zhou et al., "ULME-GAN: a generative adversarial network for micro-expression sequence
generation", Applied Intelligence (2024): GANimation's generator of attention and colour with instance
norm, and a discriminator that also regresses AU intensities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mien.au.catalog import OPENFACE_AUS, canonical_name
from mien.errors import UsageError
from mien.face.square import SQUARE_CM
from mien.models.config_checks import check_config

PAPER_AUS: tuple[str, ...] = OPENFACE_AUS
"""The 17 AUs that the paper conditions on, without sides: those of OpenFace, in OpenFace's order."""

Conditioning: TypeAlias = Literal["absolute", "relative"]
"""The AU input: the wanted intensities, or their change from the picture's own."""

Images: TypeAlias = Float[Tensor, "batch 3 height width"]
"""RGB in [-1, 1]."""

STEM_KERNEL = 7
"""Side of the first convolution's kernel."""


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """Config of the generator. The defaults are the paper's.

    Attributes:
        image_px: Side of the square picture, a multiple of 4, at least 16.
        aus: Names of the AUs in the order of the input.
        width: Channels of the first convolution; the trunk has four times as many.
        blocks: Number of residual blocks in the trunk.
        conditioning: Whether the AU input is the wanted intensities or their change.
        skips: Whether the decoder also gets the encoder's features of each size, and the picture.
            In the paper's generator everything passes through a map at a quarter of the size; with
            skips the colours become sharp after far fewer training steps.
        square_cm: Side of the square around a face that the generator gets, canonical centimetres.
        square_down_cm: How far the square's middle lies below the face's, towards the chin, canonical centimetres.
        flow: Whether the generator is that of `mien.models.ulme_gan_flow`, which moves pixels before it paints. It
            needs ``skips`` and relative conditioning.
        edges: Whether the flow can end at an edge, such as a lid's; see `mien.models.ulme_gan_flow.EdgeHead`.

    Raises:
        UsageError: A value out of its range, or values that do not fit together.
        UnknownAUError: An AU that is not in the catalogue.
    """

    image_px: int = 128
    aus: tuple[str, ...] = PAPER_AUS
    width: int = 64
    blocks: int = 6
    conditioning: Conditioning = "absolute"
    skips: bool = False
    square_cm: float = SQUARE_CM
    square_down_cm: float = 0.0
    flow: bool = False
    edges: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "aus", tuple(canonical_name(name) for name in self.aus))
        check_config(self)
        if self.image_px < 16 or self.image_px % 4:
            raise UsageError(
                f"expected image_px as a multiple of 4, at least 16, got {self.image_px}"
            )
        if min(self.width, self.blocks) < 1 or not self.aus or len(set(self.aus)) < len(self.aus):
            raise UsageError(
                "expected width and blocks of at least 1 and different AUs, "
                f"got {self.width}, {self.blocks}, {' '.join(self.aus) or 'no AU'}"
            )
        if not 0 < self.square_cm < float("inf") or not abs(self.square_down_cm) < self.square_cm:
            raise UsageError(
                f"expected square_cm above 0 and square_down_cm between -square_cm and square_cm, "
                f"got {self.square_cm} and {self.square_down_cm}"
            )
        if self.conditioning not in ("absolute", "relative"):
            raise UsageError(f"expected conditioning absolute or relative, got {self.conditioning}")
        if self.flow and not (self.skips and self.conditioning == "relative"):
            raise UsageError(
                "expected skips and relative conditioning with flow, "
                f"got skips {self.skips} and {self.conditioning}"
            )
        if self.edges and not self.flow:
            raise UsageError("expected flow with edges, got edges alone")


@dataclass(frozen=True, kw_only=True)
class DiscriminatorConfig:
    """Config of the discriminator. The defaults are the paper's.

    Attributes:
        image_px: Side of the square picture, a multiple of ``2 ** layers``.
        aus: Names of the AUs that it regresses.
        width: Channels of the first convolution; they double from layer to layer.
        layers: Number of convolutions with stride 2.

    Raises:
        UsageError: A value out of its range.
        UnknownAUError: An AU that is not in the catalogue.
    """

    image_px: int = 128
    aus: tuple[str, ...] = PAPER_AUS
    width: int = 64
    layers: int = 6

    def __post_init__(self) -> None:
        object.__setattr__(self, "aus", tuple(canonical_name(name) for name in self.aus))
        check_config(self)
        if min(self.width, self.layers) < 1 or not self.aus:
            raise UsageError("expected a width and layers of at least 1, and AUs")
        if self.image_px < 1 or self.image_px % 2**self.layers:
            raise UsageError(
                f"expected image_px as a multiple of {2**self.layers} "
                f"for {self.layers} layers, got {self.image_px}"
            )


class Generated(NamedTuple):
    """The generator's output.

    Attributes:
        images: (B, 3, H, W) RGB in [-1, 1]: ``attention * input + (1 - attention) * colour``. With flow, ``warped``
            takes the place of the input.
        colour: (B, 3, H, W) painted RGB in [-1, 1].
        attention: (B, 1, H, W) in [0, 1]; where it is 1, nothing is painted.
        flow: (B, 2, H, W) backward motion (x, y) in pixels: pixel q of ``warped`` is the input's at ``q + flow[q]``.
            None for a generator without flow.
        warped: (B, 3, H, W) the input moved by ``flow``; None for a generator without flow.
    """

    images: Images
    colour: Images
    attention: Float[Tensor, "batch 1 height width"]
    flow: Float[Tensor, "batch 2 height width"] | None = None
    warped: Images | None = None


class Judged(NamedTuple):
    """The discriminator's output.

    Attributes:
        realness: (B, 1, h, w) unbounded score of each patch.
        aus: (B, A) intensity / 5, in the order of the config's ``aus``.
    """

    realness: Float[Tensor, "batch 1 h w"]
    aus: Float[Tensor, "batch aus"]


class ResidualBlock(nn.Module):
    """Residual block: two 3x3 convolutions with instance norm, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.InstanceNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C, H, W) to the same shape."""
        changed: Tensor = x + self.body(x)
        return changed


def _activated(channels: int, *convolution: nn.Module) -> nn.Sequential:
    return nn.Sequential(*convolution, nn.InstanceNorm2d(channels), nn.ReLU(inplace=True))


class Generator(nn.Module):
    """Change a face by AU intensities."""

    def __init__(self, config: GeneratorConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or GeneratorConfig()
        width = config.width
        self.stem = nn.Conv2d(3 + len(config.aus), width, STEM_KERNEL, padding=STEM_KERNEL // 2)
        self.encoder = nn.ModuleList(
            [
                _activated(width),
                _activated(2 * width, nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
                _activated(4 * width, nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1)),
            ]
        )
        self.blocks = nn.Sequential(*(self._block(4 * width) for _ in range(config.blocks)))
        self.decoder = nn.ModuleList(
            _activated(c // 2, nn.ConvTranspose2d(c, c // 2, 4, stride=2, padding=1))
            for c in (4 * width, 2 * width)
        )
        # Without instance norm, which would remove the picture's own brightness.
        self.merges = nn.ModuleList(
            nn.Sequential(nn.Conv2d(c + beside, c, 3, padding=1), nn.ReLU(inplace=True))
            for c, beside in ((2 * width, 2 * width), (width, width + 3))
            if config.skips
        )
        self.colour_head = nn.Conv2d(width, 3, 7, padding=3, bias=False)
        self.attention_head = nn.Conv2d(width, 1, 7, padding=3, bias=False)

    def _block(self, channels: int) -> ResidualBlock:
        """Build a block of the trunk; a subclass may build another kind."""
        return ResidualBlock(channels)

    def forward(self, images: Images, aus: Float[Tensor, "batch aus"]) -> Generated:
        """Generate pictures with other AU intensities.

        Args:
            images: (B, 3, H, W) RGB in [-1, 1], H and W the config's ``image_px``.
            aus: (B, A) intensity / 5, in the order of the config's ``aus``: the wanted intensities with absolute
                conditioning, their change from the picture's own with relative conditioning.
        """
        planes = aus[:, :, None, None].expand(-1, -1, *images.shape[2:])
        stem = self.stem(torch.cat([images, planes.to(images.dtype)], 1))
        return self._finish(stem, images, aus)

    def look_at(
        self, image: Float[Tensor, "1 3 height width"]
    ) -> Float[Tensor, "1 channels height width"]:
        """Apply the first convolution to a picture, once for all AUs; see `forward_seen`."""
        kernel, bias = self.stem.weight[:, :3], self.stem.bias
        return functional.conv2d(image, kernel, bias, padding=STEM_KERNEL // 2)

    def forward_seen(
        self,
        image: Float[Tensor, "1 3 height width"],
        seen: Float[Tensor, "1 channels height width"],
        aus: Float[Tensor, "batch aus"],
    ) -> Generated:
        """Generate many versions of one picture, one for each row of AUs: the result of `forward` at lower cost.

        The AU planes are constant, so away from the border their convolution has one value per channel, and near it
        only a few. All these values are computed on planes of 7x7 pixels and then spread over the picture.

        Args:
            image: (1, 3, H, W) RGB in [-1, 1].
            seen: Its features from `look_at`.
            aus: (B, A) as for `forward`.
        """
        reach = STEM_KERNEL // 2
        planes = aus[:, :, None, None].expand(-1, -1, STEM_KERNEL, STEM_KERNEL)
        small = functional.conv2d(planes, self.stem.weight[:, 3:], padding=reach)
        rows, columns = (
            torch.arange(size, device=aus.device).clamp(max=reach)
            + (torch.arange(size, device=aus.device) - (size - 1 - reach)).clamp(min=0)
            for size in image.shape[2:]
        )
        return self._finish(seen + small[:, :, rows][:, :, :, columns], image, aus)

    def _trunk(self, features: Tensor, aus: Tensor) -> Tensor:
        """Apply the blocks to the encoder's last features. Here ``aus`` is not used: the features contain the AUs."""
        made: Tensor = self.blocks(features)
        return made

    def _finish(self, stem: Tensor, images: Tensor, aus: Tensor) -> Generated:
        seen = [stem]
        for layer in self.encoder:
            seen.append(layer(seen[-1]))
        features = trunk = self._trunk(seen[3], aus)
        for index, layer in enumerate(self.decoder):
            features = layer(features)
            if self.config.skips:
                beside = seen[2 - index]
                parts = [features, beside.expand(len(features), -1, -1, -1)]
                if index == 1:
                    parts.append(images.to(features.dtype).expand(len(features), -1, -1, -1))
                features = self.merges[index](torch.cat(parts, 1))
        # bfloat16 is too coarse for attention near 1 and for changes below one grey level.
        with torch.autocast(features.device.type, enabled=False):
            kind = self.colour_head.weight.dtype
            return self._mix(features.to(kind), trunk.to(kind), images, aus)

    def _mix(self, features: Tensor, trunk: Tensor, images: Tensor, aus: Tensor) -> Generated:
        """Apply the heads to the decoder's features (B, C, H, W), and mix. Here ``trunk`` and ``aus`` are not used."""
        colour = torch.tanh(self.colour_head(features))
        attention = torch.sigmoid(self.attention_head(features))
        return Generated(attention * images + (1 - attention) * colour, colour, attention)


class Discriminator(nn.Module):
    """Score how real each patch of a face looks, and regress the face's AUs."""

    def __init__(self, config: DiscriminatorConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or DiscriminatorConfig()
        layers: list[nn.Module] = []
        channels = 3
        for layer in range(config.layers):
            wider = config.width * 2**layer
            layers += [nn.Conv2d(channels, wider, 4, stride=2, padding=1), nn.LeakyReLU(0.01)]
            channels = wider
        self.trunk = nn.Sequential(*layers)
        self.realness_head = nn.Conv2d(channels, 1, 3, padding=1, bias=False)
        side = config.image_px // 2**config.layers
        self.au_head = nn.Conv2d(channels, len(config.aus), side, bias=False)

    def forward(self, images: Images) -> Judged:
        """Judge (B, 3, H, W) pictures in [-1, 1] of the config's ``image_px``."""
        features = self.trunk(images)
        return Judged(self.realness_head(features), self.au_head(features).flatten(1))
