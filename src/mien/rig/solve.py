"""The rig read backwards: which action units, how strong, give a measured motion.

Non-negative least squares on the (personalised) basis, seen from the face's own pose, with what follows:

- **Head motion.** Columns that the caller gives (a rigid head's six motions) are fitted freely in every frame and cost
  nothing: what a robust fit before took for the head's may have been skin, and the other way round.
- **Robust weights.** A vertex far off in a frame (Cauchy) counts little there: a gaze, a hidden lid, a highlight.
- **Few action units.** Many shapes look alike seen from the front (AU9 and AU10, AU6 and AU12, AU16, AU25 and AU26,
  AU23, AU24 and AU28, AU18 and AU22, and AU7's upper lid like a weak blink). A logarithmic penalty on each action
  unit's peak in the *whole* clip, minimised by reweighted L1 (Candes, Wakin and Boyd 2008), lets the one stay that
  explains most and drops those that add little. What stays is fitted again without the penalty.
- **Time.** The field is smoothed by a Gaussian before it is fitted, and since all frames share the choice of action
  units, none flickers in and out. What was dropped comes back where it adds more than a share of that penalty, so
  that faint motion is small rather than nothing.
- **What faces do.** Units that coders rarely see (`mien.au.statistics`) cost more, and a side whose twin moves less.
- **Two looks of one unit.** A variant of a shape, such as a raised brow that takes the lid along, is one more column;
  its intensity is added to the shape's own.

AU43 and AU45 have the same shape; one column, AU45, stands for both, and the caller tells them apart by their length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.au.intensity import MAX_INTENSITY
from mien.au.statistics import statistics_table
from mien.errors import UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face
from mien.rig.basis import RigBasis
from mien.types import Intensities

UNFITTED = ("AU43L", "AU43R")
"""Shapes that equal another's (AU45's)."""
CLOSING = ("AU43", "AU45")
CHUNK_FRAMES = 128
"""Frames whose weighted products are made at a time. What is kept of a frame is then its normal equations, 15 kB, and
copies of the field: some 65 kB, 2 GB for ten minutes at 50 frames a second. Since all frames share the choice of units
they are fitted together; a longer clip is better cut.""" ""


@dataclass(frozen=True)
class FitSettings:
    """How a field is fitted.

    Attributes:
        sparsity: Weight of the penalty on each action unit's peak, as a share of the unpenalised fit's residual energy.
        floor_intensity: The penalty's rounding at 0: peaks well below it are dropped, well above it spared.
        passes: Reweighted passes; each also renews the robust weights.
        steps: Accelerated gradient steps a pass.
        cauchy_width: Residuals of this many robust standard deviations count half.
        smoothing_seconds: Sigma of the smoothing in time.
        drop_intensity: Action units whose peak reaches this are fitted without a penalty in the end.
        faint: Share of the penalty that the others pay then.
        rarity: How much dearer a unit is that coders saw less often than the commonest, by e times each.
        pairing: Share of the other side's peak that makes a side cheaper: most units come on both.
        ridge: Added to the diagonal of the scaled normal equations, as a share of it: alike shapes share no more than
            they must.
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
    """What a field is made of.

    Attributes:
        intensities: (T, K) FACS intensities 0 to 5, columns as the basis's names; AU43's are 0.
        explained: (T,) share 0 to 1 of the field's (weighted) energy, head motion taken out, that the intensities
            explain; 0 where there is none.
        residual_cm: (T,) root mean square over vertices of what is left.
    """

    intensities: Intensities
    explained: Float32[np.ndarray, " frames"]
    residual_cm: Float32[np.ndarray, " frames"]


