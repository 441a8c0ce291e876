"""What the published systems compute, written down from the papers with the official names, as plain functions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as f

from tests.training.official.states import Tensors


class Reader:
    """Layers by their official names."""

    def __init__(self, tensors: Tensors) -> None:
        self.t = tensors

    def conv(self, name: str, x: Tensor, padding: int = 1, stride: int = 1) -> Tensor:
        return f.conv2d(
            x,
            self.t[f"{name}.weight"],
            self.t.get(f"{name}.bias"),
            padding=padding,
            stride=stride,
        )

    def norm(self, name: str, x: Tensor) -> Tensor:
        mean, variance, weight, bias = (
            self.t[f"{name}.{each}"] for each in ("running_mean", "running_var", "weight", "bias")
        )
        return f.batch_norm(x, mean, variance, weight, bias)

    def block(self, name: str, x: Tensor, padding: int = 1) -> Tensor:
        return self.norm(f"{name}.norm", self.conv(f"{name}.conv", x, padding)).relu()

    def down(self, name: str, x: Tensor) -> Tensor:
        return f.avg_pool2d(self.block(name, x), 2)

    def up(self, name: str, x: Tensor) -> Tensor:
        return self.block(name, f.interpolate(x, scale_factor=2))

    def hourglass(self, name: str, x: Tensor) -> Tensor:
        first = self.down(f"{name}.encoder.down_blocks.0", x)
        second = self.down(f"{name}.encoder.down_blocks.1", first)
        out = torch.cat([self.up(f"{name}.decoder.up_blocks.0", second), first], 1)
        return torch.cat([self.up(f"{name}.decoder.up_blocks.1", out), x], 1)


def grid(height: int, width: int) -> Tensor:
    x, y = torch.linspace(-1, 1, width), torch.linspace(-1, 1, height)
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)


def smaller(images: Tensor) -> Tensor:
    """A 13x13 Gaussian with standard deviation 1.5, every fourth pixel; black around."""
    taps = torch.exp(-((torch.arange(13) - 6) ** 2) / (2 * 1.5**2))
    kernel = taps[:, None] * taps / taps.sum() ** 2
    blurred = f.conv2d(images, kernel.expand(3, 1, 13, 13), padding=6, groups=3)
    return blurred[:, :, ::4, ::4]


def sample(images: Tensor, places: Tensor, align_corners: bool) -> Tensor:
    return f.grid_sample(images, places, padding_mode="zeros", align_corners=align_corners)


def resize(maps: Tensor, like: Tensor) -> Tensor:
    return f.interpolate(maps, like.shape[2:], mode="bilinear", align_corners=False)


def fomm_keypoints(tensors: Tensors, images: Tensor) -> tuple[Tensor, Tensor]:
    """Points (B, K, 2) and Jacobians (B, K, 2, 2) of pictures in [0, 1], without a prior."""
    net = Reader(tensors)
    features = net.hourglass("predictor", smaller(images))
    scores = net.conv("kp", features, 0)
    heat = (scores.flatten(2) / 0.1).softmax(2).view(scores.shape)
    points = torch.einsum("bkhw,hwc->bkc", heat, grid(*heat.shape[2:]))
    maps = net.conv("jacobian", features, 0).unflatten(1, (-1, 4))
    jacobians = torch.einsum("bkhw,bkchw->bkc", heat, maps).unflatten(-1, (2, 2))
    return points, jacobians


def gaussians(points: Tensor, covariance: Tensor, size: tuple[int, int]) -> Tensor:
    away = grid(*size) - points[:, :, None, None]
    scaled = torch.einsum("bkij,bkhwj->bkhwi", torch.linalg.inv(covariance), away)
    return torch.exp(-0.5 * (away * scaled).sum(-1))


def flow(
    net: Reader,
    name: str,
    source: Tensor,
    change: Tensor,
    parts: Tensor,
    align_corners: bool,
) -> tuple[Tensor, Tensor]:
    """The positions (B, h, w, 2) that pixels come from, and the occlusion; ``parts`` begin with the background's."""
    small = smaller(source)
    warped = torch.stack(
        [sample(small, each, align_corners) for each in parts.unbind(1)], 1
    )  # (B, K + 1, 3, h, w)
    heat = torch.cat([torch.zeros_like(change[:, :1]), change], 1)[:, :, None]
    features = net.hourglass(f"{name}.hourglass", torch.cat([heat, warped], 2).flatten(1, 2))
    masks = net.conv(f"{name}.mask", features, 3).softmax(1)
    places = (masks[..., None] * parts).sum(1)
    return places, net.conv(f"{name}.occlusion", features, 3).sigmoid()


