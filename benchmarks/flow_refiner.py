"""Train and judge a small network that refines DIS flow on faces. It is an experiment and not a part of Mien.

Run as ``python -m benchmarks.flow_refiner --pairs SET --out FILE`` to train on a set of ``mien flow-pairs``, and then
as ``python -m benchmarks.flow_refiner --weights FILE`` to judge. Training takes about 25 minutes on one core.

The network sees 4x4 blocks of pixels: the DIS flow, the Lucas-Kanade step that would reduce what is left of the
difference of the two pictures, and how much texture the block has. It returns a correction of the flow. Pictures are
made worse at random in training: fewer pixels, JPEG, noise, contrast.

Judged are the end-point error on the rig's exact flow of portraits that it never saw, with and without camera noise
(as in `benchmarks.flow`), and how well real clips are rebuilt from their first frame (as in `benchmarks.transfer`).
``--share`` adds only a share of the correction.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.flow import MOVES_PX, face_of, pairs_of
from benchmarks.report import PORTRAITS, near_neutral, report
from benchmarks.transfer_clips import CLIPS, clip_folders, clip_fps
from benchmarks.transfer_scores import reenacted
from mien.engines.tensor_file import write_tensors
from mien.io.flo import read_flo
from mien.metrics.end_point import end_point_errors
from mien.motion.dense_flow import dense_flow
from mien.motion.forward_flow import ForwardFlow, inverse_search

BLOCK_PX = 4
FEATURES = 9
LEAST_GRADIENT = 2e-5
"""Added to squared gradients, grey levels over 255 squared: a block without texture gets no step."""
LARGEST_STEP_PX = 3.0

SIDE_PX = 256
"""Width and height of the pictures of `mien flow-pairs` that the network is trained on."""
ROWS, COLUMNS = slice(16, 240), slice(32, 224)
"""The part of such a picture around the face."""

BATCH = 8
LEARNING_RATE = 1.5e-3

Grey = UInt8[np.ndarray, "height width"]
Flow = Float32[np.ndarray, "height width 2"]


def features(first: Grey, second: Grey, flow: Flow) -> Float32[np.ndarray, "9 rows columns"]:
    """Return what the network sees of each block of two pictures with a flow between them.

    Args:
        first: (H, W) grey levels; H and W are multiples of `BLOCK_PX`.
        second: The same size.
        flow: (H, W, 2) displacement (x, y) from the first to the second, pixels.
    """
    one, other = (
        cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 0.8) / 255 for grey in (first, second)
    )
    rows, columns = np.indices(first.shape, np.float32)
    back = cv2.remap(
        other,
        columns + flow[..., 0],
        rows + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    middle = (one + back) / 2
    across = cv2.Sobel(middle, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(middle, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    change = back - one
    products = [across**2, across * down, down**2, across * change, down * change, change**2]
    xx, xy, yy, xt, yt, tt, grey, u, v = (
        _block_means(each) for each in (*products, one, *np.moveaxis(flow, -1, 0))
    )
    determinant = (xx + LEAST_GRADIENT) * (yy + LEAST_GRADIENT) - xy**2
    step_u = (xy * yt - (yy + LEAST_GRADIENT) * xt) / determinant
    step_v = (xy * xt - (xx + LEAST_GRADIENT) * yt) / determinant
    steps = [step.clip(-LARGEST_STEP_PX, LARGEST_STEP_PX) for step in (step_u, step_v)]
    texture = [np.log(each + 1e-6) / 3 + 2 for each in (xx, yy, tt)]
    direction = xy / (np.sqrt(xx * yy) + LEAST_GRADIENT)
    seen = [u / 2, v / 2, *steps, texture[0], direction, texture[1], texture[2], grey - 0.5]
    return np.stack(seen).astype(np.float32)


def _block_means(values: np.ndarray) -> np.ndarray:
    height, width = values.shape
    blocks = values.reshape(height // BLOCK_PX, BLOCK_PX, width // BLOCK_PX, BLOCK_PX)
    means: np.ndarray = blocks.mean((1, 3))
    return means


class Refiner(nn.Module):
    """Maps features (B, 9, h, w) to corrections (B, 2, h, w) of the flow, in pixels. A new one corrects nothing."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.first = _layer(FEATURES, width, 1)
        self.body = nn.ModuleList(
            nn.Sequential(_layer(width, width, reach), _layer(width, width, 1))
            for reach in (1, 2, 4, 8, 4, 2, 1)
        )
        self.last = nn.Conv2d(width, 2, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        assert self.last.bias is not None
        nn.init.zeros_(self.last.bias)

    def forward(self, seen: Tensor) -> Tensor:
        """Return the corrections."""
        inner = self.first(seen)
        for layer in self.body:
            inner = inner + layer(inner)
        corrections: Tensor = self.last(inner)
        return corrections


def _layer(given: int, made: int, reach: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, padding=reach, dilation=reach), nn.LeakyReLU(0.1, inplace=True)
    )


