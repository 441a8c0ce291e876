"""Measure action units from a motion field by inverting the rig, for each frame and each side of the face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.au.catalog import RIG_NAMES
from mien.au.track import AUTrack
from mien.errors import NoFaceError
from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.field import Baseline, MotionField
from mien.motion.rigid import RigidMotion
from mien.motion.unit_confidence import bridged, unit_confidence
from mien.rig.seen import load_lifted_lids, seen_basis
from mien.rig.solve import FitSettings, RigSolver, in_plane
from mien.scratch import by_parts

BLINK_SECONDS = 0.5
"""A closure longer than this is AU43 (eyes closed); a shorter one is AU45 (blink)."""
CLOSED_INTENSITY = 0.5
"""From this intensity on, the eye counts as closing."""
LID_WEIGHT = 0.5
"""Weight of the vertices at the lids' edges, where flow also measures the eyeball's motion."""
MOUTH_CM = 2.0
"""Sigma around the mouth's middle with which the skin moves when the mouth is pulled to one side."""


@dataclass(frozen=True, eq=False)
class MeasuredAUs:
    """The action units of the face in a clip.

    Attributes:
        track: Sided intensities (`RIG_NAMES` without ``unseen``) relative to the baseline, up to the last frame with
            the face. Its confidence is the vertices' mean confidence; where there is motion, it is multiplied by a
            factor that falls with the share of the motion that no AU explains. In gaps of the field it is 0.
        confidence: (T, A) how far each intensity can be trusted, see `mien.motion.unit_confidence`. It is 0 where an AU
            was not measured: in gaps, and where most of the skin that it moves is covered or outside the picture. There
            the intensities in ``track`` are interpolated linearly in time.
        explained: (T,) the share of the motion that the AUs explain, 0 to 1.
        residual_cm: (T,) root mean square of the motion that no AU explains, canonical centimetres.
        times_seconds: (N,) the times of all the clip's frames, N >= T.
        lost_at: The frame from which on the face is lost for good; None if it is not.
        still: Whether nothing moved at all.
        unseen: Sided AUs that were measured in no frame, because most of their motion lies outside the picture or is
            covered.

    Raises:
        ValueError: Arrays whose shapes do not fit together.
    """

    track: AUTrack
    confidence: Float32[np.ndarray, "frames aus"]
    explained: Float32[np.ndarray, " frames"]
    residual_cm: Float32[np.ndarray, " frames"]
    times_seconds: Float64[np.ndarray, " all"]
    lost_at: int | None = None
    still: bool = False
    unseen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frames = len(self.track)
        expected = len(self.times_seconds) if self.lost_at is None else self.lost_at
        if frames != expected:
            raise ValueError(f"expected a track of {expected} frames, got {frames}")
        if self.confidence.shape != self.track.values.shape:
            raise ValueError(
                f"expected confidence of shape {self.track.values.shape}, got {self.confidence.shape}"
            )
        self.confidence.setflags(write=False)
        for name in ("explained", "residual_cm"):
            array = getattr(self, name)
            if array.shape != (frames,):
                raise ValueError(f"expected {name} of shape {(frames,)}, got {array.shape}")
            array.setflags(write=False)

    @property
    def measured(self) -> Bool[np.ndarray, "frames aus"]:
        """(T, A) bool: whether an intensity was measured."""
        measured: np.ndarray = self.confidence > 0
        return measured

    def strongest(self, *, blinks: bool = False) -> tuple[str, float, int]:
        """Return the name, intensity and frame of the AU with the highest peak.

        Args:
            blinks: Whether AU43 and AU45 count.
        """
        values = self.track.values.copy()
        if not blinks:
            closing = [name.startswith(("AU43", "AU45")) for name in self.track.names]
            values[:, closing] = -1
        frame, column = np.unravel_index(int(values.argmax()), values.shape)
        return self.track.names[column], float(values[frame, column]), int(frame)


