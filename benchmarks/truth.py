"""Make clips with known action units by a rig that differs from the one that measures.

A measurement with the same shapes that made the clip would prove little. Here every shape is bent, the face has another
build (ICT-FaceKit's identity modes), and the warped places differ a little from the landmarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from scipy.spatial import cKDTree

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.statistics import statistics_table
from mien.au.track import AUTrack
from mien.engines.rig.settings import RigSettings
from mien.face import mesh
from mien.face.portrait import Face, Portrait
from mien.render.warp import PortraitWarper
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise
from mien.types import Image

FPS = 200
WAVE_CM = 3.0
"""Distance from which two places of a face are bent independently."""


@dataclass(frozen=True)
class TruthOptions:
    """How the rig that makes a clip differs from the one that measures it.

    Attributes:
        shape_share: Each shape is bent by up to this share of its own norm.
        identity_sigma: Standard deviation of the identity modes' weights.
        warp_cm: Root mean square of the smooth error of the landmarks in the rendered face.
        noise_levels: Standard deviation of the camera noise, grey levels.
        jpeg_quality: JPEG quality of every frame; 0 for no compression.
        head_share: How far the head moves in the clip, as a share of the face's width.
    """

    shape_share: float = 0.2
    identity_sigma: float = 1.0
    warp_cm: float = 0.1
    noise_levels: float = 2.0
    jpeg_quality: int = 90
    head_share: float = 0.005


def smooth_noise(rng: np.random.Generator, channels: int, wave_cm: float = WAVE_CM) -> np.ndarray:
    """Draw random functions (468, channels) over the face that change over ``wave_cm``; root mean square 1."""
    points = mesh.canonical_vertices().astype(np.float64)
    waves = rng.normal(size=(64, 3)) / wave_cm
    phases = rng.uniform(0, 2 * np.pi, 64)
    values = np.cos(points @ waves.T + phases) @ rng.normal(size=(64, channels))
    scaled: np.ndarray = values / np.sqrt((values**2).mean(0))
    return scaled


def bend_shapes(basis: RigBasis, rng: np.random.Generator, share: float) -> RigBasis:
    """Bend every shape smoothly by up to a share of its norm (uniform from half of it to all of it)."""
    shapes = np.array(basis.displacements_cm, np.float64)
    for index, shape in enumerate(shapes):
        bent = np.einsum("vij,vj->vi", smooth_noise(rng, 9).reshape(-1, 3, 3), shape)
        size = share * rng.uniform(0.5, 1) * np.linalg.norm(shape)
        shapes[index] = shape + bent * size / max(np.linalg.norm(bent), 1e-12)
    return RigBasis(basis.names, shapes.astype(np.float32))


def identity_field(source: Path, rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Draw another person's build from ICT-FaceKit's identity modes: displacement (468, 3) in centimetres.

    Args:
        source: Folder with ``ict_facekit.npz``.
        rng: Source of the modes' random weights.
        sigma: Standard deviation of these weights.
    """
    kit = np.load(source / "ict_facekit.npz")
    turn = np.array([1.0, -1.0, -1.0])
    skin = kit["neutral"][:9409].astype(np.float64) * turn
    modes = kit["identities"][:, :9409].astype(np.float64) * turn
    canonical = mesh.canonical_vertices().astype(np.float64)
    pairs = canonical[list(mesh.LANDMARKS_68)][:60]
    own = skin[kit["landmark68"][:60]]
    scale = np.linalg.norm(pairs - pairs.mean(0)) / np.linalg.norm(own - own.mean(0))
    placed = (skin - own.mean(0)) * scale + pairs.mean(0)
    distance, near = cKDTree(placed).query(canonical, k=12)
    weights = np.exp(-0.5 * ((distance - distance[:, :1]) / 0.3) ** 2)
    weights /= weights.sum(1, keepdims=True)
    total = np.tensordot(rng.normal(0, sigma, len(modes)), modes, axes=1) * scale
    carried = np.einsum("vk,vkc->vc", weights, total[near])
    centred: np.ndarray = carried - carried.mean(0)
    return centred


def carry_shapes(basis: RigBasis, identity_cm: np.ndarray) -> RigBasis:
    """Carry the shapes to another build: each displacement is stretched and turned as the build is at its vertex."""
    canonical = mesh.canonical_vertices().astype(np.float64)
    _, near = cKDTree(canonical).query(canonical, k=24)
    stretch = np.empty((mesh.VERTEX_COUNT, 3, 3))
    for vertex, others in enumerate(near):
        before = canonical[others] - canonical[others].mean(0)
        change = identity_cm[others] - identity_cm[others].mean(0)
        stretch[vertex] = np.linalg.solve(before.T @ before + 0.5 * np.eye(3), before.T @ change).T
    shapes = basis.displacements_cm + np.einsum("vij,kvj->kvi", stretch, basis.displacements_cm)
    return RigBasis(basis.names, shapes.astype(np.float32))


