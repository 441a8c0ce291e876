"""First weights of a generator's attention."""

from __future__ import annotations

import torch
from torch import Tensor

from mien.models.ulme_gan import Generator


@torch.no_grad()
def begin_keeping(generator: Generator, logit: float) -> None:
    """Shift the attention head of a new generator so that its mean logit is near a value.

    The head has no bias. Its input is never below 0, so adding the same amount to all its weights shifts
    the logit. The amount is computed from the generator's features for noise.

    Args:
        generator: The generator, changed in place.
        logit: The mean logit wanted; higher keeps more of each pixel.
    """
    size, aus = generator.config.image_px, len(generator.config.aus)
    seen: list[Tensor] = []
    hook = generator.attention_head.register_forward_pre_hook(lambda _, x: seen.append(x[0]))
    generator(torch.rand(2, 3, size, size) * 2 - 1, torch.zeros(2, aus))
    hook.remove()
    weight = generator.attention_head.weight
    weight += logit / (seen[0].mean().clamp(min=1e-3) * weight[0].numel())
