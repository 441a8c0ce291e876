"""Measure how optical flow sees each of the rig's shapes.

Run as ``python -m tools.build_seen_basis --portraits ../shared/data/portraits`` after every change of the rig's basis
or of the flow; it takes a minute and writes ``src/mien/assets/seen_basis.npz``.

Every shape is rendered at a moderate intensity on portraits of several sizes, with camera noise and JPEG compression,
and read back with the flow that measures. The results are averaged over sizes, noise and portraits, and each side with
the mirror image of the other. Raised brows are rendered a second time with the upper lid raised too (`lifted_lids`).
The portraits are every second of the folder's near-neutral ones; the benchmarks use the others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.io.images import read_image
from mien.motion.tracker import FlowSettings, FlowTracker
from mien.render.warp import PortraitWarper
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise
from mien.rig.seen import LIFTING, fingerprint
from mien.rig.solve import in_plane
from mien.types import FlowScale, Image

INTENSITY = 2.0
NOISE_LEVELS = 2.0
JPEG_QUALITY = 90
SIDES_PX = (360, 200, 280, 440)
"""Longer sides of the portraits, used in turn."""
LID_SHARE = 0.5
"""How far the upper lid moves with a raised brow, as a share of the brow's rise. At 0, the skin between them stretches
and the lid stays; at 1, the skin does not stretch. Any mixture of the basis's shape, which is nearly at 0, and of this
one is read as a raised brow."""
SCALES: tuple[FlowScale, ...] = ("full", "fast")


def camera(frame: Image, rng: np.random.Generator) -> Image:
    """Add camera noise and JPEG compression to a frame."""
    noisy = np.clip(np.rint(frame + rng.normal(0, NOISE_LEVELS, frame.shape)), 0, 255)
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    _, code = cv2.imencode(".jpg", noisy[..., ::-1].astype(np.uint8), quality)
    decoded: Image = cv2.imdecode(code, cv2.IMREAD_COLOR)  # type: ignore[assignment]
    return np.ascontiguousarray(decoded[..., ::-1])


def read_portrait(path: Path, side_px: int) -> Portrait:
    """Read a portrait, and resize its longer side to ``side_px``."""
    image = np.ascontiguousarray(read_image(path)[..., :3])
    zoom = side_px / max(image.shape[:2])
    return Portrait.from_image(
        cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    )


def lifted_lids(basis: RigBasis) -> RigBasis:
    """Return AU1 and AU2 of each side with the upper lid raised by AU5's shape, by a share of the brow's mean rise."""
    mirror = mesh.mirror_index()
    shapes = []
    for name in LIFTING:
        raiser = basis.shape(f"AU5{name[-1]}")
        brow, lid = (*mesh.LEFT_BROW_UPPER, *mesh.LEFT_BROW_LOWER), mesh.LEFT_EYE_UPPER[1:-1]
        if name.endswith("R"):
            brow, lid = tuple(mirror[list(brow)]), tuple(mirror[list(lid)])
        rise, full = basis.shape(name)[list(brow), 1].mean(), raiser[list(lid), 1].mean()
        shapes.append(basis.shape(name) + LID_SHARE * rise / full * raiser)
    return RigBasis(LIFTING, np.stack(shapes).astype(np.float32))


def see(
    average: RigBasis, own: RigBasis, portrait: Portrait, rng: np.random.Generator
) -> dict[FlowScale, np.ndarray]:
    """Return each shape (K, 468, 3) as flow sees it on a portrait, scaled to the shapes of an average face."""
    growth = np.linalg.norm(own.displacements_cm, axis=(1, 2)) / np.linalg.norm(
        average.displacements_cm, axis=(1, 2)
    )
    warper = PortraitWarper(portrait)
    share = INTENSITY / 5
    first = camera(portrait.image[..., :3], rng)
    frames = [
        camera(np.asarray(warper.warp(d * share))[..., :3], rng) for d in own.displacements_cm
    ]
    pose, result = portrait.face.pose, {}
    true = in_plane(own, portrait.face)
    for scale in SCALES:
        seen = np.zeros_like(own.displacements_cm)
        for k, frame in enumerate(frames):
            # A new tracker each time: a search must not start from another shape's flow.
            tracked = FlowTracker(first, portrait.face, FlowSettings(scale=scale)).track(frame)
            measured = pose.unproject_vectors(tracked.displacement_px)[:, :2] / share
            gain = float((measured * true[k]).sum() / (true[k] ** 2).sum())
            # Flow does not see depth: the true depth is used, reduced by the same gain as the rest.
            depth = np.zeros((mesh.VERTEX_COUNT, 3))
            depth[:, 2] = gain * own.displacements_cm[k, :, 2]
            leaked = pose.unproject_vectors(pose.project_vectors(depth))[:, :2]
            seen[k, :, :2] = measured - leaked
            seen[k, :, 2] = depth[:, 2]
        result[scale] = seen / growth[:, None, None]
    return result


def symmetric(basis: RigBasis, shapes: np.ndarray) -> np.ndarray:
    """Average each shape with the mirror image of its twin."""
    mirror = mesh.mirror_index()
    swap = str.maketrans("LR", "RL")
    result = np.empty_like(shapes)
    for k, name in enumerate(basis.names):
        twin = basis.names.index(name.translate(swap)) if name[-1] in "LR" else k
        result[k] = (shapes[k] + shapes[twin][mirror] * (-1.0, 1.0, 1.0)) / 2
    return result


def main() -> None:
    """Write the asset."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--portraits", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("src/mien/assets/seen_basis.npz"))
    options = parser.parse_args()
    names = (options.portraits / "near_neutral.txt").read_text().split()[1::2]
    basis = load_basis()
    found: dict[str, list[np.ndarray]] = {}
    for number, name in enumerate(names):
        rng = np.random.default_rng(number)
        side = SIDES_PX[number % len(SIDES_PX)]
        portrait = read_portrait(options.portraits / name, side)
        own = personalise(basis, portrait.face)
        for scale, shapes in see(basis, own, portrait, rng).items():
            found.setdefault(scale, []).append(shapes)
        for scale, shapes in see(lifted_lids(basis), lifted_lids(own), portrait, rng).items():
            found.setdefault(f"{scale}_lifted", []).append(shapes)
    means = {
        key: symmetric(
            lifted_lids(basis) if key.endswith("_lifted") else basis, np.mean(shapes, axis=0)
        ).astype(np.float16)
        for key, shapes in found.items()
    }
    np.savez_compressed(options.out, basis=np.array(fingerprint(basis)), **means)  # type: ignore[arg-type]
    print(f"{options.out}: {len(names)} portraits, {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
