"""A mask is seen by its colour; a beard, shut lips and a picture without colours are no mask."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from benchmarks.masked import lower_face, with_drawn_mouth, with_mask
from benchmarks.masks import count_masks

from mien.face import mesh, mouth_cover
from mien.face.mouth_cover import mouth_is_covered
from mien.face.portrait import Face, Portrait, find_face
from mien.types import Image


def found(picture: Image) -> Face:
    return find_face(picture, "largest")


@pytest.mark.parametrize("colour", [(165, 205, 228), (238, 238, 236), (30, 30, 34)])
def test_a_mask_is_seen(portrait: Portrait, colour: tuple[int, int, int]) -> None:
    masked = with_mask(portrait, colour)
    assert mouth_is_covered(masked, found(masked))


@pytest.mark.parametrize("masked", [True, False])
def test_a_large_face_is_looked_at_in_a_smaller_copy(
    portrait: Portrait, monkeypatch: pytest.MonkeyPatch, masked: bool
) -> None:
    image = with_mask(portrait, (165, 205, 228)) if masked else portrait.image[..., :3]
    face = found(image)
    seen = mouth_is_covered(image, face)
    monkeypatch.setattr(mouth_cover, "FINEST_PX", face.width_px / 2.5)
    assert mouth_is_covered(image, face) == seen == masked


@pytest.mark.parametrize("line", [(25, 25, 25), (60, 70, 90), (180, 40, 50)])
def test_a_blue_mask_with_a_mouth_drawn_on_it_is_seen(
    portrait: Portrait, line: tuple[int, int, int]
) -> None:
    drawn = with_drawn_mouth(with_mask(portrait, (165, 205, 228)), portrait, line)
    assert mouth_is_covered(drawn, found(drawn))


def test_a_bare_mouth_is_none(portrait: Portrait) -> None:
    image = portrait.image[..., :3]
    assert not mouth_is_covered(image, portrait.face)
    # A dark beard leaves the lips as they are.
    beard = lower_face(portrait, (205, 0, 425))
    lips = np.zeros(image.shape[:2], np.uint8)
    border = [*mesh.LIPS_OUTER_UPPER, *mesh.LIPS_OUTER_LOWER[::-1]]
    cv2.fillPoly(lips, [np.rint(portrait.face.landmarks[border, :2]).astype(np.int32)], 1)
    beard = beard * (1 - lips[..., None])
    bearded = (image * (1 - 0.7 * beard)).astype(np.uint8)
    assert not mouth_is_covered(bearded, portrait.face)


def test_without_colours_nothing_is_said(portrait: Portrait) -> None:
    grey = cv2.cvtColor(portrait.image[..., :3], cv2.COLOR_RGB2GRAY)
    assert not mouth_is_covered(np.repeat(grey[..., None], 3, axis=2), portrait.face)


def test_a_face_at_the_edge_is_no_error(portrait: Portrait) -> None:
    height, width = portrait.image.shape[:2]
    corner = np.ascontiguousarray(portrait.image[: height // 2, : width // 2, :3])
    assert mouth_is_covered(corner, portrait.face) in (True, False)


def test_masks_are_counted(portrait: Portrait) -> None:
    image = portrait.image[..., :3]
    nobody = np.full((64, 64, 3), 128, np.uint8)
    counts = count_masks([image, nobody, image], seed=11)
    assert counts["bare"] == 2 and counts["without_a_face"] == 1
    assert counts["masks_blue"] == 1 and counts["masks_black"] == 1
    assert counts["masks"] == counts["masks_seen"] == 2 and counts["with_a_mouth_seen_blue"] == 1
    assert counts["bare_taken_for_masked"] == 0
    # A mask that is on the picture already counts as a bare face that is taken for masked.
    counts = count_masks([image, with_mask(portrait, (165, 205, 228))], seed=11)
    assert (counts["bare"], counts["bare_taken_for_masked"]) == (2, 1)
    assert counts == count_masks([image, with_mask(portrait, (165, 205, 228))], seed=11)
