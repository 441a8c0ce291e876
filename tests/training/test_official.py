from __future__ import annotations

import pytest

from mien.training.architectures import find_architecture
from mien.training.core.official import NO_FIELD
from mien.training.run import beside_official

DECLARED = {
    "ulme-gan": {"seed", "generator.square_cm"},
    "fomm": {"seed", "perceptual network", "network.conventions", "network.square_cm"},
    "mraa": {"seed", "perceptual network", "network.conventions", "network.square_cm"},
    "avd": {"seed", "network.conventions"},
}
"""Where the recipe `published` deviates; the note and the docs say why."""

WITHOUT_MEANING = {"decay_from"}
"""A field that the published schedule of FOMM and MRAA does not use."""

OF_MRAA = ("mraa", "regions.", "architecture")
"""Fields of AVD's recipe that say which MRAA it follows."""


@pytest.mark.parametrize("prior", [None, "ewp", "awp"])
@pytest.mark.parametrize("name", DECLARED)
def test_published_is_the_official_code_but_for_what_is_declared(name, prior):
    architecture = find_architecture(name)
    recipe = architecture.load().recipes["published"]
    if prior in architecture.priors:
        recipe = recipe.with_prior(prior, None, ours=False)
    rows = beside_official(recipe)
    assert {row.field for row in rows if row.differs} == DECLARED[name]
    assert all(row.note for row in rows if row.differs)
    unknown = {row.field for row in rows if row.official == NO_FIELD}
    unknown = {field for field in unknown if not field.startswith(OF_MRAA)}
    assert unknown <= WITHOUT_MEANING


def test_fine_tuning_differs_in_its_length_alone():
    recipe = find_architecture("ulme-gan").load().recipes["published-fine-tuning"]
    differ = {row.field: row for row in beside_official(recipe) if row.differs}
    assert differ.keys() == DECLARED["ulme-gan"] | {"epochs", "decay_from"}
    assert "10" in differ["epochs"].note and "0" in differ["decay_from"].note


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ulme-gan", {"penalty_reduction", "init", "jitter_clip", "decay", "augmentation.gain"}),
        (
            "fomm",
            {"repeats", "augmentation.hue", "augmentation.time_flip", "weights.relative_flow"},
        ),
        ("mraa", {"repeats", "augmentation.brightness", "network.prior_heat", "network.root"}),
    ],
)
def test_ours_differs_where_it_should(name, fields):
    recipe = find_architecture(name).load().recipes["ours"]
    assert fields <= {row.field for row in beside_official(recipe) if row.differs}
