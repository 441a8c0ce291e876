"""Fit a network's motion modes to stored pairs: many updates for each pair that the hourglass sees.

Modes are drawn cell by cell from the hourglass's features, so the features of some cells of each pair are computed
once, and the modes then learn from them alone. An update costs a hundredth of a training step. Run as ``python -m
mien.training.motion.mode_fit --data SET --weights WEIGHTS --out WEIGHTS``, with weights that were exported.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from mien.engines.weights import load_weights, save_weights
from mien.errors import UsageError
from mien.models.dense_motion import MotionModes
from mien.models.fomm import Fomm, FommConfig
from mien.models.mraa import Mraa, MraaConfig
from mien.models.names import FOMM, MRAA
from mien.training.faces.face_set import FaceSet
from mien.training.motion.augmentation import OUR_AUGMENTATION
from mien.training.motion.batches import make_motion_batch
from mien.training.motion.losses import relative_flow_error
from mien.training.motion.steps import driving_of, weighted_motion

_AT_ONCE = 8
"""Pairs that the network sees at once."""


class Cells(NamedTuple):
    """Some cells of pairs, and all that modes need there.

    Attributes:
        features: (N, C, 1, P) float16, of the hourglass.
        masks: (N, K + 1, 1, P) float16, the mixture.
        shift: (N, K, 2) the source points minus the driving ones.
        linear: (N, K, 2, 2) the linear part of the maps from driving frame to source.
        wide: (N, K, 2, 3) the motions of wide neighbourhoods; empty in the last axis if there are none.
        mixed: (N, 2, 1, P) the motion of the mixture alone.
        true: (N, 2, 1, P) the true motion.
        known: (N, 1, 1, P) what each cell counts.
    """

    features: Tensor
    masks: Tensor
    shift: Tensor
    linear: Tensor
    wide: Tensor
    mixed: Float[Tensor, "pairs 2 1 cells"]
    true: Float[Tensor, "pairs 2 1 cells"]
    known: Float[Tensor, "pairs 1 1 cells"]

    def moved(self, modes: MotionModes) -> Float[Tensor, "pairs 2 1 cells"]:
        """Return the motion with the modes."""
        wide = self.wide if self.wide.numel() else None
        features, masks = self.features.float(), self.masks.float()
        drawn: Tensor = modes(features, masks, self.shift, self.linear, wide)
        return self.mixed + drawn

    def some(self, chosen: Tensor) -> Cells:
        """Return some of the pairs."""
        return Cells(*(part[chosen] for part in self))


@torch.no_grad()
def gather(net: Fomm | Mraa, faces: FaceSet, pairs: int, cells: int, seed: int) -> Cells:
    """Draw exact pairs and keep what modes need in random cells of each.

    Args:
        net: The network, with modes.
        faces: A face set of kind ``flow``.
        pairs: Number of pairs, rounded up to whole batches of 8.
        cells: Number of cells of each.
        seed: Seed of pairs and cells.

    Raises:
        UsageError: The network has no modes.
    """
    modes = modes_of(net)
    net.eval()
    random = torch.Generator().manual_seed(seed)
    given: list[Any] = []
    hook = modes.register_forward_pre_hook(lambda _, inputs: given.append(inputs))
    rows: list[tuple[Tensor, ...]] = []
    for number in range(-(-pairs // _AT_ONCE)):
        batch = make_motion_batch(
            faces,
            points=net.config.points,
            with_points=True,
            batch_size=_AT_ONCE,
            seed=seed,
            step=number,
            augmentation=OUR_AUGMENTATION,
            pairs="exact",
        )
        source: Any = net.encode_source(batch.source, batch.source_points, painted=False)
        motion = net.motion(source, driving_of(net, source, batch))
        features, masks, shift, linear, wide = given.pop()
        drawn = modes(features, masks, shift, linear, wide)
        given.clear()
        true, known = weighted_motion(batch, *drawn.shape[-2:], jumps=True)
        each = torch.rand(len(true), known[0].numel(), generator=random).argsort(1)[:, :cells]
        there = [
            part.flatten(2).gather(2, each[:, None].expand(-1, part.shape[1], -1))[:, :, None]
            for part in (features, masks, motion.displacement - drawn, true, known)
        ]
        if wide is None:
            wide = linear.new_zeros(*linear.shape[:-1], 0)
        halves = there[0].half(), there[1].half()
        rows.append((*halves, shift, linear.expand(len(shift), -1, -1, -1), wide, *there[2:]))
    hook.remove()
    return Cells(*(torch.cat(parts) for parts in zip(*rows, strict=True)))


def fit(
    modes: MotionModes, cells: Cells, *, steps: int, batch_size: int, learning_rate: float
) -> None:
    """Lower the error of the motion over its size (`relative_flow_error`) by Adam.

    Args:
        modes: The modes, changed in place.
        cells: What they learn from.
        steps: Number of updates. The learning rate rises over the first 50 and falls to 0 along half a cosine.
        batch_size: Pairs of an update.
        learning_rate: The largest learning rate.
    """
    random = torch.Generator().manual_seed(0)
    adam = torch.optim.Adam(modes.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        adam,
        lambda step: (
            min(1.0, (step + 1) / 50)
            * 0.5
            * (1 + float(torch.tensor(step / steps * torch.pi).cos()))
        ),
    )
    for _ in range(steps):
        some = cells.some(torch.randint(len(cells.true), (batch_size,), generator=random))
        loss = relative_flow_error(some.moved(modes), some.true, some.known)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(modes.parameters(), 5.0)
        adam.step()
        schedule.step()


@torch.no_grad()
def motion_left(modes: MotionModes, cells: Cells) -> float:
    """Return the length of the motion's error over the length of the true motion."""
    error = size = 0.0
    for some in torch.arange(len(cells.true)).split(32):
        part = cells.some(some)
        error += float((part.known * (part.moved(modes) - part.true).square()).sum())
        size += float((part.known * part.true.square()).sum())
    return float((error / max(size, 1e-12)) ** 0.5)


def modes_of(net: Fomm | Mraa) -> MotionModes:
    """Return a network's modes.

    Raises:
        UsageError: It has none.
    """
    modes = net.dense_motion.modes
    if modes is None:
        raise UsageError("expected weights with motion modes, got weights without: nothing to fit")
    return modes


def main() -> None:
    """Fit the modes of exported weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--architecture", choices=(FOMM, MRAA), default=FOMM)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=3200)
    parser.add_argument("--cells", type=int, default=384)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    options = parser.parse_args()
    found = load_weights(options.weights, options.architecture)
    is_fomm = options.architecture == FOMM
    net = Fomm(FommConfig(**found.config)) if is_fomm else Mraa(MraaConfig(**found.config))
    net.load_state_dict(dict(found.tensors), strict=False)
    train, held_out = FaceSet.open(options.data).split()
    modes = modes_of(net)
    learned = gather(net, train, options.pairs, options.cells, 11)
    judged = gather(net, held_out, 96, 1024, 12)
    before = motion_left(modes, judged)
    fit(
        *(modes, learned),
        steps=options.steps,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
    )
    print(f"motion left on held-out people: {before:.4f} before, {motion_left(modes, judged):.4f}")
    tensors = {name: found.tensors[name] for name in found.tensors}
    tensors |= {name: value for name, value in net.state_dict().items() if name in tensors}
    save_weights(options.out, tensors, replace(found.card))


if __name__ == "__main__":
    main()