def enlarged(corrections: Tensor) -> Tensor:
    """Return corrections of blocks (B, 2, h, w) at each pixel (B, 2, H, W)."""
    return functional.interpolate(
        corrections, scale_factor=BLOCK_PX, mode="bilinear", align_corners=False
    )


def refined(net: Refiner, first: np.ndarray, second: np.ndarray, flow: Flow, share: float) -> Flow:
    """Return a flow with a share of the network's correction."""
    height, width = first.shape
    beyond = ((0, -height % BLOCK_PX), (0, -width % BLOCK_PX))
    grey = [np.pad(np.rint(each).astype(np.uint8), beyond, mode="edge") for each in (first, second)]
    seen = features(grey[0], grey[1], np.pad(flow, (*beyond, (0, 0)), mode="edge"))
    with torch.inference_mode():
        correction = enlarged(net(torch.from_numpy(seen)[None]))[0].permute(1, 2, 0).numpy()
    made: Flow = (flow + share * correction[:height, :width]).astype(np.float32)
    return made


def worse(pair: list[Grey], rng: np.random.Generator) -> list[Grey]:
    """Make two pictures worse in one way, as cameras and codecs do."""
    if rng.random() < 0.6:
        side = round(SIDE_PX / rng.uniform(1, 2.6))
        small = [cv2.resize(each, (side, side), interpolation=cv2.INTER_AREA) for each in pair]
        pair = [
            cv2.resize(each, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC) for each in small
        ]
    if rng.random() < 0.35:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 98))]
        coded = [cv2.imencode(".jpg", each, quality)[1] for each in pair]
        pair = [cv2.imdecode(each, cv2.IMREAD_GRAYSCALE) for each in coded]  # type: ignore[misc]
    if rng.random() < 0.6:
        levels = rng.uniform(0, 2.5)
        pair = [_levels(each + rng.normal(0, levels, each.shape)) for each in pair]
    if rng.random() < 0.3:
        contrast = rng.uniform(0.6, 1.2)
        pair = [_levels((each.astype(np.float32) - 128) * contrast + 128) for each in pair]
    return pair


def _levels(values: np.ndarray) -> Grey:
    levels: Grey = np.rint(values).clip(0, 255).astype(np.uint8)
    return levels


