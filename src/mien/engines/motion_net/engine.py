"""Engines that drive a portrait by points of a face through a motion-transfer network.

What the network says of where pixels go moves the portrait's own pixels, at their own size; of what it
paints, only what goes beyond moving its own picture of the resting face is enlarged and added.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.engines.lift import Lift
from mien.engines.mesh.engine import fitted_field_cm
from mien.engines.motion_net.amplitude import Gain, key_frames, measured_gain
from mien.engines.motion_net.driver_view import Watched, measured_maps, moved_points, watch_driver
from mien.engines.motion_net.networks import (
    Architecture,
    in_precision,
    motion_net_for,
    motion_weights,
    painted_beyond,
    uses_bfloat16,
)
from mien.engines.weights import weights_record
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.motion.calibrate import PortraitMeter
from mien.motion.field import Baseline, MotionField
from mien.types import Image

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Parts = tuple["Tensor", ...]
"""Keypoints or regions: each (T, K, ...), the places first."""

Jacobians: TypeAlias = Literal["learned", "measured"]
"""Who says the linear maps around points: the network, or the driver's motion field."""


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What depends on a portrait alone."""

    portrait: Portrait
    lift: Lift
    source: Any
    at_rest: Tensor


@dataclass(frozen=True)
class PriorDrivenEngine(ABC):
    """What FOMM's engine and MRAA's have in common.

    Attributes:
        weights: A folder of weights; None takes those that come with Mien for the prior.
        prior: The facial prior; None takes the weights' own, and ``awp`` without weights.
        points: How many points; None takes the weights' own.
        strength: Multiplies the motion.
        blinks: Whether lids move too.
        painted: Whether what the network paints beyond moving is added.
        calibrated: Whether the motion is made larger or smaller until it is measured on the portrait as
            large as it was on the driver; the published systems do not do so.
        jacobians: ``learned``: the linear maps around points are what the network says, as published.
            ``measured``: they are read off the driver's motion field around each point, Mien's own addition;
            then no picture of the driver is looked at.
        batch_size: Frames computed at once.
        device: Where, in PyTorch's words; None takes a GPU if there is one.
        precision: ``bfloat16`` computes the convolutions in it, but those that look at the driver;
            ``auto`` does so where the processor has it.
    """

    architecture: ClassVar[Architecture]

    weights: Path | None = None
    prior: Literal["none", "ewp", "awp"] | None = None
    points: int | None = None
    strength: float = 1.0
    blinks: bool = True
    painted: bool = True
    calibrated: bool = True
    jacobians: Jacobians = "learned"
    batch_size: int = 8
    device: str | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    # A frozen engine's changing parts, each empty or one: the network, the last portrait, its motion's gain.
    _net: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)
    _last: list[_Prepared] = field(default_factory=list, init=False, repr=False, compare=False)
    _gain: list[Gain] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.strength) and self.strength >= 0):
            raise UsageError(f"expected a strength of 0 or more, got {self.strength}")
        if self.precision not in ("auto", "float32", "bfloat16"):
            raise UsageError(
                f"expected precision auto, float32 or bfloat16, got {self.precision!r}"
            )
        if self.jacobians not in ("learned", "measured"):
            raise UsageError(f"expected jacobians learned or measured, got {self.jacobians!r}")
        if self.batch_size < 1:
            raise UsageError(f"expected a batch_size of at least 1, got {self.batch_size}")

    @property
    def name(self) -> str:
        """What the command line and the sidecar call it."""
        return self.architecture

    @property
    def net(self) -> Any:
        """The network, read at its first use.

        Raises:
            WeightsError: There are no weights, or they are another network's, or damaged.
            MissingExtraError: PyTorch is not installed.
            UsageError: The weights are for another prior or another number of points than asked for.
        """
        if not self._net:
            wanted = self.prior, self.points, self.device, self.precision
            net = motion_net_for(self.architecture, self.weights, *wanted)
            own = net.config
            if not own.has_prior and not self.blinks:
                raise UsageError(
                    "expected a prior with blinks left out, got none: a network that finds its own "
                    "points moves lids as it likes; add --prior awp"
                )
            if not own.has_prior and self.jacobians == "measured":
                raise UsageError(
                    "expected a prior with measured jacobians, got none: nothing is measured at points "
                    "that the network finds"
                )
            self._net.append(net)
        return self._net[0]

    @property
    def record(self) -> dict[str, Any]:
        """What an output's record says of the network, JSON values.

        Its weights and their hashes, what it follows (``points`` null: the published ones), on what and how it
        computed, and the factor that the last motion was calibrated with (null where it was not).
        """
        config = self.net.config
        folder = motion_weights(self.architecture, self.weights, self.prior, self.points)
        half = uses_bfloat16(self._device, self.precision)
        return weights_record(folder) | {
            "prior": config.prior,
            "points": config.points,
            "device": self._device.type,
            "precision": "bfloat16" if half else "float32",
            "gain": round(self._gain[0].factor, 4) if self._gain else None,
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know of the last motion, one line each."""
        return tuple(gain.note for gain in self._gain if gain.note is not None)

    @property
    def needs_frames(self) -> bool:
        """Whether the driver's pictures are looked at, and not its measured motion alone."""
        return bool(self.net.config.needs_driver) and self.jacobians == "learned"

    def transfer(
        self, portrait: Portrait, motion: MotionField, frames: Iterable[Image] | None = None
    ) -> Iterator[Image]:
        """Yield one frame for each frame of the motion that has a face, of the portrait's size and channels.

        Args:
            portrait: The face that receives the motion.
            motion: The driver's motion since its first frame.
            frames: The driver's own pictures, where `needs_frames`.

        Raises:
            UsageError: The frames are needed and missing, or too few.
        """
        return self.render(portrait, motion, self.watch(motion, frames))

    def watch(
        self,
        motion: MotionField,
        frames: Iterable[Image] | None,
        neutral: Baseline = "first",
    ) -> Watched | None:
        """Look at a driver's pictures; None for a network that needs none.

        Args:
            motion: The driver's motion since its first frame.
            frames: Its pictures.
            neutral: What changes count from.

        Raises:
            UsageError: The frames are needed and missing, or too few.
        """
        if not self.needs_frames:
            return None
        if frames is None:
            raise UsageError(
                f"expected the driver's frames, which this {self.name} network looks at, got none"
            )
        config = self.net.config
        return watch_driver(
            motion,
            frames,
            self._detected,
            size=config.image_px,
            count=config.points,
            with_points=config.has_prior,
            batch_size=self.batch_size,
            neutral=neutral,
        )

    def _detected(self, cuts: np.ndarray, points: np.ndarray | None) -> tuple[np.ndarray, ...]:
        """What the network sees in pictures; never in half precision, whose steps hide a micro-expression."""
        import torch

        with torch.inference_mode():
            given = None if points is None else self._tensor(points)
            parts = self.net.detect(self._images(cuts), given)
            return tuple(part.float().cpu().numpy() for part in parts)

    def render(
        self, portrait: Portrait, motion: MotionField, watched: Watched | None = None
    ) -> Iterator[Image]:
        """Yield one frame for each frame of the motion that has a face; see `transfer`.

        Args:
            portrait: The face that receives the motion.
            motion: The driver's motion, counted from its neutral.
            watched: What `watch` gave, at the motion's times.
        """
        self._gain.clear()
        kept = motion.kept()
        if self.needs_frames and (watched is None or len(watched.times_seconds) != len(kept)):
            came = "none" if watched is None else len(watched.times_seconds)
            raise UsageError(f"expected {len(kept)} frames looked at, got {came}")
        if kept.still or self.strength == 0:
            return (np.array(portrait.image) for _ in range(len(kept)))
        return self._frames(self._prepare(portrait), kept, watched)

    def at_rest(
        self, portrait: Portrait
    ) -> tuple[Float32[np.ndarray, "size size 3"], Float32[np.ndarray, "size size 3"]]:
        """The portrait's square, and what the network makes of it when nothing moves, RGB in [-1, 1]."""
        prepared = self._prepare(portrait)
        made = prepared.at_rest[0].permute(1, 2, 0).cpu().numpy()
        return prepared.lift.seen, made

    def _frames(
        self, prepared: _Prepared, motion: MotionField, watched: Watched | None
    ) -> Iterator[Image]:
        field_cm = fitted_field_cm(motion, prepared.portrait.face, blinks=self.blinks)
        poses = self._poses(prepared, field_cm, watched)
        own = self._own(prepared.source)
        size = self.strength
        if self.calibrated:
            chosen = key_frames(field_cm)
            some = tuple(part[chosen] for part in poses)
            gain = measured_gain(
                self.strength * field_cm[chosen],
                lambda gain: self._made(prepared, self._scaled(own, some, self.strength * gain)),
                PortraitMeter(prepared.portrait),
            )
            self._gain[:] = [gain]
            size *= gain.factor
        yield from self._made(prepared, self._scaled(own, poses, size))

    def _made(self, prepared: _Prepared, poses: Parts) -> Iterator[Image]:
        """One frame for each pose."""
        import torch

        for start in range(0, len(poses[0]), self.batch_size):
            with torch.inference_mode():
                batch = tuple(part[start : start + self.batch_size] for part in poses)
                moving = [i for i in range(len(batch[0])) if not self._resting(prepared, batch, i)]
                moved, painted = np.zeros((0, 1, 1, 2), np.float32), None
                if moving:
                    moved, painted = self._animate(prepared, tuple(p[moving] for p in batch))
            for index in range(len(batch[0])):
                if index not in moving:
                    yield np.array(prepared.portrait.image)
                    continue
                at = moving.index(index)
                yield prepared.lift.move(moved[at], None if painted is None else painted[at])

    def _animate(self, prepared: _Prepared, pose: Parts) -> tuple[np.ndarray, np.ndarray | None]:
        """Displacements (N, h, w, 2), and what is painted beyond them (N, S, S, 3)."""
        with self._in_precision():
            made = self.net.animate(prepared.source, self._parts(pose))
        displacement = made.motion.displacement.float()
        moved = displacement.permute(0, 2, 3, 1).cpu().numpy()
        if not self.painted:
            return moved, None
        beyond = painted_beyond(made.images, displacement, prepared.at_rest)
        return moved, beyond.permute(0, 2, 3, 1).cpu().numpy()

    def _poses(
        self,
        prepared: _Prepared,
        field_cm: Float32[np.ndarray, "frames 468 2"],
        watched: Watched | None,
    ) -> Parts:
        """The portrait's keypoints or regions in each frame, the motion at its own strength."""
        import torch

        config = self.net.config
        own: Parts = self._own(prepared.source)
        with torch.inference_mode():
            face = prepared.portrait.face
            points = None
            if config.has_prior:
                points = self._tensor(moved_points(face, field_cm, config.points))
                if self.jacobians == "measured":
                    maps = self._tensor(measured_maps(face, field_cm, config.points))
                    return self._turned(own, points, maps)
            if watched is None:
                assert points is not None, "a network without a prior looks at frames"
                return self._from_points(prepared.source, points)
            now = tuple(self._tensor(part) for part in watched.parts)
            first = tuple(self._tensor(part) for part in watched.neutral)
            poses = self._relative(own, now, first)
            return poses if points is None else (points, *poses[1:])

    def _scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Poses whose change from the portrait's is multiplied."""
        import torch

        with torch.inference_mode():
            return poses if strength == 1.0 else self._stronger(own, poses, strength)

    def _resting(self, prepared: _Prepared, poses: Parts, index: int) -> bool:
        own = self._own(prepared.source)
        return all(bool((p[index] == o[0]).all()) for p, o in zip(poses, own, strict=True))

    def _prepare(self, portrait: Portrait) -> _Prepared:
        import torch

        last = next(iter(self._last), None)
        if last is not None and last.portrait is portrait:
            return last
        net = self.net
        lift = Lift(portrait, net.config.image_px)
        points = None
        if net.config.has_prior:
            still = np.zeros((1, 468, 2), np.float32)
            points = self._tensor(moved_points(portrait.face, still, net.config.points))
        with torch.inference_mode(), self._in_precision():
            source = net.encode_source(self._images(lift.seen.transpose(2, 0, 1)[None]), points)
            made = net.animate(source, self._parts(self._own(source)))
            at_rest = made.images.float()
        self._last[:] = [_Prepared(portrait, lift, source, at_rest)]
        return self._last[0]

    def _images(self, images: Float32[np.ndarray, "n 3 size size"]) -> Tensor:
        import torch

        return self._tensor(images).contiguous(memory_format=torch.channels_last)

    def _tensor(self, values: np.ndarray) -> Tensor:
        import torch

        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(self._device)

    @property
    def _device(self) -> torch.device:
        return next(self.net.parameters()).device

    def _in_precision(self) -> AbstractContextManager[Any]:
        return in_precision(self._device, self.precision)

    @abstractmethod
    def _parts(self, parts: Parts) -> Any:
        """As the network takes them."""

    @abstractmethod
    def _own(self, source: Any) -> Parts:
        """A source's own keypoints or regions."""

    @abstractmethod
    def _from_points(self, source: Any, points: Tensor) -> Parts:
        """What (T, K, 2) points of the portrait say without pictures."""

    @abstractmethod
    def _turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        """The portrait's at (T, K, 2) points, what is around them mapped by (T, K, 2, 2)."""

    @abstractmethod
    def _relative(self, own: Parts, now: Parts, first: Parts) -> Parts:
        """The portrait's after the driver's change."""

    @abstractmethod
    def _stronger(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Poses whose change from the portrait's is multiplied by a strength."""
