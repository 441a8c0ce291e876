"""Invert the rig: find the action units, and their intensities, that explain a measured motion.

The fit is non-negative least squares on the (personalised) basis, seen from the face's own pose, with these additions:

- **Head motion.** The caller gives columns for the motions of a rigid head. They are fitted in every frame without a
  penalty, because the earlier removal of head motion may have taken some skin motion for head motion, or left some
  head motion in.
- **Robust weights.** A vertex that is far from the fit in a frame gets a small weight there (Cauchy). Examples are a
  change of gaze, a hidden lid, or a highlight.
- **Few action units.** From the front many shapes look similar: AU9 and AU10; AU6 and AU12; AU16, AU25 and AU26;
  AU23, AU24 and AU28; AU18 and AU22; AU7's upper lid and a weak blink. A logarithmic penalty on each action unit's
  peak in the *whole* clip keeps the unit that explains most and drops the units that add little. It is minimised by
  reweighted L1 (Candes, Wakin and Boyd 2008). The units that stay are then fitted again without the penalty.
- **Time.** A Gaussian smooths the field before the fit. All frames share one choice of action units, so no unit
  flickers in and out. In the last fit a dropped unit pays only a share of the penalty. It comes back if it explains
  more than that, so faint motion is read as a small intensity and not as zero.
- **What faces do.** A unit that coders rarely see (`mien.au.statistics`) has a larger penalty. A unit on one side of
  the face has a smaller penalty if the same unit moves on the other side.
- **Variants of a unit.** A variant of a shape, such as a raised brow that pulls the lid up, is one more column. Its
  intensity is added to that of the shape.

AU43 and AU45 have the same shape. One column, AU45, stands for both, and the caller tells them apart by their length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.au.intensity import MAX_INTENSITY
from mien.au.smooth import smoothed_part
from mien.au.statistics import statistics_table
from mien.errors import UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face
from mien.rig.basis import RigBasis
from mien.scratch import by_parts, mean_of_rows, parts_of, release, scratch_array
from mien.types import Intensities

UNFITTED = ("AU43L", "AU43R")
"""Shapes that are equal to AU45's and are therefore not fitted."""
CLOSING = ("AU43", "AU45")
CHUNK_FRAMES = 128
"""Number of frames whose weighted products are computed together.

All frames share one choice of units, so they are fitted together. Each frame's normal equations (15 kB) and robust
weights (4 kB) are kept by `mien.scratch`.
"""


@dataclass(frozen=True)
class FitSettings:
    """How a field is fitted.

    Attributes:
        sparsity: Weight of the penalty on each action unit's peak, as a share of the last pass's residual energy.
        floor_intensity: Intensity added to the peak in the penalty's denominator. Units with a peak far below it are
            dropped; units with a peak far above it hardly pay.
        passes: Number of reweighted passes; each one also computes new robust weights.
        steps: Accelerated gradient steps in each pass.
        cauchy_width: A residual of this many robust standard deviations counts half.
        smoothing_seconds: Sigma of the smoothing in time; 0 for none.
        drop_intensity: In the last fit, action units whose peak reaches this are fitted without a penalty.
        faint: Share of the penalty that the other units pay in the last fit.
        rarity: Growth of the penalty for a rare unit: this share more for each factor e by which coders saw the unit
            less often than the most common one.
        pairing: Share of the other side's peak that is added to a unit's own peak in the penalty's denominator, because
            most units move on both sides.
        ridge: Value added to the diagonal of the scaled normal equations, whose diagonal is about 1. It makes the
            solution unique where shapes are similar.
    """

    sparsity: float = 0.15
    floor_intensity: float = 0.3
    passes: int = 3
    steps: int = 80
    cauchy_width: float = 4.0
    smoothing_seconds: float = 0.008
    drop_intensity: float = 0.15
    faint: float = 0.1
    rarity: float = 0.3
    pairing: float = 0.5
    ridge: float = 0.002


