from __future__ import annotations

import numpy as np

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.render import skin
from mien.rig.basis import load_basis


def test_normals_of_a_sphere_point_outwards() -> None:
    points = mesh.canonical_vertices().astype(np.float64)
    centre = np.array([0, 0, 4.0])
    sphere = centre + 8 * (points - centre) / np.linalg.norm(points - centre, axis=1, keepdims=True)
    normals = skin.vertex_normals(sphere)
    outward = (sphere - centre) / 8
    assert (normals * outward).sum(1).min() > 0.9


def test_surface_turned_to_the_light_brightens() -> None:
    flat = mesh.canonical_vertices().astype(np.float64)
    shading = skin.Shading(flat, np.array([0.3, 0.0, -0.4, 0.0]))  # light from above (y is down)
    tilted = np.zeros((468, 3))
    tilted[:, 2] = -0.2 * flat[:, 1]  # the forehead leans away from the camera: normals turn up
    gain = shading.gain(tilted)
    cheek = [50, 280, 101, 330]
    assert (gain[cheek] > 0.02).all()
    np.testing.assert_array_equal(shading.gain(np.zeros((468, 3))), 0)


def test_light_is_read_from_the_brighter_side(portrait: Portrait) -> None:
    image = portrait.image.astype(np.float32)
    x = np.linspace(0, 2, image.shape[1])[None, :, None]
    centre = portrait.face.landmarks[4, 0] / image.shape[1] * 2
    lit_right = np.clip(image * (1 + 3 * (x - centre)), 0, 255).astype(np.uint8)
    plain, lit = (
        skin.read_light(portrait.image, portrait.face),
        skin.read_light(lit_right, portrait.face),
    )
    assert lit.light[1] > plain.light[1] + 0.02


def test_gain_is_bounded(portrait: Portrait) -> None:
    shading = skin.read_light(portrait.image, portrait.face)
    for shape in load_basis().displacements_cm:
        assert np.abs(shading.gain(shape)).max() <= skin.MAX_CHANGE
