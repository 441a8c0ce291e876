"""A still face does not drift in a long film."""

from __future__ import annotations

from benchmarks.long_film import drift

from mien.face.portrait import Portrait


def test_a_still_face_stays_still(driver_portrait: Portrait) -> None:
    """Twelve seconds of a head that sways, with noise and a light that falls by a third."""
    figures = drift(driver_portrait, 12)
    assert figures["followed"] == 1.0
    assert abs(figures["drift_a_minute"]) < 0.5  # a sway of 12 s has a slope of its own
    assert figures["at_the_end"] < 0.1
