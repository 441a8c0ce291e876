"""Compute the losses of one step of motion transfer, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.dense_motion import Motion
from mien.models.fomm import Fomm, Keypoints, turned
from mien.models.mraa import Mraa
from mien.models.patch_discriminator import PatchDiscriminator
from mien.models.regions import Regions, transport, turned_regions
from mien.models.warping import Displacement, Matrices, Points, compose, inverse_2x2
from mien.training.core.losses import Losses, with_total
from mien.training.motion import losses
from mien.training.motion.batches import MotionBatch
from mien.training.motion.recipe import DRAWN_WEIGHT, MotionRecipe
from mien.training.motion.spline import Deformation

Features: TypeAlias = Callable[[Tensor], Sequence[Tensor]]
"""A fixed network whose features tell how similar pictures look."""

Found: TypeAlias = Keypoints | Regions
"""What FOMM or MRAA finds in a picture."""


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
    """Compute the losses of FOMM or MRAA and their total.

    Args:
        recipe: The recipe.
        net: FOMM or MRAA.
        batch: Input of the step.
        painted: Whether pictures are made; otherwise only the motion is computed.
        critic: The discriminator, which scores the pictures.
        features: The network of the perceptual loss.
        deformation: Deformation of the driving pictures, for equivariance.

    Returns:
        The losses, and the pictures; None instead of pictures if they are not made.
    """
    weights = recipe.weights
    made = _forward(net, batch, painted)
    terms: Losses = {}
    if weights.has_flow:
        displacement = made.motion.displacement
        true, known = true_motion(batch, *displacement.shape[-2:])
        if weights.flow:
            half_px = recipe.image_px / 2  # normalised coordinates to pixels
            terms["flow"] = half_px * losses.flow_error(displacement, true, known)
        if weights.relative_flow:
            terms["relative_flow"] = losses.relative_flow_error(displacement, true, known)
    if weights.shown:
        assert batch.drawn is not None, "the recipe asks for exact pairs"
        terms["shown"] = losses.shown_error(made.motion.occlusion, batch.drawn)
    if weights.linear and made.linear.requires_grad:
        true = true_linear(batch.displacement, places_of(made.driving).detach())
        terms["linear"] = (made.linear - true).abs().mean()
    if deformation is not None and weights.has_equivariance and recipe.network.needs_driver:
        terms |= equivariance(recipe, net, batch, made.driving, deformation)
    if made.images is not None:
        if weights.pixels:
            error = (made.images - batch.driving).abs()
            if batch.drawn is not None:
                error = error * (1 + (DRAWN_WEIGHT - 1) * batch.drawn)
            terms["pixels"] = error.mean()
        if weights.perceptual:
            assert features is not None, "the trainer loads them"
            terms["perceptual"] = losses.perceptual_pyramid(features, made.images, batch.driving)
        if critic is not None:
            terms |= judged(critic, made.images, batch.driving)
    return with_total(terms, weights), made.images


class _Made(NamedTuple):
    """What a network makes of a batch; ``linear`` maps the driving frame to the source."""

    driving: Found
    linear: Matrices
    motion: Motion
    images: Tensor | None


def _forward(net: Fomm | Mraa, batch: MotionBatch, painted: bool) -> _Made:
    if isinstance(net, Fomm):
        source = net.encode_source(batch.source, batch.source_points, painted=painted)
        keypoints = driving_of(net, source, batch)
        motion = net.motion(source, keypoints)
        linear = compose(source.keypoints.jacobians, inverse_2x2(keypoints.jacobians))
        return _Made(keypoints, linear, motion, net.paint(source, motion) if painted else None)
    origin = net.encode_source(batch.source, batch.source_points, painted=painted)
    regions = driving_of(net, origin, batch)
    behind = None if net.background is None else net.background(batch.source, batch.driving)
    motion = net.motion(origin, regions, behind)
    linear = transport(origin.regions.affine, regions.affine)
    return _Made(regions, linear, motion, net.paint(origin, motion) if painted else None)


def driving_of(net: Fomm | Mraa, source: Any, batch: MotionBatch) -> Any:
    """Return the driving pictures' keypoints or regions: detected, or given by measured maps if the network has them.

    Args:
        net: The network.
        source: The encoded sources.
        batch: Batch with the driving pictures, or with their points and maps.
    """
    if not net.config.measured_maps:
        return net.detect(batch.driving, batch.driving_points)
    points, maps = batch.driving_points, batch.maps
    assert points is not None and maps is not None, "measured maps need a prior"
    points = net.own_points(points)
    if isinstance(net, Fomm):
        return turned(source.keypoints, points, maps)
    return turned_regions(source.regions, points, maps)


def true_motion(
    batch: MotionBatch, height: int, width: int
) -> tuple[Displacement, Float[Tensor, "batch 1 height width"]]:
    """Return a batch's true motion at another size, and the share of each cell for which it is known.

    Args:
        batch: The batch; a motion that has this size already is returned unchanged.
        height: Height of the cells.
        width: Width of the cells.
    """
    true = batch.displacement
    known = torch.ones_like(true[:, :1]) if batch.drawn is None else 1 - batch.drawn
    if true.shape[-2:] == (height, width):
        return true, known
    if true.shape[-1] < width:
        return functional.interpolate(true, (height, width), mode="bilinear"), known.new_ones(
            len(true), 1, height, width
        )
    share = functional.adaptive_avg_pool2d(known, (height, width))
    mean = functional.adaptive_avg_pool2d(known * true, (height, width))
    return mean / share.clamp(min=1e-3), share


def places_of(found: Found) -> Points:
    """Return the positions of keypoints or regions: (B, K, 2) normalised."""
    return found.points if isinstance(found, Keypoints) else found.shift


def linear_of(found: Found) -> Matrices:
    """Return the linear maps of keypoints or regions: (B, K, 2, 2)."""
    return found.jacobians if isinstance(found, Keypoints) else found.affine


def true_linear(displacement: Displacement, points: Points) -> Matrices:
    """Return the linear part, around points, of the map from driving frame to source.

    Args:
        displacement: (B, 2, G, G) the true backward motion.
        points: (B, K, 2) in the driving frame.

    Returns:
        (B, K, 2, 2); row 0 is x, row 1 is y of the mapped point.
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
    slope = at.reshape(len(at), 2, 2, -1).permute(0, 3, 2, 1)
    return slope + torch.eye(2, device=slope.device)


