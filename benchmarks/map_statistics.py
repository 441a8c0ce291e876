"""Compare statistics of flow maps of the composite's data sets and of the rig. No label of the composite is read.

Run as ``python -m benchmarks.map_statistics``; needs the composite's flow maps, which are not part of the project.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.recognition_flows import FLOWS
from benchmarks.report import report
from mien.au.emotions import LABELS
from mien.io.flow_sets import FlowMaps, FlowSet
from mien.models.recognisers.flow_kernel import (
    Views,
    centred,
    features,
    kernel,
    mirrored,
    squared_distances,
)
from mien.synthesis.flows import generate_rig_flows

BANDS = {
    "brows": slice(0, 8),
    "eyes": slice(8, 13),
    "cheeks": slice(13, 18),
    "mouth": slice(18, 28),
}
"""Rows of a map; the eyes are at about row 7 to 9 in most crops."""

MAPS = 442


def main() -> None:
    """Print statistics of each set, then the distance between each two sets."""
    if not FLOWS.is_file():
        print(f"no flow maps at {FLOWS}: nothing measured", file=sys.stderr)
        return
    real = FlowSet.from_npz(FLOWS)
    sets = {name: real.flow[real.dataset == name] for name in sorted(set(real.dataset.tolist()))}
    made = generate_rig_flows(MAPS, 0)
    sets["rig"] = made.flow
    for name, flow in sets.items():
        report(f"maps of {name}", {"maps": len(flow)}, statistics(flow))
    for number, label in enumerate(LABELS):
        mine = made.flow[made.label == number]
        report(f"maps of rig, {label}", {"maps": len(mine)}, statistics(mine))
    views = {name: features(flow) for name, flow in sets.items()}
    scales = _scales(list(views.values()))
    names = list(views)
    for first in range(len(names)):
        for second in range(first):
            one, other = views[names[first]], views[names[second]]
            result = {"mmd2": round(mmd2(one, other, scales), 4)}
            report(f"distance of {names[second]} and {names[first]}", {}, result)


def statistics(flow: FlowMaps) -> dict[str, float | list[float]]:
    """Return means over maps.

    Returns:
        ``zero``: each channel's median as a share of its range, which is about where zero motion is; ``spread``: the
        RMS about the median as a share of the range, which is small if only a small part of the face moves much.
        Shares of the energy of the flow about its median: ``brows``, ``eyes``, ``cheeks`` and ``mouth``, in these
        rows; ``edge``, in the outermost three rows and columns; ``affine``, explained by one affine motion of the
        whole picture; ``smooth``, at wavelengths of 9 pixels or more, of the energy that is not affine. ``sides``: the
        correlation of a map and its mirror image.
    """
    share = flow / 255
    middle = np.median(share, axis=(1, 2))
    spread = np.sqrt(((share - middle[:, None, None]) ** 2).mean((1, 2)))
    maps = centred(flow)[..., :2]
    energy = (maps**2).sum(-1)
    energy /= energy.sum((1, 2), keepdims=True)
    inner = energy[:, 3:-3, 3:-3].sum((1, 2)).mean()
    rest, affine = _without_affine(maps)
    power = np.abs(np.fft.fft2(rest, axes=(1, 2))) ** 2
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(28), np.fft.fftfreq(28), indexing="ij"))
    smooth = power[:, waves <= 1 / 9].sum((1, 2)) / power.sum((1, 2, 3))
    other = centred(mirrored(flow))[..., :2]
    sides = (maps * other).sum((1, 2, 3)) / np.sqrt(
        (maps**2).sum((1, 2, 3)) * (other**2).sum((1, 2, 3))
    )
    return {
        "zero": _rounded(middle.mean(0)),
        "spread": _rounded(spread.mean(0)),
        **{name: _one(energy[:, rows].sum((1, 2)).mean()) for name, rows in BANDS.items()},
        "edge": _one(1 - inner),
        "affine": _one(affine.mean()),
        "smooth": _one(smooth.mean()),
        "sides": _one(sides.mean()),
    }


def mmd2(one: Views, other: Views, scales: tuple[float, ...]) -> float:
    """Return the unbiased squared maximum mean discrepancy of two sets by the recogniser's kernel."""

    def within(views: Views) -> float:
        matrix = kernel(squared_distances(views, views), scales)
        count = len(matrix)
        return float((matrix.sum() - np.trace(matrix)) / (count * (count - 1)))

    between = kernel(squared_distances(one, other), scales).mean()
    return within(one) + within(other) - 2 * float(between)


def _scales(every: list[Views]) -> tuple[float, ...]:
    """Return each view's median distance among all sets."""
    whole = tuple(np.concatenate(view) for view in zip(*every, strict=True))
    return tuple(float(np.median(view)) for view in squared_distances(whole, whole))


def _without_affine(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return flow without the affine motion that fits it best, and that motion's share of the energy."""
    rows, columns = np.mgrid[:28, :28] / 27 - 0.5
    basis = np.stack([np.ones((28, 28)), rows, columns]).reshape(3, -1).T
    basis, _ = np.linalg.qr(basis)
    flat = maps.reshape(len(maps), -1, 2)
    fitted = np.einsum("pk,qk,nqc->npc", basis, basis, flat, optimize=True)
    share = (fitted**2).sum((1, 2)) / (flat**2).sum((1, 2))
    return (flat - fitted).reshape(maps.shape), share


def _one(value: float) -> float:
    return round(float(value), 3)


def _rounded(values: np.ndarray) -> list[float]:
    return [_one(value) for value in values]


if __name__ == "__main__":
    main()
