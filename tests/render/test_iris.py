"""The iris that a wider eye completes is the portrait's, not the landmarks'."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render import flow, patch, sheets
from mien.render.iris import Iris, find_iris
from mien.render.openings import OpeningKind
from mien.render.region import MEASURED
from tests.render.painted import (
    ASIDE_PX,
    EYES,
    IRIS,
    LANDMARK_RADIUS,
    RADIUS,
    iris_centre,
    painted_portrait,
)


@pytest.fixture(scope="module")
def painted() -> Portrait:
    return painted_portrait()


def found(portrait: Portrait, kind: OpeningKind) -> tuple[Iris, Iris, np.ndarray]:
    """Return the landmarks' iris, the one that is found, and the window's corner."""
    grid = flow.face_grid(portrait.face, MEASURED)
    window = sheets.opening_window(portrait.face, kind, grid)
    image = patch.view(patch.cut_out(portrait.image, grid), grid, window)
    corner = (window.box_px[0], window.box_px[1])
    guess = Iris.of_landmarks(portrait.face, kind, corner)
    clear = (image.min(2) > 180) | (np.abs(image.astype(int) - IRIS).max(2) < 30)
    return guess, find_iris(image, clear, guess, portrait.face), np.array(corner)


@pytest.mark.parametrize("kind", [kind for kind, _ in EYES], ids=lambda kind: kind.name)
def test_the_painted_iris_is_found(painted: Portrait, kind: OpeningKind) -> None:
    guess, iris, corner = found(painted, kind)
    assert guess.radius == pytest.approx(LANDMARK_RADIUS, abs=0.01)
    assert iris.radius == pytest.approx(RADIUS, rel=0.03)
    assert iris.centre[0] == pytest.approx(
        iris_centre(painted.face, kind)[0] - corner[0], abs=0.35 * ASIDE_PX
    )


def test_an_eye_without_contrast_keeps_the_landmarks_iris(painted: Portrait) -> None:
    kind = EYES[0][0]
    dark = replace(painted, image=(painted.image * 0.08).astype(np.uint8))
    grid = flow.face_grid(dark.face, MEASURED)
    window = sheets.opening_window(dark.face, kind, grid)
    image = patch.view(patch.cut_out(dark.image, grid), grid, window)
    guess = Iris.of_landmarks(dark.face, kind, (window.box_px[0], window.box_px[1]))
    assert find_iris(image, np.ones(image.shape[:2], bool), guess, dark.face) is guess
