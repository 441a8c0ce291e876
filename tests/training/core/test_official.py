from __future__ import annotations

import pytest

from mien.training.core.official import Official, as_text, compared
from mien.training.ulme_gan.recipe import PUBLISHED


def test_a_recipe_beside_official_values():
    official = {
        "batch_size": Official(25),
        "weights.au": Official(150.0, "by hand"),
        "crop": Official("13 cm", own="20 cm"),
    }
    rows = {row.field: row for row in compared(PUBLISHED, official)}
    assert rows["batch_size"] == ("batch_size", "25", "25", False, "")
    assert rows["weights.au"] == ("weights.au", "160", "150", True, "by hand")
    assert rows["weights.cycle"] == ("weights.cycle", "10", "-", False, "")
    assert rows["crop"] == ("crop", "20 cm", "13 cm", True, "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "none"),
        (2 / 3, "0.6667"),
        ("32-true", "32-true"),
        (("AU1", "AU2"), "AU1,AU2"),
        (("AU1", "AU2", "AU4", "AU5", "AU6"), "AU1,AU2,AU4,AU5,... (5)"),
    ],
)
def test_values_as_text(value, text):
    assert as_text(value) == text
