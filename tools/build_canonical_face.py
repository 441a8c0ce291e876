"""Write ``src/mien/assets/canonical_face.npz`` from MediaPipe's canonical face model.

Run once, by hand::

    python tools/build_canonical_face.py mediapipe_canonical_face_model.obj

The model (Apache-2.0, see NOTICE) is a Wavefront file in centimetres with y up and z towards the
camera. Mien's frame has y down and z away from the camera, which is half a turn about x: (x, y, z)
becomes (x, -y, -z).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

ASSET = Path(__file__).parents[1] / "src" / "mien" / "assets" / "canonical_face.npz"


def read_obj(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read the vertices (V, 3) and the triangles (F, 3), counted from 0, of a Wavefront file."""
    vertices, triangles = [], []
    for line in path.read_text(encoding="ascii").splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            vertices.append([float(value) for value in rest[:3]])
        elif word == "f":
            triangles.append([int(corner.split("/")[0]) - 1 for corner in rest])
    return np.array(vertices, np.float32), np.array(triangles, np.uint16)


def main() -> None:
    """Convert the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("obj", type=Path, help="mediapipe_canonical_face_model.obj")
    vertices, triangles = read_obj(parser.parse_args().obj)
    if vertices.shape != (468, 3) or triangles.shape != (898, 3):
        raise SystemExit(
            f"expected 468 vertices and 898 triangles, got {vertices.shape}, {triangles.shape}"
        )
    np.savez_compressed(
        ASSET,
        vertices_cm=vertices * np.array([1, -1, -1], np.float32),
        triangles=triangles,
    )
    print(f"{ASSET}: {ASSET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
