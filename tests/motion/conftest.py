from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import cv2
import numpy as np
import pytest

from mien.au import Envelope, Expression
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.motion.field import MotionField, measure_field
from mien.types import Image

FPS = Fraction(100)


@pytest.fixture(scope="session")
def driver_portrait(portrait: Portrait) -> Portrait:
    """The astronaut's face, enlarged."""
    crop = np.ascontiguousarray(portrait.image[20:220, 125:325])
    return Portrait.from_image(cv2.resize(crop, (400, 400), interpolation=cv2.INTER_CUBIC))


@pytest.fixture(scope="session")
def smile() -> Expression:
    """A smile and raised brows, up and down within 0.3 s."""
    return Expression(
        (
            Envelope("AU12", 0.0, 0.12, 0.16, 0.3, 3.0),
            Envelope("AU2", 0.05, 0.15, 0.16, 0.3, 2.0),
        )
    )


@pytest.fixture(scope="session")
def clip(driver_portrait: Portrait, smile: Expression) -> list[tuple[float, Image]]:
    """Noisy frames of the smile, 31 at 100 a second."""
    return list(noisy(driver_portrait, smile))


def noisy(portrait: Portrait, expression: Expression) -> Iterator[tuple[float, Image]]:
    rng = np.random.default_rng(0)
    track = expression.track(FPS)
    for seconds, frame in zip(
        track.times_seconds, RigEngine().prepare(portrait).render(track), strict=True
    ):
        grain = rng.normal(0, 1.5, frame.shape)
        yield float(seconds), np.clip(np.rint(frame + grain), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def field(clip: list[tuple[float, Image]]) -> MotionField:
    return measure_field(clip)