class RigSolver:
    """Fits fields of one face.

    Args:
        basis: The rig, fitted to the face (`mien.rig.personal.personalise`).
        face: The clip's first face; the basis is seen from its pose.
        free: (468, 2, F) in-plane canonical centimetres: motions that cost nothing.
        settings: How to fit.
        variants: Other looks of some of the basis's shapes, by the same names.
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
    ) -> RigFit:
        """Fit a field.

        Args:
            field_cm: In-plane canonical centimetres, finite.
            weights: How far each vertex is to be believed in each frame, 0 or more.
            frame_seconds: The time from frame to frame.

        Raises:
            UsageError: The field and the weights differ in shape, or are not finite.
        """
        from scipy.ndimage import gaussian_filter1d

        expected = (len(field_cm), VERTEX_COUNT, 2)
        if field_cm.shape != expected or weights.shape != expected[:2]:
            raise UsageError(
                f"expected a field {expected} and weights {expected[:2]}, "
                f"got {field_cm.shape} and {weights.shape}"
            )
        if not np.isfinite(field_cm).all() or not np.isfinite(weights).all():
            raise UsageError("expected a finite field and finite weights, got NaN or infinity")
        sigma = self.settings.smoothing_seconds / frame_seconds
        smooth = gaussian_filter1d(field_cm.astype(np.float64), sigma, axis=0, mode="nearest")
        target = smooth.reshape(len(smooth), -1)
        values = np.zeros((len(target), self._aus))
        penalty = np.zeros(self._aus)
        robust = np.ones(weights.shape)
        for turn in range(self.settings.passes + 1):
            last = turn == self.settings.passes
            if last:
                kept = self._units(values).max(0) >= self.settings.drop_intensity
                penalty = np.where(kept[self._owners], 0.0, self.settings.faint * penalty)
            gram, right, energy = self._normal(target, weights * robust)
            values = self._descend(gram, right, penalty, values)
            left = (
                energy
                - 2 * (right * values).sum(1)
                + np.einsum("tk,tkl,tl->t", values, gram, values)
            )
            if last:
                break
            robust = self._robust(target, values, weights * robust, weights)
            unit = self.settings.sparsity * max(float(left.mean()), 1e-12)
            peaks = self._units(values).max(0)
            peaks = (peaks + self.settings.pairing * peaks[self._twins])[self._owners]
            penalty = unit * self._price / (peaks + self.settings.floor_intensity)
        total = (weights * robust).sum(1)
        intensities = np.zeros((len(target), len(self._names)), np.float32)
        intensities[:, self._fitted] = np.minimum(self._units(values), MAX_INTENSITY)
        left = np.maximum(left, 0)
        explained = np.where(energy > 1e-12, 1 - left / np.maximum(energy, 1e-12), 0)
        return RigFit(
            intensities,
            np.clip(explained, 0, 1).astype(np.float32),
            np.sqrt(left / np.maximum(total, 1e-9)).astype(np.float32),
        )

    def _units(self, values: np.ndarray) -> np.ndarray:
        """Each fitted shape's intensities (T, K), its variants' added."""
        total = np.zeros((len(self._fitted), len(values)))
        np.add.at(total, self._owners, values.T)
        return total.T

    def _normal(
        self, target: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per frame (T, K, K), (T, K) and the energy (T,), the free columns eliminated."""
        design, aus = self._design, self._aus
        single = design.astype(np.float32)
        gram = np.empty((len(target), aus, aus))
        right, energy = np.empty((len(target), aus)), np.empty(len(target))
        for start in range(0, len(target), CHUNK_FRAMES):
            part = slice(start, start + CHUNK_FRAMES)
            rows = np.repeat(weights[part], 2, axis=1)
            # Single precision here is half of the fit's time; the eliminations below want double.
            narrow = rows.astype(np.float32)
            full = ((single.T[None] * narrow[:, None]) @ single).astype(np.float64)
            weighted = rows * target[part]
            full_right = weighted @ design
            across = full[:, :aus, aus:]
            rigid = full[:, aus:, aus:] + 1e-9 * np.eye(full.shape[1] - aus)
            known = np.concatenate([np.swapaxes(across, 1, 2), full_right[:, aus:, None]], axis=2)
            solved = np.linalg.solve(rigid, known)
            gram[part] = full[:, :aus, :aus] - across @ solved[:, :, :aus]
            right[part] = full_right[:, :aus] - (across @ solved[:, :, aus:])[..., 0]
            energy[part] = (weighted * target[part]).sum(1) - (
                full_right[:, aus:] * solved[:, :, aus]
            ).sum(1)
        return gram, right, energy

    def _descend(
        self, gram: np.ndarray, right: np.ndarray, penalty: np.ndarray, start: np.ndarray
    ) -> np.ndarray:
        """Minimise x'Gx/2 - (right - penalty)'x over 0 <= x <= 5: FISTA, all frames at once, columns scaled alike."""
        size = np.sqrt(np.maximum(gram.mean(0).diagonal(), 1e-12))
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
        self, target: np.ndarray, values: np.ndarray, weights: np.ndarray, given: np.ndarray
    ) -> np.ndarray:
        """(T, 468) Cauchy weights of what the fit leaves."""
        left = target - values @ self._design[:, : self._aus].T
        free = self._design[:, self._aus :]
        shared = np.repeat(weights.mean(0), 2)[:, None] * free
        system = shared.T @ free + 1e-9 * np.eye(free.shape[1])
        left = left - np.linalg.solve(system, shared.T @ left.T).T @ free.T
        size = np.linalg.norm(left.reshape(len(left), -1, 2), axis=2)
        spread = 1.4826 * np.median(size[:, given.mean(0) > 0], axis=1) + 1e-6
        robust: np.ndarray = 1 / (1 + (size / (self.settings.cauchy_width * spread[:, None])) ** 2)
        return robust


def rarities(names: Sequence[str]) -> Float64[np.ndarray, " k"]:
    """How many e times less often than the commonest each unit was coded in real micro-expressions, either side alike.

    Blinks, which nobody codes, count as the commonest.
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
    """Return the basis as a motion field shows it: projected to the picture, and brought back with depth 0.

    Args:
        basis: The rig.
        face: Whose pose to take.
    """
    seen_px = face.pose.project_vectors(basis.displacements_cm)
    return face.pose.unproject_vectors(seen_px)[..., :2]