def measure_aus(
    field: MotionField,
    baseline: Baseline = "first",
    *,
    settings: FitSettings | None = None,
) -> MeasuredAUs:
    """Measure a clip's action units.

    Args:
        field: The clip's motion.
        baseline: The neutral frame from which intensities count; see `MotionField.relative_to`.
        settings: How the rig is fitted.

    Raises:
        NoFaceError: The face is lost in the first frame, or none of its vertices could be tracked.
        UsageError: A baseline that is not in the clip.
    """
    if field.lost_at == 0:
        raise NoFaceError(
            "expected a face in the clip's first frame, got none that can be followed"
        )
    if not field.seen.any():
        raise NoFaceError(
            "expected a face whose motion can be followed, got none of its "
            f"{mesh.VERTEX_COUNT} vertices back at its place: use a sharper or better lit clip"
        )
    kept = field.relative_to(baseline).kept()
    scale = _eye_weights()
    basis = seen_basis(field.face, field.flow)
    solver = RigSolver(
        basis, field.face, free_motion(field.face), settings, load_lifted_lids(field.flow)
    )
    fit = solver.fit(kept.displacement_cm, kept.confidence, field.frame_seconds, scale)
    # A frame without motion has nothing to explain, so only its vertices decide about its confidence.
    noise = float(np.median(fit.residual_cm))
    moving = _moving_share(kept.displacement_cm, kept.confidence, scale, noise)
    explained = 1 - moving * (1 - np.sqrt(fit.explained))
    by_unit = unit_confidence(
        in_plane(basis, field.face), kept.confidence, fit.residual_cm, explained, kept.followed
    )
    values = np.zeros_like(fit.intensities) if field.still else fit.intensities
    # Unseen AUs are fitted too, so that no visible AU is fitted in their place.
    values = bridged(values, by_unit > 0, kept.times_seconds)
    _name_closures(values, kept.times_seconds)
    reported = np.flatnonzero((by_unit > 0).any(0))
    unseen = tuple(name for index, name in enumerate(RIG_NAMES) if index not in reported)
    total = by_parts(
        lambda part: (kept.confidence[part].astype(np.float64) * scale).sum(1), len(kept)
    )
    sure = np.clip(total / max(scale.sum(), 1e-9), 0, 1)
    confidence = sure * explained * kept.followed
    track = AUTrack(
        tuple(RIG_NAMES[index] for index in reported),
        values[:, reported],
        kept.times_seconds,
        confidence.astype(np.float32),
    )
    return MeasuredAUs(
        track,
        by_unit[:, reported],
        fit.explained,
        fit.residual_cm,
        field.times_seconds,
        field.lost_at,
        field.still,
        unseen,
    )


def free_motion(face: Face) -> Float64[np.ndarray, "468 2 7"]:
    """Return motions that are not action units of the catalogue, in-plane canonical centimetres.

    These are the six small motions of a rigid head, and one sideways motion of jaw and mouth (AU30, to either side).
    Without the sideways motion, a mouth pulled to one side would be measured as a dozen units of the lips.
    """
    rigid = np.moveaxis(RigidMotion(face).columns_px(), -1, 0)
    columns = list(face.pose.unproject_vectors(rigid)[..., :2])
    canonical = mesh.canonical_vertices().astype(np.float64)
    mouth = canonical[[v for border in mesh.OPENINGS[0] for v in border]].mean(0)
    near = np.exp(-0.5 * ((canonical - mouth) ** 2).sum(1) / MOUTH_CM**2)
    columns.append(np.stack([near, np.zeros_like(near)], axis=1))
    return np.stack(columns, axis=-1)


def _eye_weights() -> Float64[np.ndarray, " 468"]:
    """Return weights of the vertices: `LID_WEIGHT` at the lids' edges, and 1 elsewhere."""
    weights = np.ones(mesh.VERTEX_COUNT)
    for upper, lower in mesh.OPENINGS[1:]:
        weights[list(upper + lower)] = LID_WEIGHT
    return weights


def _moving_share(
    field_cm: np.ndarray, confidence: np.ndarray, scale: np.ndarray, noise_cm: float
) -> np.ndarray:
    """Return (T,) values: 0 where a frame's motion is noise, 1 where it is far above noise."""

    def size_of(part: slice) -> np.ndarray:
        weights = confidence[part].astype(np.float64) * scale
        total = np.maximum(weights.sum(1), 1e-9)
        size: np.ndarray = np.sqrt(((field_cm[part] ** 2).sum(2) * weights).sum(1) / total)
        return size

    size = by_parts(size_of, len(field_cm))
    share: np.ndarray = size**2 / (size**2 + 4 * noise_cm**2 + 1e-12)
    return share


def _name_closures(values: np.ndarray, times_seconds: np.ndarray) -> None:
    """Move closures longer than `BLINK_SECONDS` from AU45 to AU43, in place."""
    for side in "LR":
        blink, closed = (RIG_NAMES.index(f"{au}{side}") for au in ("AU45", "AU43"))
        edges = np.flatnonzero(
            np.diff(np.concatenate([[0], values[:, blink] >= CLOSED_INTENSITY, [0]]).astype(int))
        )
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            if times_seconds[stop - 1] - times_seconds[start] > BLINK_SECONDS:
                values[start:stop, closed] = values[start:stop, blink]
                values[start:stop, blink] = 0