def fomm_picture(
    tensors: Tensors,
    image: Tensor,
    source: tuple[Tensor, Tensor],
    driving: tuple[Tensor, Tensor],
    align_corners: bool,
) -> Tensor:
    """The generator's picture (1, 3, H, W) in [0, 1]."""
    net = Reader(tensors)
    size = (image.shape[2] // 4, image.shape[3] // 4)
    spread = 0.01 * torch.eye(2).expand(1, source[0].shape[1], 2, 2)
    change = gaussians(driving[0], spread, size) - gaussians(source[0], spread, size)
    linear = source[1] @ torch.linalg.inv(driving[1])
    away = grid(*size) - driving[0][:, :, None, None]
    local = torch.einsum("bkij,bkhwj->bkhwi", linear, away) + source[0][:, :, None, None]
    parts = torch.cat([grid(*size)[None, None], local], 1)
    places, occlusion = flow(net, "dense_motion_network", image, change, parts, align_corners)
    out = net.down("down_blocks.1", net.down("down_blocks.0", net.block("first", image, 3)))
    moved = resize(places.movedim(-1, 1), out).movedim(1, -1)
    out = sample(out, moved, align_corners) * resize(occlusion, out)
    return net.conv("final", decoded(net, out), 3).sigmoid()


def bottleneck(net: Reader, x: Tensor) -> Tensor:
    inner = net.conv("bottleneck.r0.conv1", net.norm("bottleneck.r0.norm1", x).relu())
    return x + net.conv("bottleneck.r0.conv2", net.norm("bottleneck.r0.norm2", inner).relu())


def decoded(net: Reader, x: Tensor) -> Tensor:
    return net.up("up_blocks.1", net.up("up_blocks.0", bottleneck(net, x)))


def mraa_regions(points_px: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Places, covariances and affine maps of MRAA with the adaptive-weight prior, of points in pixels of 256."""
    cells = torch.stack(torch.meshgrid(torch.arange(1, 65), torch.arange(1, 65), indexing="xy"), -1)
    distance = torch.linalg.norm(cells - (points_px / 4)[:, :, None, None], dim=-1)
    maps = torch.exp(-distance.sqrt() / (2 * 0.75**2))
    maps = maps / maps.amax((2, 3), keepdim=True)
    maps = maps * (maps >= maps.mean((2, 3), keepdim=True))
    shift = points_px / 128 - 1
    away = grid(64, 64) - shift[:, :, None, None]
    covariance = torch.einsum("bkhw,bkhwi,bkhwj->bkij", maps, away, away)
    axes, variances, _ = torch.linalg.svd(covariance)
    return shift, covariance, axes * variances.sqrt()[:, :, None]


def avd_regions(
    tensors: Tensors, own: tuple[Tensor, Tensor], driving: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """What AVD makes of places and affine maps of the portrait and the driver: places, covariances, affine maps."""
    net = Reader(tensors)

    def through(name: str, numbers: Tensor) -> Tensor:
        for number in (0, 3, 6, 9):
            weight, bias = tensors[f"{name}.{number}.weight"], tensors[f"{name}.{number}.bias"]
            numbers = f.linear(numbers, weight, bias)
            if number < 9:
                numbers = net.norm(f"{name}.{number + 1}", numbers).relu()
        return numbers

    def numbers_of(shift: Tensor, affine: Tensor) -> Tensor:
        return torch.cat([shift, affine.flatten(2)], -1).flatten(1)

    sign = (own[1] @ torch.linalg.inv(driving[1]))[:, :, :1, :1].sign()
    shape = through("id_encoder", numbers_of(own[0], own[1] * sign))
    pose = through("pose_encoder", numbers_of(*driving))
    made = through("decoder", torch.cat([pose, shape], 1)).unflatten(1, (-1, 6))
    affine = made[..., 2:].unflatten(-1, (2, 2))
    return made[..., :2], affine @ affine.mT, affine


def mraa_picture(
    parts: dict[str, Any], image: Tensor, driver: Tensor, source: Any, driving: Any
) -> Tensor:
    """The generator's picture (1, 3, H, W) in [0, 1]."""
    net, behind = Reader(parts["generator"]), Reader(parts["bg_predictor"])
    size = (image.shape[2] // 4, image.shape[3] // 4)
    change = gaussians(driving[0], driving[1], size) - gaussians(source[0], source[1], size)
    linear = source[2] @ torch.linalg.inv(driving[2])
    linear = linear * linear[:, :, :1, :1].sign()
    away = grid(*size) - driving[0][:, :, None, None]
    local = torch.einsum("bkij,bkhwj->bkhwi", linear, away) + source[0][:, :, None, None]
    deep = behind.down("encoder.down_blocks.0", torch.cat([image, driver], 1))
    deep = behind.down("encoder.down_blocks.1", deep).mean((2, 3))
    numbers = f.linear(deep, behind.t["fc.weight"], behind.t["fc.bias"]).view(-1, 2, 3)
    still = grid(*size) @ numbers[0, :, :2].T + numbers[0, :, 2]
    every = torch.cat([still[None, None], local], 1)
    places, occlusion = flow(net, "pixelwise_flow_predictor", image, change, every, False)

    def mixed(painted: Tensor, own: Tensor) -> Tensor:
        moved = sample(own, resize(places.movedim(-1, 1), own).movedim(1, -1), False)
        shown = resize(occlusion, own)
        return moved * shown + painted * (1 - shown)

    first = net.block("first", image, 3)
    second = net.down("down_blocks.0", first)
    third = net.down("down_blocks.1", second)
    out = bottleneck(net, mixed(torch.zeros_like(third), third))
    out = net.up("up_blocks.0", mixed(out, third))
    out = net.up("up_blocks.1", mixed(out, second))
    out = net.conv("final", mixed(out, first), 3).sigmoid()
    return mixed(out, image)


def ulme_gan_picture(tensors: Tensors, image: Tensor, aus: Tensor) -> Tensor:
    """The picture (B, 3, H, W) in [-1, 1] of AU intensities over 5."""
    net = Reader(tensors)

    def activated(x: Tensor) -> Tensor:
        return f.instance_norm(x).relu()

    planes = aus[:, :, None, None].expand(-1, -1, *image.shape[2:])
    x = activated(net.conv("model.0", torch.cat([image, planes], 1), 3))
    x = activated(net.conv("model.3", x, 1, 2))
    x = activated(net.conv("model.6", x, 1, 2))
    for number in range(9, 15):
        inner = activated(net.conv(f"model.{number}.conv_block.0", x))
        x = x + f.instance_norm(net.conv(f"model.{number}.conv_block.3", inner))
    for name in ("model.15", "model.18"):
        weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        x = activated(f.conv_transpose2d(x, weight, bias, stride=2, padding=1))
    colour = net.conv("color_top.0", x, 3).tanh()
    kept = net.conv("au_top.0", x, 3).sigmoid()
    return kept * image + (1 - kept) * colour
