from __future__ import annotations

import subprocess
import sys

import pytest

from mien.errors import UsageError
from mien.models import names
from mien.training.architectures import ARCHITECTURES, architecture_of, find_architecture
from mien.training.core.recipe import OURS_NAME, PUBLISHED_NAME


def test_every_network_has_its_recipes_and_its_trainer():
    assert list(ARCHITECTURES) == [names.ULME_GAN, names.FOMM, names.MRAA, names.AVD]
    for name, architecture in ARCHITECTURES.items():
        trainable = architecture.load()
        assert architecture.name == name
        assert trainable.recipes.keys() >= {PUBLISHED_NAME, OURS_NAME}
        for recipe in trainable.recipes.values():
            assert recipe.architecture == name
            assert type(recipe) is trainable.recipe_type
            assert trainable.recipe_type.from_json(recipe.to_json()) == recipe
            assert architecture_of(recipe.to_json()) is architecture
            if name != names.AVD:  # it sees no picture
                assert recipe.exported_config["image_px"] == recipe.image_px


def test_every_prior_that_is_offered_fits():
    for architecture in ARCHITECTURES.values():
        for prior in architecture.priors:
            recipe = architecture.load().recipes[OURS_NAME].with_prior(prior, None, ours=True)
            assert recipe.exported_config["prior"] == prior


def test_an_unknown_network():
    with pytest.raises(
        UsageError, match="one of the networks ulme-gan, fomm, mraa, avd, got 'gan'"
    ):
        find_architecture("gan")


def test_the_list_is_light():
    """The command line reads it for every help text."""
    script = (
        "import sys; import mien.training.architectures, mien.training.run, mien.cli.train; "
        "heavy = {'torch', 'numpy', 'cv2', 'lightning_fabric'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