@dataclass(frozen=True, eq=False)
class RigFit:
    """The action units that a field consists of.

    Attributes:
        intensities: (T, K) FACS intensities 0 to 5, columns as the basis's names; AU43's are 0.
        explained: (T,) share, 0 to 1, of the field's weighted energy without head motion that the intensities explain;
            0 in a frame without energy.
        residual_cm: (T,) root mean square over vertices of the motion that is not explained.
    """

    intensities: Intensities
    explained: Float32[np.ndarray, " frames"]
    residual_cm: Float32[np.ndarray, " frames"]


class _Smoothed:
    """A field (T, 936), smoothed in time when a part of it is read: a smoothed copy would take 7 kB a frame."""

    def __init__(self, field_cm: Float[np.ndarray, "frames 468 2"], sigma_frames: float) -> None:
        self._field, self._sigma = field_cm, sigma_frames

    def __len__(self) -> int:
        return len(self._field)

    def __getitem__(self, part: slice) -> Float64[np.ndarray, "part 936"]:
        return smoothed_part(self._field, self._sigma, part).reshape(part.stop - part.start, -1)


class _Scaled:
    """Weights (T, 468) times the factor of each vertex, converted to double precision when a part is read."""

    def __init__(self, weights: np.ndarray, scale: np.ndarray) -> None:
        self._weights, self._scale = weights, scale

    def __getitem__(self, part: slice) -> Float64[np.ndarray, "part 468"]:
        scaled: np.ndarray = self._weights[part].astype(np.float64) * self._scale
        return scaled


