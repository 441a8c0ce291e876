"""A portrait that a motion-transfer network has encoded, and the clips made of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32, Float64

from mien.engines.base import Driver, Frames
from mien.engines.checks import check_strength
from mien.engines.compute import in_precision
from mien.engines.lids import LidMover
from mien.engines.lift import Lift, Paint, as_picture
from mien.engines.motion_net.articulation import Articulation, Parts
from mien.engines.motion_net.driver_view import (
    Watched,
    absolute_maps,
    measured_maps,
    moved_points,
    moved_vertices,
    points_of_driver,
    watch_driver,
)
from mien.engines.motion_net.networks import moved_by, painted_beyond, painted_share
from mien.engines.motion_net.point_fit import PointFit
from mien.engines.motion_net.settings import (
    MotionNetSettings,
    lids_by,
    measured_maps_asked,
)
from mien.errors import UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.face.square import SquareSize
from mien.motion.amplitude import frames_without_blink, key_frames, measured_gain
from mien.motion.blinks import blinks_of
from mien.motion.calibrate import PortraitMeter
from mien.motion.eye_fit import fitted_field_cm, lid_scale
from mien.types import Image

if TYPE_CHECKING:
    from torch import Tensor


_ALL = slice(None)
_STILL = np.zeros((1, VERTEX_COUNT, 2), np.float32)
_UNTURNED = np.eye(2, dtype=np.float32)


class MotionNetSession:
    """A portrait that a network has encoded.

    Args:
        portrait: The portrait.
        net: The network.
        articulation: Poses the network's keypoints or regions.
        settings: The engine's settings.
        needs_frames: Whether the network looks at the driver's pictures.
    """

    def __init__(
        self,
        portrait: Portrait,
        net: Any,
        articulation: Articulation,
        settings: MotionNetSettings,
        needs_frames: bool,
    ) -> None:
        import torch

        self.portrait, self.net, self.settings = portrait, net, settings
        self.articulation, self.needs_frames = articulation, needs_frames
        self._device = next(iter(net.parameters())).device
        square: SquareSize = net.config.square
        self._lift = Lift(
            portrait, net.config.image_px, side_cm=square.side_cm, down_cm=square.down_cm
        )
        self._lids = LidMover(portrait)
        points = None
        if net.config.has_prior:
            points = self._points(_STILL)
        with torch.inference_mode(), in_precision(self._device, settings.precision):
            seen = self._images(self._lift.seen.transpose(2, 0, 1)[None])
            self._source = net.encode_source(seen, points)
            self._own = articulation.own(self._source)
            made = net.animate(self._source, articulation.for_net(self._own))
            self._at_rest = made.images.float()
            self._shown_at_rest = made.motion.occlusion.float()

    @property
    def own_shape(self) -> tuple[int, int, int] | None:
        """Shape of the network's own picture if that is shown; None if the portrait is."""
        size = self.net.config.image_px
        return (size, size, 3) if self._raw else None

    def at_rest(
        self,
    ) -> tuple[Float32[np.ndarray, "size size 3"], Float32[np.ndarray, "size size 3"]]:
        """Return the portrait's square, and the network's picture of it at rest, RGB in [-1, 1]."""
        return self._lift.seen, self._at_rest[0].permute(1, 2, 0).cpu().numpy()

    def transfer(self, driver: Driver, *, strength: float = 1.0, blinks: bool = True) -> Frames:
        """Make one frame for each frame of the driver's motion that has a face.

        See `mien.engines.base.MotionSession.transfer`.

        Raises:
            UsageError: The network works from the driver's pictures, and there are none or too few. Or ``blinks`` is
                False, but the network finds its own points in the pictures, or the driving is not relative, so blinks
                cannot be left out.
        """
        check_strength(strength)
        self.settings.check_transfer(blinks=blinks)
        if not (self.net.config.has_prior or blinks):
            raise UsageError(
                "expected weights with a prior for --no-blinks, got weights without: a network that finds its own "
                "points moves lids as it likes; add --prior awp"
            )
        if self.needs_frames and driver.frames is None:
            raise UsageError(
                "expected the driver's pictures, which this network looks at, got none"
            )
        made = Frames(iter(()), facts={"gain": None})
        made.images = self._made(driver, strength, blinks, made)
        return made

    def _made(self, driver: Driver, strength: float, blinks: bool, said: Frames) -> Iterator[Image]:
        kept = driver.motion.kept()
        relative = self.settings.driving == "relative"
        if strength == 0 or (kept.still and relative):
            rest = as_picture(self.at_rest()[1]) if self._raw else self.portrait.image
            yield from (np.array(rest) for _ in range(len(kept)))
            return
        watched = self._watch(driver) if self.needs_frames else None
        if not relative:
            if driver.baseline != "first":
                said.notes.append(
                    f"--driving {self.settings.driving} takes the driver's positions as they are, so --baseline does "
                    "not matter"
                )
            yield from self._rendered(self._scaled(self._absolute(driver, watched), strength))
            return
        face = self.portrait.face
        seen_cm = fitted_field_cm(kept, face, blinks=blinks)
        fit = lid_scale(kept.face, face)[:, None]
        # A network that looks at the driver's pictures sees the lids itself.
        own = blinks_of(kept, face, strength) if blinks and watched is None else None
        by = lids_by(self.settings, needs_frames=self.needs_frames)
        shut_by_rig = own is not None and by == "rig"
        poses = None if own is not None else self._poses(seen_cm, watched)

        def scaled(gain: float, frames: slice | list[int] = _ALL) -> Parts:
            """Return the poses of some frames with the motion multiplied by a gain; blinks keep their size."""
            if own is not None:
                if shut_by_rig:
                    # The rig's blink moves the skin around the lids too, which must not move twice.
                    rest = seen_cm[frames] - fit * own.seen_cm[frames]
                    moved = strength * gain * own.away * rest
                else:
                    moved = strength * gain * own.away * seen_cm[frames] + own.lids_cm[frames]
                return self._poses(moved.astype(np.float32), None)
            assert poses is not None
            return self._scaled(tuple(part[frames] for part in poses), strength * gain)

        size = 1.0
        chosen = key_frames(seen_cm) if own is None else frames_without_blink(seen_cm, own.lids_cm)
        if self.settings.calibrate and not self._raw and chosen:
            meter = PortraitMeter(self.portrait)
            found = measured_gain(
                strength * seen_cm[chosen],
                lambda gain: self._rendered(scaled(gain, chosen)),
                meter.measure,
            )
            said.facts["gain"] = round(found.factor, 4)
            if found.note is not None:
                said.notes.append(found.note)
            size = found.factor
        elif self.settings.calibrate and not self._raw:
            said.notes.append(
                "hardly anything moves but blinking lids, so the size of the rest is not calibrated"
            )
        shut = self._lids.moved(own.lids_cm) if own and shut_by_rig else None
        yield from self._rendered(scaled(size), shut)

    def _watch(self, driver: Driver) -> Watched:
        """Run the network on the driver's pictures."""
        assert driver.frames is not None
        config = self.net.config
        watched = watch_driver(
            driver.watched,
            driver.frames(),
            self._detected,
            size=config.image_px,
            count=config.points,
            with_points=config.has_prior,
            batch_size=self.settings.batch_size,
            neutral=driver.baseline,
            square=config.square,
        )
        return watched.at(driver.motion.kept().times_seconds)

    def _detected(self, cuts: np.ndarray, points: np.ndarray | None) -> tuple[np.ndarray, ...]:
        """Return the keypoints or regions that the network finds in pictures.

        It always computes in float32: the steps of half precision are larger than a micro-expression.
        """
        import torch

        with torch.inference_mode():
            given = None if points is None else self._tensor(points)
            parts = self.net.detect(self._images(cuts), given)
            return tuple(part.float().cpu().numpy() for part in parts)

    def _poses(
        self, field_cm: Float32[np.ndarray, "frames 468 2"], watched: Watched | None
    ) -> Parts:
        """Return the portrait's keypoints or regions in each frame, without a gain or a strength."""
        import torch

        config, articulation = self.net.config, self.articulation
        with torch.inference_mode():
            face = self.portrait.face
            points = None
            if config.has_prior:
                if self._measured:
                    maps = measured_maps(face, field_cm, config.points, square=config.square)
                    change = self._change(field_cm), maps - _UNTURNED
                    if self.settings.calibrate and not self._raw:
                        wanted = moved_vertices(face, field_cm, config.square) - self._vertices
                        change = self._fit.fitted(*change, wanted)
                    return self._turned(*change)
                points = self.net.own_points(self._points(field_cm))
            if watched is None:
                assert points is not None, "a network without a prior looks at frames"
                return articulation.from_points(self._source, points)
            now = tuple(self._tensor(part) for part in watched.parts)
            neutral = tuple(self._tensor(part) for part in watched.neutral)
            poses = articulation.relative(self._own, now, neutral)
            return poses if points is None else (points, *poses[1:])

    @cached_property
    def _fit(self) -> PointFit:
        """Finds the motion of the points with which the network moves the vertices as the driver's."""
        return PointFit(self.net.config.point_count, self._answer)

    def _answer(
        self,
        shift: Float32[np.ndarray, "n points 2"],
        stretch: Float32[np.ndarray, "n points 2 2"],
    ) -> Float32[np.ndarray, "n 468 2"]:
        """Return how far the network moves the vertices, normalised, to first order; see `PointFit`."""
        vertices = self._tensor(self._vertices)
        moved = []
        for start in range(0, len(shift), self.settings.batch_size):
            part = slice(start, start + self.settings.batch_size)
            pose = self.articulation.for_net(self._turned(shift[part], stretch[part]))
            with in_precision(self._device, self.settings.precision):
                motion = self.net.motion(self._source, pose)
            moved.append(moved_by(motion.displacement, vertices).cpu().numpy())
        result: np.ndarray = np.concatenate(moved) * self._lift.vertex_share[:, None]
        return result

    def _turned(
        self,
        shift: Float32[np.ndarray, "n points 2"],
        stretch: Float32[np.ndarray, "n points 2 2"],
    ) -> Parts:
        """Return the portrait's parts after a change of its points, normalised, and of the linear maps around them."""
        points = self.net.own_points(self._points(_STILL) + self._tensor(shift))
        return self.articulation.turned(self._own, points, self._tensor(_UNTURNED + stretch))

    def _change(
        self, field_cm: Float32[np.ndarray, "frames 468 2"]
    ) -> Float32[np.ndarray, "frames points 2"]:
        """Return how far a motion moves the portrait's prior points, normalised."""
        moved: np.ndarray = (self._points(field_cm) - self._points(_STILL)).cpu().numpy()
        return moved

    @property
    def _vertices(self) -> Float64[np.ndarray, "1 468 2"]:
        """The portrait's vertices, normalised."""
        return moved_vertices(self.portrait.face, _STILL, self.net.config.square)

    def _absolute(self, driver: Driver, watched: Watched | None) -> Parts:
        """Return the portrait's keypoints or regions in each frame, posed as the driver's are."""
        import torch

        articulation = self.articulation
        with torch.inference_mode():
            if watched is not None:
                now = tuple(self._tensor(part) for part in watched.parts)
            else:
                times = driver.motion.kept().times_seconds
                config = self.net.config
                found = points_of_driver(driver.watched, config.points, config.square).at(times)
                if config.measured_maps and self.settings.driving == "absolute":
                    maps = absolute_maps(
                        *(self.portrait.face, driver.motion, config.points, config.square)
                    )
                    points = self.net.own_points(self._tensor(found.parts[0]))
                    return articulation.turned(self._own, points, self._tensor(maps))
                now = articulation.at_points(self._tensor(found.parts[0]))
            return articulation.absolute(self._own, now)

    def _scaled(self, poses: Parts, strength: float) -> Parts:
        """Multiply the change of poses from the portrait's own."""
        import torch

        if strength == 1.0:
            return poses
        with torch.inference_mode():
            return self.articulation.scaled(self._own, poses, strength)

    def _rendered(self, poses: Parts, shut: Iterator[Image] | None = None) -> Iterator[Image]:
        """Make one frame for each pose.

        Args:
            poses: The keypoints or regions in each frame.
            shut: The picture to move in each frame, the portrait with its lids closed; None moves the portrait itself.
        """
        import torch

        if self._raw:
            yield from self._own_pictures(poses)
            return

        for start in range(0, len(poses[0]), self.settings.batch_size):
            with torch.inference_mode():
                batch = tuple(part[start : start + self.settings.batch_size] for part in poses)
                moving = [i for i in range(len(batch[0])) if not self._resting(batch, i)]
                moved: np.ndarray = np.zeros((0, 1, 1, 2), np.float32)
                painted: list[Paint | None] = []
                if moving:
                    moved, painted = self._animate(tuple(p[moving] for p in batch))
            for index in range(len(batch[0])):
                image = self.portrait.image if shut is None else next(shut)
                if index not in moving:
                    yield np.array(image)
                    continue
                at = moving.index(index)
                yield self._lift.move(moved[at], painted[at], image=image)

    @property
    def _measured(self) -> bool:
        """Whether the linear maps around points are those measured on the driver."""
        return measured_maps_asked(self.settings, self.net.config)

    @property
    def _raw(self) -> bool:
        """Whether the network's own picture is shown."""
        return self.settings.show == "raw"

    def _own_pictures(self, poses: Parts) -> Iterator[Image]:
        """Make the network's own square picture for each pose."""
        import torch

        for start in range(0, len(poses[0]), self.settings.batch_size):
            batch = tuple(part[start : start + self.settings.batch_size] for part in poses)
            with torch.inference_mode(), in_precision(self._device, self.settings.precision):
                made = self.net.animate(self._source, self.articulation.for_net(batch))
                images = made.images.float().permute(0, 2, 3, 1).cpu().numpy()
            yield from map(as_picture, images)

    def _animate(self, pose: Parts) -> tuple[np.ndarray, list[Paint | None]]:
        """Return displacements (N, h, w, 2), and the paint of each of the N frames (None without painting)."""
        with in_precision(self._device, self.settings.precision):
            made = self.net.animate(self._source, self.articulation.for_net(pose))
        displacement = made.motion.displacement.float()
        moved = displacement.permute(0, 2, 3, 1).cpu().numpy()
        if not self.settings.painted:
            return moved, [None] * len(moved)
        images = made.images.float()
        shares = painted_share(made.motion.occlusion, self._shown_at_rest, images.shape[-1])
        beyond = painted_beyond(images, displacement, self._at_rest, shares)
        changes, pictures = (part.permute(0, 2, 3, 1).cpu().numpy() for part in (beyond, images))
        return moved, list(map(Paint, changes, pictures, shares.cpu().numpy()))

    def _resting(self, poses: Parts, index: int) -> bool:
        return all(bool((p[index] == o[0]).all()) for p, o in zip(poses, self._own, strict=True))

    def _points(self, field_cm: Float32[np.ndarray, "frames 468 2"]) -> Tensor:
        """Return the portrait's prior points after a motion, in Mien's coordinates of its square."""
        config = self.net.config
        return self._tensor(
            moved_points(self.portrait.face, field_cm, config.points, config.square)
        )

    def _images(self, images: Float32[np.ndarray, "n 3 size size"]) -> Tensor:
        import torch

        return self._tensor(images).contiguous(memory_format=torch.channels_last)

    def _tensor(self, values: np.ndarray) -> Tensor:
        import torch

        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(self._device)
