from __future__ import annotations

import numpy as np

from mien.au.track import AUTrack
from mien.common.screen import on_white
from mien.engines.base import Frames, TrackSession
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.generate.preview import Preview, scaled_portrait
from mien.plots.au_regions import au_regions
from mien.plots.face_arrows import expression_arrows


def test_a_smaller_portrait_has_its_face_where_a_search_finds_it(portrait):
    small = scaled_portrait(portrait, 384)
    assert small.image.shape == (384, 384, 3)
    found = Portrait.from_image(small.image).face
    away = np.linalg.norm(small.face.landmarks[:468, :2] - found.landmarks[:468, :2], axis=1)
    assert np.median(away) < 0.6
    projected = small.face.pose.project(np.zeros((1, 3)))[0]
    full = portrait.face.pose.project(np.zeros((1, 3)))[0]
    assert np.allclose(projected, (full + 0.5) * 0.75 - 0.5)
    assert scaled_portrait(portrait, 512) is portrait


def test_regions_lie_on_the_face(portrait):
    regions = au_regions(portrait)
    left, top, right, bottom = portrait.face.box_px
    corners = np.array([p for polygons in regions.values() for q in polygons for p in q])
    inside = (corners > [left - 20, top - 20]) & (corners < [right + 20, bottom + 40])
    assert inside.all()
    assert all(regions[name] for name in ("AU1L", "AU4", "AU12R", "AU26", "AU45L"))
    assert regions["AU12"] == regions["AU12L"] + regions["AU12R"]


def test_arrows_grow_with_intensity(portrait):
    track = AUTrack(("AU12L",), np.array([[0.0], [1.0], [2.0]]), np.arange(3) / 50)
    arrows = expression_arrows(portrait, track)
    sizes = np.linalg.norm(arrows.displacement_px, axis=-1).max(axis=1)
    assert sizes[0] == 0 and np.isclose(sizes[2], 2 * sizes[1]) and sizes[2] == arrows.largest_px
    farthest = np.linalg.norm(arrows.displacement_px[2], axis=-1).argmax()
    assert arrows.points_px[farthest, 0] > portrait.face.box_px[[0, 2]].mean()


def test_alpha_is_laid_over_white():
    image = np.array([[[0, 0, 0, 0], [10, 20, 30, 255]]], np.uint8)
    assert on_white(image).tolist() == [[[255, 255, 255], [10, 20, 30]]]


class Brows:
    """An engine that moves brows alone."""

    name = "brows"
    known_aus = frozenset({"AU1L", "AU1R"})

    def __init__(self) -> None:
        self.rendered: list[tuple[str, ...]] = []

    def prepare(self, portrait: Portrait) -> TrackSession:
        session = RigEngine().prepare(portrait)
        render = session.render

        def recorded(track: AUTrack) -> Frames:
            self.rendered.append(track.names)
            return render(track)

        session.render = recorded  # type: ignore[method-assign]
        return session

    def record(self) -> dict[str, object]:
        return {}


def test_an_engine_without_a_smile_can_preview(portrait: Portrait) -> None:
    engine = Brows()
    preview = Preview.of(portrait, engine, 128)
    assert engine.rendered == [("AU1L",)]
    track = AUTrack(("AU1L",), np.array([[0.0], [3.0]]), np.array([0.0, 0.1]))
    np.testing.assert_array_equal(preview.frame(track, 0.0), preview.portrait.image)
    assert (preview.frame(track, 0.1) != preview.portrait.image).any()
    assert preview.frame(None, 0.1) is preview.portrait.image
