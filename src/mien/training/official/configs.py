"""Read the config of an official network from the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mien.errors import WeightsError
from mien.models.fomm import FommConfig
from mien.models.motion_config import PUBLISHED_POINTS, PUBLISHED_PRIOR_POINTS
from mien.models.mraa import MraaConfig
from mien.models.names import FOMM
from mien.models.ulme_gan import PAPER_AUS, GeneratorConfig
from mien.training.official.names import Official

if TYPE_CHECKING:
    from torch import Tensor


class Shapes:
    """The shapes of a checkpoint's tensors.

    Args:
        tensors: The tensors by their official names.
        name: Name of the official network, for messages.
    """

    def __init__(self, tensors: Mapping[str, Tensor], name: str) -> None:
        self._tensors, self._name = tensors, name

    def size(self, tensor: str, axis: int = 0) -> int:
        """Return the length of a tensor's axis.

        Raises:
            WeightsError: There is no such tensor, or it does not have four axes.
        """
        if tensor not in self._tensors:
            raise WeightsError(f"expected a checkpoint of {self._name}, got one without {tensor}")
        shape = tuple(self._tensors[tensor].shape)
        if len(shape) != 4:
            raise WeightsError(
                f"expected a checkpoint of {self._name}, got one whose {tensor} has the shape {shape}"
            )
        return shape[axis]

    def count(self, start: str, end: str) -> int:
        """Return the number of tensors ``start + NUMBER + end``, counted from 0 to the first gap."""
        number = 0
        while f"{start}{number}{end}" in self._tensors:
            number += 1
        return number

    def widths(self, start: str) -> list[int]:
        """Return the output channels of the convolutions ``start + NUMBER + .conv.weight``."""
        names = (f"{start}{i}.conv.weight" for i in range(self.count(start, ".conv.weight")))
        return [self.size(name) for name in names]


def ulme_gan_config(
    tensors: Mapping[str, Tensor], official: Official, image_px: int, square_cm: float
) -> GeneratorConfig:
    """Return the config of ULME-GAN's generator.

    Raises:
        WeightsError: A tensor from which the config is read is missing.
    """
    shapes = Shapes(tensors, official.name)
    blocks = sum(
        f"model.{number}.conv_block.0.weight" in tensors for number in range(9, len(tensors) + 9)
    )
    return GeneratorConfig(
        image_px=image_px,
        aus=PAPER_AUS,
        width=shapes.size("model.0.weight"),
        blocks=max(1, blocks),
        square_cm=square_cm,
    )


def motion_config(
    tensors: Mapping[str, Tensor],
    official: Official,
    image_px: int,
    square_cm: float,
    conventions: str,
) -> FommConfig | MraaConfig:
    """Return the config of FOMM or MRAA.

    Raises:
        WeightsError: A tensor from which the config is read is missing.
    """
    shapes = Shapes(tensors, official.name)
    fomm = official.architecture == FOMM
    motion = f"generator.{'dense_motion_network' if fomm else 'pixelwise_flow_predictor'}"
    detector = f"{'kp_detector' if fomm else 'region_predictor'}.predictor"
    mask = f"{motion}.mask.weight"
    encoder = f"{motion}.hourglass.encoder.down_blocks."
    blocks = shapes.count(encoder, ".conv.weight")
    narrowest = f"decoder.up_blocks.{max(0, blocks - 1)}.conv.weight"
    inner = [
        *shapes.widths(encoder),
        *shapes.widths(f"{detector}.encoder.down_blocks."),
        *shapes.widths("bg_predictor.encoder.down_blocks."),
    ]
    downs = shapes.widths("generator.down_blocks.")
    points = shapes.size(mask) - 1
    published = PUBLISHED_POINTS if official.prior == "none" else PUBLISHED_PRIOR_POINTS
    common = {
        "image_px": image_px,
        "points": None if points == published else points,
        "detector_width": shapes.size(f"{detector}.{narrowest}"),
        "motion_width": shapes.size(f"{motion}.hourglass.{narrowest}"),
        "max_width": max(inner, default=1),
        "hourglass_blocks": max(1, blocks),
        "generator_width": shapes.size("generator.first.conv.weight"),
        "generator_max_width": max(downs, default=1),
        "generator_downs": max(1, len(downs)),
        "generator_blocks": max(1, shapes.count("generator.bottleneck.r", ".conv1.weight")),
        "mask_kernel": shapes.size(mask, 2),
        "prior": official.prior,
        "conventions": conventions,
        "square_cm": square_cm,
    }
    if fomm:
        return FommConfig(**common)  # type: ignore[arg-type]
    background = any(name.startswith("bg_predictor.") for name in tensors)
    if background:
        # The first block of the encoder already doubles the width.
        common["background_width"] = (
            shapes.size("bg_predictor.encoder.down_blocks.0.conv.weight") // 2
        )
    return MraaConfig(**common, background=background, root="svd")  # type: ignore[arg-type]