Sample = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Features (9, h, w), the error of DIS (H, W, 2) in pixels, and where it counts (H, W)."""


def samples(pairs: Path, times: int, seed: int) -> Iterator[Sample]:
    """Yield each training pair of a set several times, differently worse."""
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((SIDE_PX, SIDE_PX))
    oval = ((columns - 127.5) / 80) ** 2 + ((rows - 127.5) / 105) ** 2 <= 1
    training, full = pairs / "training", inverse_search("full")
    for folder in sorted((training / "clean").iterdir()) * times:
        grey = [cv2.imread(str(folder / f"frame_000{k}.png"), cv2.IMREAD_GRAYSCALE) for k in (1, 2)]
        true = read_flo(training / "flow" / folder.name / "frame_0001.flo")
        hidden = cv2.imread(
            str(training / "occlusions" / folder.name / "frame_0001.png"), cv2.IMREAD_GRAYSCALE
        )
        counts = oval & (np.asarray(hidden) == 0)
        if rng.random() < 0.5:
            grey = [np.ascontiguousarray(each[:, ::-1]) for each in grey]  # type: ignore[index]
            true, counts = true[:, ::-1] * np.array([-1, 1], np.float32), counts[:, ::-1]
        first, second = worse(grey, rng)  # type: ignore[arg-type]
        # `mien measure` searches less finely than `dense_flow`.
        found = (
            dense_flow(first, second, "dis")
            if rng.random() < 0.5
            else np.asarray(full.calc(first, second, None))  # type: ignore[call-overload]
        )
        blocks = (
            slice(ROWS.start // 4, ROWS.stop // 4),
            slice(COLUMNS.start // 4, COLUMNS.stop // 4),
        )
        seen = features(first, second, found)[:, blocks[0], blocks[1]]
        yield (
            seen.astype(np.float16),
            (true - found)[ROWS, COLUMNS].astype(np.float16),
            counts[ROWS, COLUMNS],
        )


def train(pairs: Path, out: Path, steps: int, times: int = 3) -> None:
    """Train a network and write its weights."""
    seen, wrong, counts = (
        np.stack(part) for part in zip(*samples(pairs, times, seed=0), strict=True)
    )
    torch.manual_seed(0)
    rng, net = np.random.default_rng(0), Refiner()
    optimiser = torch.optim.AdamW(net.parameters(), LEARNING_RATE, weight_decay=1e-4)
    decay_from = 0.4

    def rate(step: int) -> float:
        done = max(0.0, step / steps - decay_from) / (1 - decay_from)
        return min(1, (step + 1) / 100) * 0.5 * float(1 + np.cos(np.pi * done))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    for _ in range(steps):
        drawn = rng.integers(len(seen), size=BATCH)
        batch = (torch.from_numpy(part[drawn].astype(np.float32)) for part in (seen, wrong, counts))
        loss = training_loss(net, *batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    write_tensors(out, net.state_dict())


def training_loss(
    net: Refiner,
    seen: Float[Tensor, "batch 9 rows columns"],
    wrong: Float[Tensor, "batch height width 2"],
    counts: Float[Tensor, "batch height width"],
) -> Tensor:
    """Return the mean end-point error after the correction; a pair with a lost face counts 1.5 pixels at most."""
    left = enlarged(net(seen)) - wrong.movedim(-1, 1)
    error = (left.square().sum(1) + 1e-3).sqrt() * counts
    mean: Tensor = (error.sum((1, 2)) / counts.sum((1, 2)).clamp(min=1)).clamp(max=1.5).mean()
    return mean


def judge(name: str, correct: Callable[[np.ndarray, np.ndarray, Flow], Flow]) -> None:
    """Report end-point errors, and the squared error of rebuilt real clips over that of a still picture."""
    files = near_neutral(PORTRAITS, 8)
    for filmed in (False, True):
        errors, moving = [], []
        for portrait, pair in pairs_of(files, 3, filmed):
            grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (pair.onset, pair.apex)]
            flow = correct(grey[0], grey[1], dense_flow(grey[0], grey[1], "dis"))
            face = face_of(portrait) & ~pair.hidden
            far = face & (np.hypot(*np.moveaxis(pair.flow_px, -1, 0)) >= MOVES_PX)
            errors.append(float(end_point_errors(flow, pair.flow_px, face).mean()))
            if far.any():
                moving.append(float(end_point_errors(flow, pair.flow_px, far).mean()))
        figures = {"epe_px": float(np.mean(errors)), "epe_moving_px": float(np.mean(moving))}
        rounded = {key: round(value, 4) for key, value in figures.items()}
        report("flow_refiner", {"flow": name, "filmed": filmed, "pairs": len(errors)}, rounded)
    between = ForwardFlow.between

    def corrected(
        self: ForwardFlow, first: Grey, later: Grey, start: np.ndarray | None = None
    ) -> Flow:
        return correct(first, later, between(self, first, later, start))

    with patch.object(ForwardFlow, "between", corrected):
        ratios = {
            clip.name: reenacted(clip, clip_fps(clip))["squared_error_ratio"]
            for clip in clip_folders(CLIPS)
        }
    mean = round(float(np.mean(list(ratios.values()))), 4)
    report(
        "flow_refiner",
        {"flow": name, "clips": len(ratios)},
        {"squared_error": mean, "each": ratios},
    )


def main() -> None:
    """Train, or judge DIS alone and with the network's correction."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, help="a set of mien flow-pairs to train on")
    parser.add_argument("--out", type=Path, help="where the weights go")
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--weights", type=Path, help="judge these")
    parser.add_argument("--share", type=float, nargs="*", default=[1.0], help="of the correction")
    options = parser.parse_args()
    if (options.pairs is None) != (options.out is None) or not (options.pairs or options.weights):
        parser.error("expected --pairs with --out to train, or --weights to judge")
    if options.pairs:
        train(options.pairs, options.out, options.steps)
    if options.weights:
        net = Refiner()
        net.load_state_dict(load_file(options.weights))
        judge("dis", lambda first, second, flow: flow)
        for share in options.share:
            judge(f"dis, refined by {share:g}", partial(refined, net, share=share))


if __name__ == "__main__":
    main()
