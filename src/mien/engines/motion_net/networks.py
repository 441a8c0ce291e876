"""Load motion-transfer networks from their weights."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from mien.engines.compute import pick_device, ready, uses_bfloat16
from mien.engines.weights import load_weights, need_torch, read_card
from mien.errors import MienError, UsageError, WeightsError
from mien.models.motion_config import PUBLISHED_PRIOR_POINTS

if TYPE_CHECKING:
    from torch import Tensor

    from mien.models.fomm import Fomm
    from mien.models.mraa import Mraa

PAINTED = 0.1
"""Painted share of a pixel from which on what the network paints is added in full."""

Architecture: TypeAlias = Literal["fomm", "mraa"]
"""Name of a network on its weight card."""


def load_motion_net(
    architecture: Architecture,
    folder: Path,
    device: str | None = None,
    precision: str = "float32",
) -> Fomm | Mraa:
    """Load a network for inference.

    Args:
        architecture: Name of the network.
        folder: Folder of weights that `mien.engines.weights.save_weights` wrote.
        device: Its device; None takes a GPU if there is one.
        precision: Its precision, see `mien.engines.compute.in_precision`.

    Raises:
        WeightsError: There are no weights, or they are another network's, are damaged, or do not fit their card.
        MissingExtraError: PyTorch is not installed.
        UsageError: There is no such device.
    """
    need_torch()
    import torch

    from mien.models.fomm import Fomm, FommConfig
    from mien.models.mraa import Mraa, MraaConfig

    found = load_weights(folder, architecture)
    net: Fomm | Mraa
    try:
        fomm = architecture == "fomm"
        with torch.device("meta"):  # no time is spent on random numbers that are replaced
            net = Fomm(FommConfig(**found.config)) if fomm else Mraa(MraaConfig(**found.config))
        # BatchNorm counters do not affect the output, and may be missing.
        own = net.state_dict()
        learned = {name for name, value in own.items() if value.is_floating_point()}
        counters = {name: torch.zeros((), dtype=own[name].dtype) for name in own.keys() - learned}
        tensors = {n: t for n, t in found.tensors.items() if not n.endswith("num_batches_tracked")}
        if differ := sorted(learned ^ tensors.keys()):
            raise WeightsError(
                f"expected the network's own tensors: {len(differ)} names differ, first {differ[0]}"
            )
        net.load_state_dict(tensors | counters, assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError, MienError) as error:
        reason = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"the weights do not fit their card ({reason}): export them again"
        ) from error
    place = pick_device(device)
    net = ready(net, place)
    return fast(net, bfloat16=uses_bfloat16(place, precision))


def motion_net_for(
    architecture: Architecture,
    folder: Path | None,
    prior: str | None,
    points: int | None,
    device: str | None = None,
    precision: str = "float32",
) -> Fomm | Mraa:
    """Load the network that is asked for.

    Args:
        architecture: Name of the network.
        folder: Folder of its weights; None takes those that come with Mien for the prior and the points.
        prior: The facial prior; None takes the weights' own, and ``awp`` without a folder.
        points: Number of points; None takes the weights' own.
        device: Its device; None takes a GPU if there is one.
        precision: Its precision, see `mien.engines.compute.in_precision`.

    Raises:
        WeightsError: See `load_motion_net` and `motion_weights`.
        MissingExtraError: PyTorch is not installed.
        UsageError: The weights are for another prior or another number of points than asked for.
    """
    net = load_motion_net(
        architecture, motion_weights(architecture, folder, prior, points), device, precision
    )
    own = net.config
    if prior not in (None, own.prior):
        got = f"expected weights for --prior {prior}, got those for {own.prior}"
        raise UsageError(f"{got}: leave --prior out, or give other weights with --weights FOLDER")
    if points not in (None, own.point_count):
        got = f"expected weights for --points {points}, got those for {own.point_count}"
        raise UsageError(f"{got}: leave --points out, or give other weights with --weights FOLDER")
    return net


def fast(net: Fomm | Mraa, *, bfloat16: bool = False) -> Fomm | Mraa:
    """Return a network made faster, for inference only.

    Norms that follow a convolution are folded into it, and tensors are stored in channels-last layout.

    Args:
        net: The network in evaluation mode, changed in place.
        bfloat16: Whether to store the weights of the convolutions that make the motion and the picture in
            bfloat16. A network that computes in bfloat16 would otherwise convert them for each batch.
    """
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    from mien.models.layers import PreActivationBlock, SameBlock

    for block in net.modules():
        if isinstance(block, SameBlock):
            block.conv = fuse_conv_bn_eval(block.conv, block.norm)
            block.norm = torch.nn.Identity()  # type: ignore[assignment]
        elif isinstance(block, PreActivationBlock):
            block.conv1 = fuse_conv_bn_eval(block.conv1, block.norm2)
            block.norm2 = torch.nn.Identity()  # type: ignore[assignment]
    if bfloat16:
        for part in (*net.dense_motion.modules(), *net.generator.modules()):
            if isinstance(part, torch.nn.Conv2d):
                part.bfloat16()
    # Otherwise each convolution would copy an input whose layout differs from that of the weights.
    net.dense_motion.hourglass.register_forward_pre_hook(_channels_last)
    net = net.requires_grad_(False)
    result: Fomm | Mraa = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return result


def _channels_last(_: object, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    import torch

    return tuple(each.contiguous(memory_format=torch.channels_last) for each in inputs)


def motion_weights(
    architecture: Architecture,
    folder: Path | None = None,
    prior: str | None = None,
    points: int | None = None,
) -> Path:
    """Return the folder of the weights that are asked for.

    Args:
        architecture: Name of the network.
        folder: A user's own weights; None looks among those that come with Mien.
        prior: Their prior; None takes ``awp``.
        points: Number of points; None or 18 for the published ones.

    Raises:
        WeightsError: Mien comes with no such weights.
    """
    if folder is not None:
        return folder
    wanted = prior or "awp", None if points == PUBLISHED_PRIOR_POINTS else points
    assets = Path(str(files("mien") / "assets"))
    found = {
        (config["prior"], config["points"]): place
        for place in sorted(assets.glob(f"{architecture}_*"))
        for config in (read_card(place).config,)
    }
    if wanted in found:
        return found[wanted]
    asked = f"--prior {wanted[0]}" + ("" if points is None else f" --points {points}")
    there = [
        f"--prior {own}" + ("" if count is None else f" --points {count}") for own, count in found
    ]
    raise WeightsError(
        f"no weights for --engine {architecture} {asked} come with Mien, only for "
        f"{', '.join(there)}: take one of these, or give yours with --weights FOLDER"
    )


def painted_share(occlusion: Tensor, at_rest: Tensor, size: int) -> Tensor:
    """Return the share of each pixel that a network paints now but not at rest.

    Args:
        occlusion: (B, 1, h, w) from 0 (must be painted) to 1, as in `mien.models.dense_motion.Motion`.
        at_rest: (1, 1, h, w) the occlusion if nothing moves.
        size: Side of the network's picture S.

    Returns:
        (B, S, S) float32 from 0 to 1.
    """
    from mien.models.warping import resized

    shown = at_rest.float()
    painted = ((shown - occlusion.float()) / shown.clamp(min=1e-3)).clamp(0, 1)
    return resized(painted, size, size)[:, 0]


def painted_beyond(images: Tensor, displacement: Tensor, at_rest: Tensor, share: Tensor) -> Tensor:
    """Return what a network paints that motion does not explain: its pictures minus its moved picture at rest.

    The network's picture at rest is moved, not the portrait. Otherwise the difference would contain the network's
    blur everywhere. Where the network paints hardly anything, the difference is its error, which would hide small
    motions. There it fades out.

    Args:
        images: (B, 3, S, S) the network's pictures.
        displacement: (B, 2, h, w) where their content comes from, as in `mien.models.dense_motion.Motion`.
        at_rest: (1, 3, S, S) the network's picture if nothing moves.
        share: (B, S, S) the share of each pixel that is painted, see `painted_share`.

    Returns:
        (B, 3, S, S) float32.
    """
    from torch.nn.functional import grid_sample

    from mien.models.warping import identity_grid, resized

    height, width = at_rest.shape[-2:]
    moved = resized(displacement, height, width).movedim(1, -1)
    carried = grid_sample(
        at_rest.expand(len(moved), -1, -1, -1),
        identity_grid(height, width, at_rest) + moved,
        mode="bicubic",
        padding_mode="border",
        align_corners=False,
    )
    return (images.float() - carried) * (share / PAINTED).clamp(max=1)[:, None]


def moved_by(displacement: Tensor, points: Tensor) -> Tensor:
    """Return how far a backward displacement moves points, to first order.

    Args:
        displacement: (B, 2, h, w) where content comes from, as in `mien.models.dense_motion.Motion`.
        points: (1, N, 2) points at rest, normalised.

    Returns:
        (B, N, 2) float32, normalised.
    """
    from torch.nn.functional import grid_sample

    batch = len(displacement)
    grid = points[:, None].expand(batch, -1, -1, -1)
    at = grid_sample(displacement.float(), grid, padding_mode="border", align_corners=False)
    return -at[:, :, 0].mT