class RigSolver:
    """Fit motion fields of one face.

    Args:
        basis: The rig, fitted to the face (`mien.rig.personal.personalise`).
        face: The clip's first face; the basis is seen from its pose.
        free: (468, 2, F) motions that are fitted without a penalty, in-plane canonical centimetres.
        settings: How to fit.
        variants: Variants of some of the basis's shapes, under the same names.
    """

    def __init__(
        self,
        basis: RigBasis,
        face: Face,
        free: Float[np.ndarray, "468 2 free"],
        settings: FitSettings | None = None,
        variants: RigBasis | None = None,
    ) -> None:
        self.settings = settings or FitSettings()
        self._names = basis.names
        self._fitted = np.array([n for n, name in enumerate(basis.names) if name not in UNFITTED])
        seen = in_plane(basis, face)[self._fitted] / MAX_INTENSITY
        shape_names = [basis.names[n] for n in self._fitted]
        owners = list(range(len(shape_names)))
        if variants is not None:
            seen = np.concatenate([seen, in_plane(variants, face) / MAX_INTENSITY])
            owners += [shape_names.index(name) for name in variants.names]
        self._owners = np.array(owners)
        swap = str.maketrans("LR", "RL")
        self._twins = np.array(
            [shape_names.index(name[:-1] + name[-1].translate(swap)) for name in shape_names]
        )
        price = 1 + self.settings.rarity * rarities(shape_names)
        self._price = price[self._owners]
        columns = seen.reshape(len(seen), -1).T  # (936, K), x and y of a vertex side by side
        extra = np.asarray(free, np.float64).reshape(2 * VERTEX_COUNT, -1)
        extra = extra / np.maximum(np.linalg.norm(extra, axis=0), 1e-12)
        self._aus = columns.shape[1]
        self._design = np.concatenate([columns, extra], axis=1)

    def fit(
        self,
        field_cm: Float[np.ndarray, "frames 468 2"],
        weights: Float[np.ndarray, "frames 468"],
        frame_seconds: float,
        scale: Float[np.ndarray, " 468"] | None = None,
    ) -> RigFit:
        """Fit one motion field.

        Args:
            field_cm: The field in in-plane canonical centimetres, finite.
            weights: How reliable each vertex is in each frame, 0 or more.
            frame_seconds: The time between two frames.
            scale: Factor of each vertex's weights; None for 1.

        Raises:
            UsageError: The field and the weights differ in shape, or are not finite.
        """
        expected = (len(field_cm), VERTEX_COUNT, 2)
        if field_cm.shape != expected or weights.shape != expected[:2]:
            raise UsageError(
                f"expected a field {expected} and weights {expected[:2]}, "
                f"got {field_cm.shape} and {weights.shape}"
            )
        if not all(
            np.isfinite(array[p]).all()
            for array in (field_cm, weights)
            for p in parts_of(len(array))
        ):
            raise UsageError("expected a finite field and finite weights, got NaN or infinity")
        target = _Smoothed(field_cm, self.settings.smoothing_seconds / frame_seconds)
        given = _Scaled(weights, np.ones(VERTEX_COUNT) if scale is None else scale)
        values = scratch_array((len(target), self._aus), np.float64)
        penalty = np.zeros(self._aus)
        robust = scratch_array(weights.shape, np.float64)
        for part in parts_of(len(target)):
            robust[part] = 1
        for turn in range(self.settings.passes + 1):
            last = turn == self.settings.passes
            if last:
                kept = self._peaks(values) >= self.settings.drop_intensity
                penalty = np.where(kept[self._owners], 0.0, self.settings.faint * penalty)
            gram, right, energy = self._normal(target, given, robust)
            self._descend(gram, right, penalty, values)
            left = np.empty(len(target))
            for part in parts_of(len(target)):
                own = values[part]
                left[part] = (
                    energy[part]
                    - 2 * (right[part] * own).sum(1)
                    + np.einsum("tk,tkl,tl->t", own, gram[part], own)
                )
            del gram, right
            if last:
                break
            self._robust(target, values, robust, given)
            unit = self.settings.sparsity * max(float(left.mean()), 1e-12)
            peaks = self._peaks(values)
            peaks = (peaks + self.settings.pairing * peaks[self._twins])[self._owners]
            penalty = unit * self._price / (peaks + self.settings.floor_intensity)
        total = by_parts(lambda part: (given[part] * robust[part]).sum(1), len(target))
        intensities = np.zeros((len(target), len(self._names)), np.float32)
        for part in parts_of(len(target)):
            units = np.minimum(self._units(values[part]), MAX_INTENSITY)
            intensities[part, self._fitted] = units
        left = np.maximum(left, 0)
        explained = np.where(energy > 1e-12, 1 - left / np.maximum(energy, 1e-12), 0)
        return RigFit(
            intensities,
            np.clip(explained, 0, 1).astype(np.float32),
            np.sqrt(left / np.maximum(total, 1e-9)).astype(np.float32),
        )

    def _units(self, values: np.ndarray) -> np.ndarray:
        """Return the intensities (T, K) of each fitted shape, with those of its variants added."""
        total = np.zeros((len(self._fitted), len(values)))
        np.add.at(total, self._owners, values.T)
        return total.T

    def _peaks(self, values: np.ndarray) -> np.ndarray:
        """Return the largest intensity (K,) of each fitted shape."""
        found = [self._units(values[part]).max(0) for part in parts_of(len(values))]
        peaks: np.ndarray = np.max(found, axis=0)
        return peaks

    def _normal(
        self, target: _Smoothed, given: _Scaled, robust: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return each frame's normal equations, (T, K, K) and (T, K), and energy (T,), free columns eliminated."""
        design, aus = self._design, self._aus
        single = design.astype(np.float32)
        gram = scratch_array((len(target), aus, aus), np.float64)
        right = scratch_array((len(target), aus), np.float64)
        energy = np.empty(len(target))
        for start in range(0, len(target), CHUNK_FRAMES):
            part = slice(start, min(start + CHUNK_FRAMES, len(target)))
            rows = np.repeat(given[part] * robust[part], 2, axis=1)
            aim = target[part]
            # Single precision here halves the time of the fit; the eliminations below need double precision.
            narrow = rows.astype(np.float32)
            full = ((single.T[None] * narrow[:, None]) @ single).astype(np.float64)
            weighted = rows * aim
            full_right = weighted @ design
            across = full[:, :aus, aus:]
            rigid = full[:, aus:, aus:] + 1e-9 * np.eye(full.shape[1] - aus)
            known = np.concatenate([np.swapaxes(across, 1, 2), full_right[:, aus:, None]], axis=2)
            solved = np.linalg.solve(rigid, known)
            gram[part] = full[:, :aus, :aus] - across @ solved[:, :, :aus]
            right[part] = full_right[:, :aus] - (across @ solved[:, :, aus:])[..., 0]
            energy[part] = (weighted * aim).sum(1) - (full_right[:, aus:] * solved[:, :, aus]).sum(
                1
            )
            release()
        return gram, right, energy

    def _descend(
        self, gram: np.ndarray, right: np.ndarray, penalty: np.ndarray, values: np.ndarray
    ) -> None:
        """Minimise x'Gx/2 - (right - penalty)'x over 0 <= x <= 5 by FISTA; all frames scale the columns equally.

        ``values`` (T, K) holds the start of the search and is replaced by the result.
        """
        frames = len(right)
        diagonals = (gram[part].diagonal(axis1=1, axis2=2) for part in parts_of(frames))
        size = np.sqrt(np.maximum(mean_of_rows(diagonals, frames), 1e-12))
        for part in parts_of(frames):
            values[part] = self._descend_part(gram[part], right[part], penalty, values[part], size)

    def _descend_part(
        self,
        gram: np.ndarray,
        right: np.ndarray,
        penalty: np.ndarray,
        start: np.ndarray,
        size: np.ndarray,
    ) -> np.ndarray:
        """Minimise for several frames at once."""
        scaled = (gram / size / size[:, None]).astype(np.float32)
        index = np.arange(self._aus)
        scaled[:, index, index] += self.settings.ridge
        pull = ((right - penalty) / size).astype(np.float32)
        top = (MAX_INTENSITY * size).astype(np.float32)
        step = 1 / np.maximum(np.abs(scaled).sum(2).max(1), 1e-6)[:, None]
        x = np.minimum((start * size).astype(np.float32), top)
        y, momentum = x, 1.0
        for _ in range(self.settings.steps):
            slope = np.matmul(scaled, y[..., None])[..., 0] - pull
            new = np.clip(y - step * slope, 0, top)
            following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            y = new + np.float32((momentum - 1) / following) * (new - x)
            x, momentum = new, following
        values: np.ndarray = x / size
        return values

    def _robust(
        self, target: _Smoothed, values: np.ndarray, robust: np.ndarray, given: _Scaled
    ) -> None:
        """Compute Cauchy weights (T, 468), which are small where much of a vertex's motion is unexplained.

        Args:
            target: The field.
            values: (T, K) the fit.
            robust: The previous weights; replaced by the new ones.
            given: The weights that the caller gave.
        """
        frames = len(target)
        free = self._design[:, self._aus :]
        mean = mean_of_rows((given[p] * robust[p] for p in parts_of(frames)), frames)
        shared = np.repeat(mean, 2)[:, None] * free
        system = shared.T @ free + 1e-9 * np.eye(free.shape[1])
        counted = mean_of_rows((given[part] for part in parts_of(frames)), frames) > 0
        for part in parts_of(frames):
            left = target[part] - values[part] @ self._design[:, : self._aus].T
            left = left - np.linalg.solve(system, shared.T @ left.T).T @ free.T
            size = np.linalg.norm(left.reshape(len(left), -1, 2), axis=2)
            spread = 1.4826 * np.median(size[:, counted], axis=1) + 1e-6
            robust[part] = 1 / (1 + (size / (self.settings.cauchy_width * spread[:, None])) ** 2)


def rarities(names: Sequence[str]) -> Float64[np.ndarray, " k"]:
    """Return how rare each unit is in coded micro-expressions: the logarithm of (largest count / the unit's count).

    Both sides of a unit count together. Blinks are not coded, so they get the value of the most common unit: 0.
    """
    clips: dict[str, int] = {}
    for emotions in statistics_table().tables.values():
        for combination in (c for found in emotions.values() for c in found):
            for unit in {au.rstrip("LR") for au in combination.aus}:
                clips[unit] = clips.get(unit, 0) + combination.rows
    most = max(clips.values())
    units = [name.rstrip("LR") for name in names]
    counts = [most if unit in CLOSING else clips.get(unit, 0) + 1 for unit in units]
    return np.maximum(np.log(most / np.array(counts, np.float64)), 0)


def in_plane(basis: RigBasis, face: Face) -> Float64[np.ndarray, "k 468 2"]:
    """Return the basis as a motion field shows it: projected to the picture and back to the face, with depth 0.

    Args:
        basis: The rig.
        face: The face whose pose is used.
    """
    seen_px = face.pose.project_vectors(basis.displacements_cm)
    return face.pose.unproject_vectors(seen_px)[..., :2]
