from __future__ import annotations

import json
from pathlib import Path

import pytest

from mien.errors import MienError, UsageError
from mien.training.architectures import ARCHITECTURES
from mien.training.avd.recipe import RECIPES as AVD_RECIPES
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES
from mien.training.recipes import changed, find_recipe, read_recipe
from mien.training.ulme_gan.recipe import OURS, PUBLISHED

ULME_GAN, FOMM, MRAA, AVD = ARCHITECTURES.values()


def test_changes():
    recipe = changed(
        OURS, ["batch_size=8", "weights.cycle=5", "generator.aus=AU4,AU12L", "compile=true"]
    )
    assert (recipe.batch_size, recipe.weights.cycle, recipe.compile) == (8, 5.0, True)
    assert recipe.generator.aus == ("AU4", "AU12L")
    assert changed(AVD_RECIPES["ours"], ["network.widths=8,16"]).network.widths == (8, 16)
    assert changed(OURS, ["steps=7"]).total_steps(1000) == 7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("batchsize=8", "did you mean batch_size"),
        ("weights=8", "fields are|did you mean"),
        ("batch_size", "like batch_size=8"),
        ("batch_size=many", "a whole number after batch_size=, got 'many'"),
        ("compile=yes", "true or false"),
        ("weights.pair=-1", "weights.pair of at least 0"),
        ("precision=16", "32-true or bf16-mixed"),
        ("generator.aus=AU99", "AU99"),
    ],
)
def test_wrong_changes(change, said):
    with pytest.raises(MienError, match=said):
        changed(OURS, [change])


@pytest.mark.parametrize(
    ("change", "option"),
    [("network.prior=ewp", "--prior ewp"), ("network.points=40", "--points 40")],
)
def test_what_other_fields_belong_to_is_set_by_its_option(change: str, option: str):
    for recipes in (FOMM_RECIPES, MRAA_RECIPES):
        with pytest.raises(UsageError, match=f"expected {option}, got --set {change}: the option"):
            changed(recipes["published"], ["batch_size=2", change])
    with pytest.raises(UsageError, match="MRAA's regions"):
        changed(AVD_RECIPES["ours"], ["network.points=40"])  # it has no option


def test_what_an_option_set_can_be_changed_after_it():
    recipe = FOMM_RECIPES["published"].with_prior("ewp", None, ours=False)
    assert recipe.prior_points == "once"
    assert changed(recipe, ["prior_points=tracked"]).prior_points == "tracked"


def test_recipes_by_name():
    assert find_recipe("published", ULME_GAN) is PUBLISHED
    assert find_recipe("ours", FOMM) is FOMM_RECIPES["ours"]
    assert find_recipe("ours", MRAA) is MRAA_RECIPES["ours"]
    assert find_recipe("ours", AVD) is AVD_RECIPES["ours"]
    with pytest.raises(
        UsageError, match=r"published, ours, published-fine-tuning, painted, or a .* got 'theirs'"
    ):
        find_recipe("theirs", ULME_GAN)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda a: a.name)
def test_a_recipe_in_a_file_is_of_its_network_alone(architecture, tmp_path: Path):
    recipe = architecture.load().recipes["ours"]
    file = tmp_path / "recipe.json"
    file.write_text(json.dumps(recipe.to_json()), encoding="utf-8")
    assert find_recipe(str(file), architecture) == recipe
    assert read_recipe(json.loads(file.read_text())) == recipe
    for other in ARCHITECTURES.values():
        if other is not architecture:
            with pytest.raises(UsageError, match=f"recipe of {other.name} in .* another network"):
                find_recipe(str(file), other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "expected a recipe in"),
        ("{", "expected a recipe in"),
        ("[1]", "fields of a recipe in .* got list"),
        ('{"architecture": "gan"}', "one of the networks ulme-gan, fomm, mraa, avd, got 'gan'"),
    ],
)
def test_a_file_without_a_recipe(text: str | None, said: str, tmp_path: Path):
    file = tmp_path / "recipe.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        find_recipe(str(file), ULME_GAN)
