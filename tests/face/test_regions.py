from __future__ import annotations

from mien.face import mesh, regions


def test_ring_closes_two_borders_without_repeating_corners() -> None:
    ring = regions.ring(mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER)
    assert len(ring) == len(set(ring)) == 16
    brow = regions.ring(mesh.LEFT_BROW_UPPER, mesh.LEFT_BROW_LOWER)
    assert len(brow) == len(set(brow)) == 10


def test_eye_region_holds_both_eyes_and_neither_mouth_nor_brow_tops() -> None:
    region = regions.eye_region()
    assert region[[*mesh.LEFT_EYE_UPPER, *mesh.RIGHT_EYE_LOWER]].all()
    assert not region[[*mesh.LIPS_OUTER_UPPER, 4, 152, 10]].any()
    assert (region == region[mesh.mirror_index()]).all()
