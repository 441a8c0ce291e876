"""Who moves the lids: the rig by default, or the network alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.engines.lids import LidMover
from mien.engines.ulme_gan.columns import closures, lid_columns, raised
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.blinks import own_blinks, own_lids
from mien.types import Image
from tests.engines.ulme_gan.test_engine import engine_of, track, weights


@pytest.fixture(scope="module")
def face() -> Portrait:
    from skimage import data

    return Portrait.from_image(np.ascontiguousarray(data.astronaut()[:300, 60:360]))


def closed(face: Portrait, **shares: float) -> Image:
    """The portrait, its lids closed by the rig by a share of their opening."""
    blinks = {side: np.array([share]) for side, share in shares.items()}
    (image,) = LidMover(face).moved(own_blinks(blinks, face.face))
    return image


def shipped(**settings: object) -> UlmeGanEngine:
    return UlmeGanEngine(UlmeGanSettings(**settings))  # type: ignore[arg-type]


def away(one: Image, other: Image) -> np.ndarray:
    return np.abs(one.astype(int) - other).max(-1)


def test_by_default_the_rig_closes_the_lids_and_nothing_else_moves(face: Portrait) -> None:
    shut = closed(face, L=1.0, R=1.0)
    (by_rig,) = shipped().prepare(face).render(track(AU45=[5]))
    (by_network,) = shipped(lids="network").prepare(face).render(track(AU45=[5]))
    assert np.array_equal(by_rig, shut) and away(shut, face.image).max() > 50
    assert away(by_network, shut).max() > 50
    # Closed eyes (AU43) look like a blink, and both together are not closed twice.
    for same in (track(AU43=[5]), track(AU43=[5], AU45=[3])):
        assert np.array_equal(next(shipped().prepare(face).render(same)), shut)


def test_lids_close_on_their_own_side_and_as_far_as_asked(face: Portrait) -> None:
    (left,) = shipped().prepare(face).render(track(AU45L=[2]))
    assert np.array_equal(left, closed(face, L=0.4))
    assert not np.array_equal(left, closed(face, L=0.4, R=0.4))


def test_the_network_moves_the_rest_of_the_face(face: Portrait) -> None:
    (smile,) = shipped().prepare(face).render(track(AU12=[3]))
    (both,) = shipped().prepare(face).render(track(AU12=[3], AU45=[5]))
    corner = face.face.landmarks[list(mesh.LIPS_OUTER_UPPER), :2].astype(int)
    (x0, y0), (x1, y1) = corner.min(0) - 5, corner.max(0) + 5
    assert np.array_equal(both[y0:y1, x0:x1], smile[y0:y1, x0:x1])
    x, y = face.face.landmarks[list(mesh.RIGHT_EYE_UPPER), :2].mean(0).astype(int)
    assert away(both, smile)[y : y + 6, x - 6 : x + 6].max() > 40


def test_a_generator_without_a_flow_changes_the_closed_eyes(face: Portrait, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w")
    shut = closed(face, L=1.0, R=1.0)
    assert np.array_equal(next(engine_of(folder).prepare(face).render(track(AU45=[5]))), shut)
    by_network = engine_of(folder, lids="network").prepare(face)
    assert not np.array_equal(next(by_network.render(track(AU45=[5]))), shut)
    both, smile = (
        next(engine_of(folder, precision="float32").prepare(face).render(asked)).astype(int)
        for asked in (track(AU12=[5], AU45=[5]), track(AU12=[5]))
    )
    # The same change is added to the closed eyes as to the open ones.
    inner = (both > 0) & (both < 255) & (smile > 0) & (smile < 255)
    differ = np.abs((both - shut) - (smile - face.image))[inner]
    assert differ.max() <= 1


def test_raw_pictures_are_the_network_s_own(face: Portrait, tmp_path: Path) -> None:
    folder = weights(tmp_path / "w")
    raw = engine_of(folder, show="raw").prepare(face)
    rest, shut = raw.render(track(AU45=[0, 5]))
    assert away(shut, rest).max() > 0


def test_final_intensities_shut_lids_that_are_half_closed_already() -> None:
    shown = np.zeros(len(RIG_NAMES), np.float32)
    shown[RIG_NAMES.index("AU43L")] = 1.0
    rows = np.zeros((4, len(RIG_NAMES)), np.float32)
    rows[:, RIG_NAMES.index("AU45L")] = [0, 1, 3, 5]
    rows[:, RIG_NAMES.index("AU45R")] = [0, 1, 3, 5]
    found = closures(rows, shown)
    assert found["L"] == pytest.approx([0, 0, 0.5, 1])
    assert found["R"] == pytest.approx([0, 0.2, 0.6, 1])
    shown[RIG_NAMES.index("AU43L")] = 5.0  # shut already
    assert found["L"].shape == (4,) and not closures(rows, shown)["L"].any()


def test_columns_that_move_lids_with_sides_and_without() -> None:
    assert lid_columns(("AU4", "AU45L", "AU12L", "AU45R", "AU5L")) == [1, 3, 4]
    assert lid_columns(("AU45", "AU4", "AU43", "AU5")) == [0, 2, 3]


def test_the_rig_widens_eyes_and_the_iris_stays_as_it_is(face: Portrait) -> None:
    lids_cm = own_lids({"L": np.zeros(1)}, {"L": np.array([0.8])}, face.face)
    (wide,) = LidMover(face).moved(lids_cm)
    (by_rig,) = shipped().prepare(face).render(track(AU5L=[4]))
    assert np.array_equal(by_rig, wide)
    # The eyeball, which the portrait shows, does not move: the network alone stretches it.
    (by_network,) = shipped(lids="network").prepare(face).render(track(AU5L=[4]))
    x, y = np.rint(face.face.landmarks[mesh.LEFT_IRIS[0], :2]).astype(int)
    iris = (slice(y, y + 2), slice(x - 2, x + 3))
    assert away(by_rig, face.image)[iris].max() <= 2
    assert away(by_network, face.image)[iris].max() > 10


def test_wide_and_closing_lids_add_up(face: Portrait) -> None:
    both = own_lids({"L": np.array([0.4])}, {"L": np.array([0.6])}, face.face)
    (asked,) = shipped().prepare(face).render(track(AU5L=[3], AU45L=[2]))
    assert np.array_equal(asked, next(LidMover(face).moved(both)))


def test_how_far_lids_rise_is_the_change_from_the_portrait() -> None:
    shown = np.zeros(len(RIG_NAMES), np.float32)
    shown[RIG_NAMES.index("AU5R")] = 1.0
    rows = np.zeros((2, len(RIG_NAMES)), np.float32)
    rows[1, RIG_NAMES.index("AU5L")] = 5
    found = raised(rows, shown)
    assert found["L"] == pytest.approx([0, 1])
    assert found["R"] == pytest.approx([-0.2, -0.2])


def test_the_record_says_who_moves_the_lids() -> None:
    found = [
        shipped(**asked).record()["lids"]
        for asked in ({}, {"lids": "rig"}, {"lids": "network"}, {"show": "raw"})
    ]
    assert found == ["rig", "rig", "network", "network"]
