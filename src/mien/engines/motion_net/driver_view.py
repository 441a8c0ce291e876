"""A driver's face as a motion network sees it: the head is held still, and its points follow the measured flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from jaxtyping import Float32, Float64

from mien.errors import UsageError
from mien.face import mesh
from mien.face.crop import FaceCrop
from mien.face.local_maps import REACH_CM, local_maps
from mien.face.portrait import Face
from mien.face.prior_points import prior_points
from mien.face.square import WHOLE_SQUARE, SquareSize, face_square
from mien.motion.denoise import components, steadied
from mien.motion.field import Baseline, MotionField
from mien.motion.rigid import RigidMotion
from mien.types import Image


@dataclass(frozen=True, eq=False)
class Watched:
    """What a network found in a driver's pictures.

    Attributes:
        parts: The network's keypoints or regions as arrays (T, K, ...), smoothed in time; positions come first.
        times_seconds: (T,) times of the driver's frames.
        neutral: Like ``parts``, of the neutral frame.
    """

    parts: tuple[Float64[np.ndarray, "frames points *rest"], ...]
    times_seconds: Float64[np.ndarray, " frames"]
    neutral: tuple[Float64[np.ndarray, "one points *rest"], ...]

    def at(self, times_seconds: Float64[np.ndarray, " n"]) -> Watched:
        """Interpolate linearly to other times."""

        def resampled(values: np.ndarray) -> np.ndarray:
            columns = values.reshape(len(values), -1).T
            rows = [np.interp(times_seconds, self.times_seconds, column) for column in columns]
            return np.stack(rows, 1).reshape(-1, *values.shape[1:])

        return replace(self, parts=tuple(map(resampled, self.parts)), times_seconds=times_seconds)


def _around(face: Face, square: SquareSize) -> FaceCrop:
    return face_square(face.pose, side_cm=square.side_cm, down_cm=square.down_cm)


def moved_vertices(
    face: Face,
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    square: SquareSize = WHOLE_SQUARE,
) -> Float64[np.ndarray, "frames 468 2"]:
    """Return where the vertices lie in each frame of a moving face, in the coordinates of `moved_points`.

    Args:
        face: The face at rest.
        displacement_cm: (T, 468, 2) displacement of each vertex, canonical centimetres, without head motion.
        square: Size and place of the square.
    """
    flat = np.concatenate([displacement_cm, np.zeros_like(displacement_cm[..., :1])], -1)
    vertices_px = face.landmarks[: mesh.VERTEX_COUNT, :2] + face.pose.project_vectors(flat)
    return _around(face, square).normalised(vertices_px)


def moved_points(
    face: Face,
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    count: int | None,
    square: SquareSize = WHOLE_SQUARE,
) -> Float32[np.ndarray, "frames points 2"]:
    """Return where the facial-prior points lie in each frame of a moving face.

    Args:
        face: The face at rest.
        displacement_cm: (T, 468, 2) displacement of each vertex, canonical centimetres, without head motion.
        count: Number of points; None for the 18 published ones.
        square: Size and place of the square.

    Returns:
        (T, K, 2) normalised coordinates (x, y) in the square crop around the face at rest, [-1, 1] from edge to edge.
    """
    return prior_points(moved_vertices(face, displacement_cm, square), count).astype(np.float32)


def measured_maps(
    face: Face,
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    count: int | None,
    square: SquareSize = WHOLE_SQUARE,
) -> Float32[np.ndarray, "frames points 2 2"]:
    """Return the linear map around each prior point, fitted to the motion of the vertices near it.

    The fit is by least squares with Gaussian weights. Its result is what a perfect network would give as Jacobians.
    The published systems do not have it.

    Args:
        face: The face at rest.
        displacement_cm: (T, 468, 2) displacement of each vertex, canonical centimetres, without head motion.
        count: Number of points, as in `moved_points`.
        square: Size and place of the square.

    Returns:
        (T, K, 2, 2): row 0 gives the new x, row 1 the new y; the identity where all vertices move alike.
    """
    still = np.zeros((1, mesh.VERTEX_COUNT, 2), np.float32)
    points = moved_points(face, still, count, square)[0].astype(np.float64)
    motion_cm = np.concatenate([still, displacement_cm])
    every = moved_points(face, motion_cm, mesh.VERTEX_COUNT, square)
    vertices, moved = every[0].astype(np.float64), every[1:] - every[0]
    return local_maps(points, vertices, moved, REACH_CM / (square.side_cm / 2))


def absolute_maps(
    face: Face, motion: MotionField, count: int | None, square: SquareSize
) -> Float32[np.ndarray, "frames points 2 2"]:
    """Return the linear map around each point from a face at rest to a driver's own positions.

    Args:
        face: The face at rest, in its square.
        motion: The driver's motion; its vertices lie in its own square.
        count: Number of points, as in `moved_points`.
        square: Size and place of both squares.

    Returns:
        (T, K, 2, 2), as `measured_maps`.
    """
    kept = motion.kept()
    still = np.zeros((1, mesh.VERTEX_COUNT, 2), np.float32)
    own = moved_points(face, still, mesh.VERTEX_COUNT, square)[0].astype(np.float64)
    its = moved_points(kept.face, components(kept).field_cm(), mesh.VERTEX_COUNT, square)
    points = moved_points(face, still, count, square)[0].astype(np.float64)
    return local_maps(points, own, its - own, REACH_CM / (square.side_cm / 2))


def steady_square(
    face: Face, rigid_px: Float64[np.ndarray, " 6"], square: SquareSize = WHOLE_SQUARE
) -> FaceCrop:
    """Return the square around the face of a clip's first frame, moved with the head.

    Args:
        face: The face in the first frame.
        rigid_px: The head's motion since then; see `mien.motion.rigid.RigidMotion`.
        square: Size and place of the square.
    """
    return _around(face, square).moved(*RigidMotion(face).similarity_px(rigid_px))


def steady_cuts(
    motion: MotionField, frames: Iterable[Image], size: int, square: SquareSize = WHOLE_SQUARE
) -> Iterator[Float32[np.ndarray, "3 size size"]]:
    """Cut every frame to the driver's square.

    Args:
        motion: The driver's motion.
        frames: The driver's pictures, at least one for each frame before the face is lost.
        size: Side of the cuts, pixels.
        square: Size and place of the square.

    Yields:
        (3, size, size) RGB in [-1, 1].

    Raises:
        UsageError: There are fewer pictures.
    """
    pictures = iter(frames)
    rigid_px = motion.kept().rigid_px
    for index, parameters in enumerate(rigid_px):
        frame = next(pictures, None)
        if frame is None:
            raise UsageError(
                f"expected the driver's {len(rigid_px)} frames, as many as its motion has, got {index}"
            )
        cut = steady_square(motion.face, parameters, square).sample(
            np.ascontiguousarray(frame[..., :3]), size
        )
        yield (cut / np.float32(127.5) - 1).transpose(2, 0, 1)


def points_of_driver(motion: MotionField, count: int | None, square: SquareSize) -> Watched:
    """Return a driver's own prior points, for a network that looks at no pictures.

    Args:
        motion: The driver's motion since its first frame.
        count: Number of points, as in `moved_points`.
        square: Size and place of the driver's square.
    """
    kept = motion.kept()
    field_cm = components(kept).field_cm()
    points = moved_points(kept.face, field_cm, count, square=square).astype(np.float64)
    return Watched((points,), kept.times_seconds, (points[:1],))


def watch_driver(
    motion: MotionField,
    frames: Iterable[Image],
    detect: Callable[[np.ndarray, np.ndarray | None], tuple[np.ndarray, ...]],
    *,
    size: int,
    count: int | None,
    with_points: bool,
    batch_size: int,
    neutral: Baseline = "first",
    square: SquareSize = WHOLE_SQUARE,
) -> Watched:
    """Run a network on a driver's pictures, with the head held still, in batches.

    Args:
        motion: The driver's motion since its first frame.
        frames: Its pictures.
        detect: The network: takes (N, 3, S, S) pictures in [-1, 1] and, with a prior, their (N, K, 2) points.
        size: Side S of the pictures.
        count: Number of points, as in `moved_points`.
        with_points: Whether there is a prior.
        batch_size: Largest number N of pictures at a time.
        neutral: The frame that counts as neutral.
        square: Size and place of the square.

    Raises:
        UsageError: There are fewer frames than the motion has.
    """
    kept = motion.kept()
    points = None
    if with_points:
        points = moved_points(kept.face, components(kept).field_cm(), count, square)
    found: list[tuple[np.ndarray, ...]] = []
    done = 0
    pictures = steady_cuts(kept, frames, size, square)
    while cuts := list(islice(pictures, batch_size)):
        given = None if points is None else points[done : done + len(cuts)]
        found.append(detect(np.stack(cuts), given))
        done += len(cuts)
    steady = tuple(steadied(np.concatenate(part), kept) for part in zip(*found, strict=True))
    if neutral == "median":
        rest = tuple(np.median(part, axis=0, keepdims=True) for part in steady)
    else:
        at = 0 if neutral == "first" else int(neutral)
        rest = tuple(part[at : at + 1] for part in steady)
    return Watched(steady, kept.times_seconds, rest)