def equivariance(
    recipe: MotionRecipe,
    net: Fomm | Mraa,
    batch: MotionBatch,
    found: Found,
    deformation: Deformation,
) -> Losses:
    """Compute how much keypoints or regions deviate from a known deformation of the driving pictures.

    Args:
        recipe: The recipe.
        net: FOMM or MRAA.
        batch: Input of the step.
        found: What the network found in the driving pictures.
        deformation: Deformation of these pictures.
    """
    images = deformation.images(batch.driving)
    given = batch.driving_points
    points = None if given is None else deformation.inverse_points(given)
    again = net.detect(images, points)
    places = places_of(again)
    terms: Losses = {}
    if recipe.weights.point_equivariance and given is None:
        back = deformation.points(places)
        terms["point_equivariance"] = losses.point_equivariance(places_of(found), back)
    if recipe.weights.linear_equivariance:
        terms["linear_equivariance"] = losses.jacobian_equivariance(
            linear_of(found),
            linear_of(again),
            deformation.jacobians(places),
            signless=isinstance(again, Regions),
        )
    return terms


def judged(critic: PatchDiscriminator, made: Tensor, real: Tensor) -> Losses:
    """Compute the adversarial loss of made pictures, and the distance of the critic's features."""
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
    """Compute the critic's loss, which is returned under the key ``total``."""
    fake, true = critic(made.detach()), critic(real)
    loss = losses.discriminator_lsgan([j.realness for j in true], [j.realness for j in fake])
    return {"total": loss}