def shift_landmarks(face: Face, rng: np.random.Generator, rms_cm: float) -> Face:
    """Return the face with smoothly shifted landmarks, so that the warped places differ from the measured ones."""
    shift = np.zeros_like(face.landmarks)
    shift[: mesh.VERTEX_COUNT, :2] = (
        smooth_noise(rng, 2) * rms_cm / np.sqrt(2) * face.pose.scale_px_per_cm
    )
    return replace(face, landmarks=face.landmarks + shift)


def random_expression(
    rng: np.random.Generator, *, coded: bool = True, blinks: bool = False
) -> Expression:
    """Draw one to three action units with peaks from 0.5 to 3.

    Args:
        rng: Source of the random choices.
        coded: Whether sets and sides are as people coded them (`statistics_table`); otherwise any AUs of the rig but
            those that close the eyes.
        blinks: Whether AU45 may be among coded AUs.
    """
    if coded:
        table = statistics_table().tables
        rows = [c for emotions in table.values() for found in emotions.values() for c in found]
        closing = {"AU43", "AU45"} if not blinks else {"AU43"}
        rows = [
            c for c in rows if len(c.aus) <= 3 and not {a.rstrip("LR") for a in c.aus} & closing
        ]
        shares = np.array([c.rows for c in rows], np.float64)
        aus: Sequence[str] = rows[rng.choice(len(rows), p=shares / shares.sum())].aus
    else:
        names = [
            n for n in load_basis().names if not n.startswith("AU4") or n[:4] in ("AU4L", "AU4R")
        ]
        aus = list(rng.choice(names, rng.integers(1, 4), replace=False))
    onset, rise, fall = rng.uniform(0.02, 0.06), rng.uniform(0.07, 0.15), rng.uniform(0.08, 0.2)
    apex = round(onset + rise, 4)
    return Expression(
        tuple(
            Envelope(
                str(au), round(onset, 4), apex, apex, round(apex + fall, 4),
                round(rng.uniform(0.5, 3.0), 3), "minimum_jerk",
            )
            for au in aus
        ),
        "truth",
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class TruthClip:
    """A clip and its ground truth."""

    track: AUTrack
    frames: tuple[Image, ...]

    def timed(self) -> Iterator[tuple[float, Image]]:
        """Yield the frames with their times."""
        yield from zip(self.track.times_seconds.tolist(), self.frames, strict=True)


def make_clip(
    portrait: Portrait,
    expression: Expression,
    rng: np.random.Generator,
    source: Path,
    options: TruthOptions | None = None,
) -> TruthClip:
    """Render an expression on a portrait with a perturbed rig, then move the head, and add noise and compression."""
    options = options or TruthOptions()
    track = expression.track(FPS, 0.0, 0.03)
    basis = personalise(load_basis(), portrait.face)
    basis = carry_shapes(basis, identity_field(source, rng, options.identity_sigma))
    basis = bend_shapes(basis, rng, options.shape_share)
    moved = Portrait(portrait.image, shift_landmarks(portrait.face, rng, options.warp_cm))
    warper = PortraitWarper(moved, shading=RigSettings().shading)
    head = _head_path(portrait.face, rng, options.head_share, len(track))
    frames = []
    for displacement, matrix in zip(basis.displace(track), head, strict=True):
        frame = np.asarray(warper.warp(displacement)[..., :3])
        height, width = frame.shape[:2]
        frame = cv2.warpAffine(
            frame, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        frames.append(_camera(frame, rng, options))
    return TruthClip(track, tuple(frames))


def _head_path(face: Face, rng: np.random.Generator, share: float, frames: int) -> np.ndarray:
    """Draw (T, 2, 3) small shifts, turns and growths, none in the first frame; ``share`` is of the face's width."""
    course = np.sin(np.linspace(0, rng.uniform(0.8, 1.6), frames) * np.pi / 2)
    angle = rng.uniform(0, 2 * np.pi)
    size = share * face.width_px
    centre = (face.box_px[:2] + face.box_px[2:]) / 2
    turn, growth = rng.uniform(-1, 1, 2) * share * np.array([0.7, 0.4])
    path = []
    for c in course:
        linear = (1 + growth * c) * np.array(
            [[np.cos(turn * c), -np.sin(turn * c)], [np.sin(turn * c), np.cos(turn * c)]]
        )
        shift = centre - linear @ centre + size * c * np.array([np.cos(angle), np.sin(angle)])
        path.append(np.column_stack([linear, shift]))
    return np.stack(path)


def _camera(frame: Image, rng: np.random.Generator, options: TruthOptions) -> Image:
    noisy = frame + rng.normal(0, options.noise_levels, frame.shape)
    result = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    if not options.jpeg_quality:
        return result
    _, code = cv2.imencode(
        ".jpg", result[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, options.jpeg_quality]
    )
    decoded: Image = cv2.imdecode(code, cv2.IMREAD_COLOR)  # type: ignore[assignment]
    return np.ascontiguousarray(decoded[..., ::-1])
