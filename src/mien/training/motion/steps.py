"""One step of motion transfer: a batch to its losses by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from mien.models.fomm import Fomm, Keypoints
from mien.models.mraa import Mraa
from mien.models.patch_discriminator import PatchDiscriminator
from mien.models.regions import transport
from mien.models.warping import Matrices, Points, compose, inverse_2x2
from mien.training.motion import losses
from mien.training.motion.batches import MotionBatch
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.spline import Deformation

Features: TypeAlias = Callable[[Tensor], Sequence[Tensor]]
"""A fixed network whose features say how alike pictures look."""

Losses: TypeAlias = dict[str, Tensor]
"""Unweighted losses by name, and ``total``, which is what is lowered."""


def motion_losses(
    recipe: MotionRecipe,
    net: Fomm | Mraa,
    batch: MotionBatch,
    *,
    painted: bool,
    critic: PatchDiscriminator | None = None,
    features: Features | None = None,
    deformation: Deformation | None = None,
) -> tuple[Losses, Tensor | None]:
    """Compute what the network is to lower.

    Args:
        recipe: The run's.
        net: FOMM or MRAA.
        batch: What is looked at.
        painted: Whether pictures are made; without, only the motion is.
        critic: Judges them.
        features: For the perceptual loss.
        deformation: Of the driving pictures, for equivariance.

    Returns:
        The losses, and the pictures.
    """
    weights = recipe.weights
    source: Any = net.encode_source(batch.source, batch.source_points, painted=painted)
    driving: Any = net.detect(batch.driving, batch.driving_points)
    if isinstance(net, Mraa):
        behind = None if net.background is None else net.background(batch.source, batch.driving)
        motion = net.motion(source, driving, behind)
        linear = transport(source.regions.affine, driving.affine)
    else:
        motion = net.motion(source, driving)
        linear = compose(source.keypoints.jacobians, inverse_2x2(driving.jacobians))
    images = net.paint(source, motion) if painted else None
    terms: Losses = {}
    if weights.flow:
        known = torch.ones_like(batch.displacement[:, :1])
        pixels = recipe.network.image_px / 2
        terms["flow"] = pixels * losses.flow_error(motion.displacement, batch.displacement, known)
    if weights.linear and linear.requires_grad:
        places = driving.points if isinstance(driving, Keypoints) else driving.shift
        true = true_linear(batch.displacement, places.detach())
        terms["linear"] = (linear - true).abs().mean()
    if weights.linear_equivariance or weights.point_equivariance:
        terms |= equivariance(recipe, net, batch, driving, deformation)
    if images is not None:
        if weights.pixels:
            terms["pixels"] = (images - batch.driving).abs().mean()
        if weights.perceptual:
            assert features is not None, "the trainer reads them"
            terms["perceptual"] = losses.perceptual_pyramid(features, images, batch.driving)
        if critic is not None:
            terms |= judged(critic, images, batch.driving)
    total = torch.stack([getattr(weights, n) * loss for n, loss in terms.items()]).sum()
    return terms | {"total": total}, images


def true_linear(displacement: Tensor, points: Points) -> Matrices:
    """The linear part, around points, of the map from driving frame to source: (B, K, 2, 2).

    Args:
        displacement: (B, 2, G, G) the true backward motion.
        points: (B, K, 2) in the driving frame.
    """
    cells = displacement.shape[-1]
    step = 2 / cells
    around = functional.pad(displacement, (1, 1, 1, 1), mode="replicate")
    by_x = (around[..., 1:-1, 2:] - around[..., 1:-1, :-2]) / (2 * step)
    by_y = (around[..., 2:, 1:-1] - around[..., :-2, 1:-1]) / (2 * step)
    slopes = torch.cat([by_x, by_y], 1)
    at = functional.grid_sample(
        slopes, points[:, :, None], padding_mode="border", align_corners=False
    )[..., 0]
    matrices = at.unflatten(1, (2, 2)).permute(0, 3, 2, 1)  # row: x or y of the motion
    return matrices + torch.eye(2, device=matrices.device)


def equivariance(
    recipe: MotionRecipe,
    net: Fomm | Mraa,
    batch: MotionBatch,
    found: Any,
    deformation: Deformation | None,
) -> Losses:
    """What is found must follow a known deformation; nothing where nothing is found."""
    if deformation is None or not recipe.network.needs_driver:
        return {}
    images = deformation.images(batch.driving)
    given = batch.driving_points
    points = None if given is None else deformation.inverse_points(given)
    again: Any = net.detect(images, points)
    places = again.points if isinstance(again, Keypoints) else again.shift
    terms: Losses = {}
    if recipe.weights.point_equivariance and given is None:
        own = found.points if isinstance(found, Keypoints) else found.shift
        terms["point_equivariance"] = losses.point_equivariance(own, deformation.points(places))
    if recipe.weights.linear_equivariance:
        is_fomm = isinstance(again, Keypoints)
        own, its = (found.jacobians, again.jacobians) if is_fomm else (found.affine, again.affine)
        terms["linear_equivariance"] = losses.jacobian_equivariance(
            own, its, deformation.jacobians(places), signless=not is_fomm
        )
    return terms


def judged(critic: PatchDiscriminator, made: Tensor, real: Tensor) -> Losses:
    """How real the critic finds pictures, and how far its features are from the real ones'."""
    fake = critic(made)
    with torch.no_grad():
        true = critic(real)
    return {
        "adversarial": losses.generator_lsgan([j.realness for j in fake]),
        "features": losses.feature_matching(
            [f for j in true for f in j.features], [f for j in fake for f in j.features]
        ),
    }


def critic_loss(critic: PatchDiscriminator, made: Tensor, real: Tensor) -> Losses:
    """What the critic lowers."""
    fake, true = critic(made.detach()), critic(real)
    loss = losses.discriminator_lsgan([j.realness for j in true], [j.realness for j in fake])
    return {"critic": loss, "total": loss}
