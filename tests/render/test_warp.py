from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.render import patch
from mien.render.warp import PortraitWarper
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise


@pytest.fixture(scope="module")
def warper(portrait: Portrait) -> PortraitWarper:
    return PortraitWarper(portrait)


@pytest.fixture(scope="module")
def large(portrait: Portrait) -> Portrait:
    """The same face three times as large, so that optical flow can see what moves."""
    crop = np.ascontiguousarray(portrait.image[20:260, 90:330])
    return Portrait.from_image(cv2.resize(crop, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC))


@pytest.fixture(scope="module")
def basis(portrait: Portrait) -> RigBasis:
    return personalise(load_basis(), portrait.face)


def both(basis: RigBasis, au: str, intensity: float) -> np.ndarray:
    names = [name for name in basis.names if name in (au, f"{au}L", f"{au}R")]
    return sum(basis.shape(name) for name in names) * np.float32(intensity / 5)  # type: ignore[return-value]


def dense_flow(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    grey = [
        cv2.cvtColor(np.ascontiguousarray(x[..., :3]), cv2.COLOR_RGB2GRAY) for x in (before, after)
    ]
    return cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(*grey, None)


def test_no_displacement_is_the_portrait_bit_for_bit(
    warper: PortraitWarper, portrait: Portrait
) -> None:
    frame = warper.warp(np.zeros((468, 3), np.float32))
    np.testing.assert_array_equal(frame, portrait.image)
    assert frame is not portrait.image


@pytest.mark.parametrize("au", ["AU1", "AU4", "AU12", "AU26", "AU45"])
def test_a_vanishing_displacement_hardly_changes_a_pixel(
    warper: PortraitWarper, basis: RigBasis, portrait: Portrait, au: str
) -> None:
    """No layer pops in when motion starts: lids, lips, teeth and shading all begin as the portrait."""
    frame = warper.warp(both(basis, au, 0.05))
    change = np.abs(frame.astype(int) - portrait.image)
    assert change.max() < 26
    assert change.mean() < 0.05


@pytest.mark.parametrize("au", ["AU2", "AU9", "AU12", "AU17", "AU20", "AU26", "AU45"])
def test_pixels_outside_the_region_are_untouched(
    warper: PortraitWarper, basis: RigBasis, portrait: Portrait, au: str
) -> None:
    frame = warper.warp(both(basis, au, 5))
    changed = (frame != portrait.image).any(-1)
    assert changed.any()
    assert not changed[~warper.region()].any()


@pytest.mark.parametrize("au", ["AU2", "AU9", "AU12", "AU17", "AU20", "AU45"])
def test_only_the_jaw_takes_more_than_the_face_along(
    warper: PortraitWarper, basis: RigBasis, portrait: Portrait, au: str
) -> None:
    changed = (warper.warp(both(basis, au, 5)) != portrait.image).any(-1)
    oval = portrait.face.landmarks[list(mesh.FACE_OVAL), :2]
    face = np.zeros(changed.shape, np.uint8)
    cv2.fillPoly(face, [np.round(oval).astype(np.int32)], 1)
    # Smoothing carries a little over the edge.
    near = cv2.dilate(face, None, iterations=4 * warper.grid.step_px)
    assert not changed[near == 0].any()


def test_region_is_the_face_and_some_neck(warper: PortraitWarper, portrait: Portrait) -> None:
    region = warper.region()
    oval = portrait.face.landmarks[list(mesh.FACE_OVAL), :2]
    scale = portrait.face.pose.scale_px_per_cm
    y, x = np.nonzero(region)
    slack = 0.6 * scale + 5 * warper.grid.step_px
    assert x.min() > oval[:, 0].min() - slack and x.max() < oval[:, 0].max() + slack
    assert y.min() > oval[:, 1].min() - slack
    assert y.max() < oval[:, 1].max() + 3.2 * scale + 5 * warper.grid.step_px


def test_pixels_move_where_the_rig_says(large: Portrait) -> None:
    """Dense optical flow of the rendered frame against the displacement asked for, at the brows and the cheeks."""
    basis, warper = load_basis(), PortraitWarper(large)
    displacement = both(basis, "AU2", 4) + both(basis, "AU6", 3)
    asked = warper.displacement_px(displacement)
    seen = dense_flow(large.image, warper.warp(displacement))
    vertices = [
        v for v in (63, 105, 66, 296, 334, 293, 50, 280, 101, 330) if np.linalg.norm(asked[v]) > 0.3
    ]
    assert len(vertices) >= 6
    x, y = np.round(large.face.landmarks[vertices, :2]).astype(int).T
    cosine = (
        (seen[y, x] * asked[vertices]).sum()
        / np.linalg.norm(seen[y, x])
        / np.linalg.norm(asked[vertices])
    )
    assert cosine > 0.9
    assert np.linalg.norm(seen[y, x]) / np.linalg.norm(asked[vertices]) == pytest.approx(
        1, abs=0.25
    )


def test_a_one_sided_au_moves_the_other_side_under_a_tenth(large: Portrait) -> None:
    basis, warper = personalise(load_basis(), large.face), PortraitWarper(large)
    top, bottom = large.face.landmarks[168, :2], large.face.landmarks[152, :2]
    y, x = np.indices(large.image.shape[:2])
    left = (x - top[0]) * (bottom[1] - top[1]) - (y - top[1]) * (bottom[0] - top[0]) > 0
    face = np.zeros(left.shape, np.uint8)
    cv2.fillPoly(
        face, [np.round(large.face.landmarks[list(mesh.FACE_OVAL), :2]).astype(np.int32)], 1
    )
    for name in [name for name in basis.names if name.endswith("L")]:
        amount = np.linalg.norm(
            dense_flow(large.image, warper.warp(basis.shape(name) * np.float32(0.6))), axis=-1
        )
        own, other = amount[left & (face > 0)].sum(), amount[~left & (face > 0)].sum()
        assert own > 0
        assert other < 0.1 * own, name


def test_eyeballs_stay_under_moving_lids(
    warper: PortraitWarper, basis: RigBasis, portrait: Portrait
) -> None:
    """Half a blink: what is still seen of the eye is where it was."""
    frame = warper.warp(both(basis, "AU45", 1.5))
    for upper, lower in ((386, 374), (159, 145)):
        low = portrait.face.landmarks[upper, :2] * 0.3 + portrait.face.landmarks[lower, :2] * 0.7
        x, y = np.round(low).astype(int)
        before, after = portrait.image[y, x - 2 : x + 3].astype(int), frame[y, x - 2 : x + 3]
        assert np.abs(before - after).max() <= 12


def test_parting_lips_show_a_dark_inside_and_not_stretched_lip(shut_portrait: Portrait) -> None:
    basis = personalise(load_basis(), shut_portrait.face)
    frame = PortraitWarper(shut_portrait).warp(both(basis, "AU26", 5))
    scale = shut_portrait.face.pose.scale_px_per_cm
    seam = (shut_portrait.face.landmarks[13, :2] + shut_portrait.face.landmarks[14, :2]) / 2
    x, y = np.round(seam + np.array([0, 0.6 * scale])).astype(int)
    lip = shut_portrait.image[int(shut_portrait.face.landmarks[16, 1]), x].astype(float)
    inside = frame[y - 1 : y + 2, x - 3 : x + 4].reshape(-1, 3).astype(float)
    assert inside.mean() < 0.4 * lip.mean()
    # The lower lip below keeps its height: it moved, it was not stretched.
    moved = PortraitWarper(shut_portrait).displacement_px(both(basis, "AU26", 5))
    assert abs(moved[14, 1] - moved[17, 1]) < 0.35 * scale


def test_shading_is_small_and_can_be_turned_off(portrait: Portrait, basis: RigBasis) -> None:
    displacement = both(basis, "AU12", 4)
    shaded = PortraitWarper(portrait).warp(displacement).astype(int)
    plain = PortraitWarper(portrait, shading=False).warp(displacement).astype(int)
    assert (shaded != plain).any()
    assert np.abs(shaded - plain).max() < 0.2 * 255
    assert np.abs(shaded - plain).mean() < 1


def test_alpha_moves_along(portrait: Portrait, basis: RigBasis) -> None:
    alpha = np.full((*portrait.image.shape[:2], 1), 255, np.uint8)
    alpha[:, :200] = 90
    image = np.concatenate([portrait.image, alpha], axis=2)
    with_alpha = Portrait(image, portrait.face)
    displacement = both(basis, "AU12", 3)
    frame = PortraitWarper(with_alpha).warp(displacement)
    assert frame.shape == image.shape
    opaque = PortraitWarper(portrait).warp(displacement)
    # Colours are the opaque portrait's, which is drawn in bytes, but for the pixels that mix both sides of the alpha
    # channel's edge.
    edge = cv2.morphologyEx(frame[..., 3], cv2.MORPH_GRADIENT, np.ones((7, 7), np.uint8)) > 0
    assert edge.mean() < 0.02
    np.testing.assert_allclose(frame[~edge][:, :3], opaque[~edge], atol=2)
    np.testing.assert_array_equal(frame[:60, :, 3], alpha[:60, :, 0])
    assert (frame[..., 3] != alpha[..., 0]).any()


def test_hidden_colours_do_not_bleed_into_a_moving_edge(
    portrait: Portrait, basis: RigBasis
) -> None:
    """Under its transparent half the cut-out is bright green; nothing of that may show, and all of it stays."""
    image = np.full((*portrait.image.shape[:2], 4), (120, 60, 60, 255), np.uint8)
    middle = int(portrait.face.landmarks[1, 0])
    image[:, :middle] = (0, 255, 0, 0)
    warper = PortraitWarper(Portrait(image, portrait.face), shading=False)
    frame = warper.warp(both(basis, "AU12", 5) + basis.shape("AU12L"))
    assert (frame != image).any()
    seen = frame[frame[..., 3] > 0]
    assert np.ptp(seen[seen[:, 3] < 255], axis=0)[3] > 50  # the edge is soft where it moved
    # A faint pixel's colour is known coarsely: a byte of alpha is all that it has.
    green = seen[:, 1].astype(int)[seen[:, 3] > 8]
    assert green.max() <= 66
    unmoved = ~warper.region()
    np.testing.assert_array_equal(frame[unmoved], image[unmoved])


def test_a_face_cut_by_the_pictures_edge_renders(portrait: Portrait, basis: RigBasis) -> None:
    chin = int(portrait.face.landmarks[152, 1])
    image = np.ascontiguousarray(portrait.image[: chin - 4])
    frame = PortraitWarper(Portrait(image, portrait.face)).warp(both(basis, "AU26", 4))
    assert frame.shape == image.shape
    assert (frame != image).any()


def test_small_faces_render(portrait: Portrait) -> None:
    small = cv2.resize(portrait.image[40:220, 130:310], (128, 128), interpolation=cv2.INTER_AREA)
    found = Portrait.from_image(small)
    basis = personalise(load_basis(), found.face)
    frame = PortraitWarper(found).warp(both(basis, "AU12", 4))
    assert np.abs(dense_flow(small, frame)).max() > 0.5


def test_irises_move_under_still_lids(warper: PortraitWarper, portrait: Portrait) -> None:
    still = np.zeros((468, 3), np.float32)
    gaze = np.float32([[0.15, 0.0], [0.15, 0.0]])
    changed = (warper.warp(still, gaze_cm=gaze) != portrait.image).any(-1)
    x = np.nonzero(changed)[1]
    eyes = portrait.face.landmarks[[33, 133, 362, 263], :2]
    assert len(x) > 50
    assert x.min() > eyes[:, 0].min() - 10 and x.max() < eyes[:, 0].max() + 10


@pytest.mark.parametrize("name", ["AU12", "AU26", "AU45", "AU1"])
@pytest.mark.parametrize("fine_bytes", [patch.FINE_BYTES, 0], ids=["enlarged", "as it is"])
def test_a_large_frame_is_drawn_in_bands_without_seams(
    large: Portrait, monkeypatch: pytest.MonkeyPatch, name: str, fine_bytes: int
) -> None:
    """A band is 40 pixels high at most."""
    monkeypatch.setattr(patch, "FINE_BYTES", fine_bytes)
    shape = both(personalise(load_basis(), large.face), name, 4)
    whole = PortraitWarper(large).warp(shape)
    width = PortraitWarper(large).grid.cols * PortraitWarper(large).grid.step_px
    monkeypatch.setattr(patch, "BAND_PIXELS", 40 * width)
    banded = PortraitWarper(large).warp(shape)
    away = np.abs(whole.astype(int) - banded)
    assert away.max() <= 1 and (away > 0).mean() < 1e-4
    assert (whole != large.image).any()


@pytest.mark.parametrize("name", ["AU12", "AU26", "AU1"])
@pytest.mark.parametrize("part", [(70, 200), (20, 150), (110, 240)])
def test_a_large_face_that_is_cut_off_is_drawn_in_bands(
    portrait: Portrait, monkeypatch: pytest.MonkeyPatch, part: tuple[int, int], name: str
) -> None:
    """The grid reaches beyond the picture, so some bands lie outside it."""
    cut = np.ascontiguousarray(portrait.image[part[0] : part[1]])
    face = portrait.face
    landmarks = np.array(face.landmarks)
    landmarks[:, 1] -= part[0]
    pose = replace(face.pose, translation_px=face.pose.translation_px - (0, part[0]))
    box = face.box_px - (0, part[0], 0, part[0])
    moved = Portrait(cut, replace(face, landmarks=landmarks, pose=pose, box_px=box))
    shape = both(personalise(load_basis(), moved.face), name, 3)
    whole = PortraitWarper(moved).warp(shape)
    monkeypatch.setattr(patch, "BAND_PIXELS", 1)  # a band for each row of nodes
    banded = PortraitWarper(moved).warp(shape)
    assert np.abs(whole.astype(int) - banded).max() <= 1
    assert (whole != cut).any()
