"""Training that starts from imported weights, and export of what was trained with their conventions."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from mien.engines.motion_net.networks import load_motion_net
from mien.engines.weights import load_weights
from mien.errors import UsageError
from mien.models.fomm import FommConfig
from mien.models.ulme_gan import GeneratorConfig
from mien.training.core.start_or_resume import train as learn
from mien.training.motion.trainer import MotionTrainer
from mien.training.run import export_weights, import_weights
from mien.training.ulme_gan.recipe import UlmeGanRecipe
from mien.training.ulme_gan.trainer import UlmeGanTrainer
from tests.training.motion.conftest import CPU, moved_faces, recipe_of
from tests.training.official.states import read_here, saved


def test_a_run_goes_on_from_a_checkpoint_with_its_conventions(tmp_path: Path, monkeypatch) -> None:
    read_here(monkeypatch)
    weights = tmp_path / "w"
    import_weights(saved(tmp_path, "fomm-awp"), weights, "fomm-awp", image_px=32)
    config = load_weights(weights, "fomm").config
    recipe = recipe_of("fomm-awp")
    published = replace(recipe, steps=1, network=FommConfig(**config))
    mien = replace(published, network=replace(published.network, conventions="mien"))
    faces = moved_faces().split(0.25)
    with pytest.raises(UsageError, match=r"add --set network\.conventions=published"):
        learn(MotionTrainer, mien, *faces, tmp_path / "x", init=weights, options=CPU)
    learn(MotionTrainer, published, *faces, tmp_path / "r", init=weights, options=CPU)
    card = export_weights(tmp_path / "r", tmp_path / "e", licence="CC0-1.0", trained_on="Waves.")
    assert card.licence == "CC0-1.0" and card.training_data.endswith("Waves.")
    # The faces of this run show the whole square, whatever the recipe says.
    assert card.config == {**config, "square_cm": 20.0}
    assert card.crop.startswith("a square of 20 canonical centimetres")
    assert load_motion_net("fomm", tmp_path / "e").config.how.published


def test_weights_of_before_a_field_have_its_default() -> None:
    recipe = UlmeGanRecipe(generator=GeneratorConfig(width=4))
    trainer = object.__new__(UlmeGanTrainer)
    trainer.recipe = recipe
    config = asdict(recipe.generator)
    del config["square_cm"]
    trainer.check_initial_config(Path("w"), config)
    # The faces decide the square, not the weights.
    trainer.check_initial_config(Path("w"), config | {"square_cm": 13.5})
    with pytest.raises(UsageError, match=r"set generator\.width to theirs"):
        trainer.check_initial_config(Path("w"), config | {"width": 8})
