from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.metrics.motion import cosine, jitter
from mien.motion.denoise import components
from mien.motion.field import MotionField


def test_few_components_carry_the_motion_and_shake_less(field: MotionField) -> None:
    parts = components(field)
    assert parts.shapes.shape == (8, 468, 2)
    assert np.abs(parts.courses).max() <= 1 + 1e-9
    made = parts.field_cm()
    assert cosine(made, field.displacement_cm) > 0.9
    assert jitter(made) < 0.9 * jitter(field.displacement_cm)


def test_unseen_vertices_follow_their_neighbours(field: MotionField) -> None:
    confidence = field.confidence.copy()
    corner = [291, 375, 409, 306]
    confidence[:, corner] = 0
    hidden = replace(field, confidence=confidence)
    shaken = field.displacement_cm.copy()
    shaken[:, corner] = 40.0
    made = components(replace(hidden, displacement_cm=shaken)).field_cm()
    assert np.abs(made[:, corner]).max() < 1.0
    apex = int(np.linalg.norm(field.displacement_cm, axis=(1, 2)).argmax())
    assert cosine(made[apex, corner], field.displacement_cm[apex, corner]) > 0.9


def test_a_still_field_has_no_components(field: MotionField) -> None:
    still = replace(field, displacement_cm=np.zeros_like(field.displacement_cm))
    parts = components(still)
    assert len(parts.shapes) == 0
    assert parts.field_cm().shape == (31, 468, 2) and not parts.field_cm().any()
