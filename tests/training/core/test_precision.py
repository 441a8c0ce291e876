"""Precision ``auto``: bfloat16 where the device has it, and the run says which was used."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mien.engines import compute
from mien.training.core.precision import with_precision
from mien.training.core.run_log import LOG_NAME
from mien.training.core.run_options import RunOptions
from mien.training.core.start_or_resume import RECIPE_NAME, train
from mien.training.ulme_gan.recipe import PAINTED
from mien.training.ulme_gan.trainer import UlmeGanTrainer

CPU = RunOptions(accelerator="cpu")


@pytest.fixture(params=[True, False])
def used(request, monkeypatch):
    """The precision of a processor with bfloat16, and of one without."""
    monkeypatch.setattr(compute, "_has_bfloat16", lambda device: request.param)
    return "bf16-mixed" if request.param else "32-true"


def test_auto_is_what_the_device_has(used):
    assert PAINTED.precision == "auto"
    assert with_precision(PAINTED, CPU) == replace(PAINTED, precision=used)
    for precision in ("32-true", "bf16-mixed"):
        asked = replace(PAINTED, precision=precision)
        assert with_precision(asked, CPU) is asked


def test_the_run_says_which_was_used_and_resumes_with_it(used, ours, pairs, tmp_path, monkeypatch):
    recipe = replace(ours, precision="auto", steps=2)
    options = replace(CPU, minutes=1e-6)
    result = train(UlmeGanTrainer, recipe, *pairs, tmp_path, options=options)
    assert (result.step, result.precision) == (1, used)
    start = json.loads((tmp_path / LOG_NAME).read_text().splitlines()[0])
    assert start["precision"] == start["recipe"]["precision"] == used
    own = recipe.from_json(json.loads((tmp_path / RECIPE_NAME).read_text()))
    assert own.precision == used
    # A device of the other kind continues with the precision that the run began with.
    monkeypatch.setattr(compute, "_has_bfloat16", lambda device: used == "32-true")
    result = train(UlmeGanTrainer, own, *pairs, tmp_path, resume=True, options=CPU)
    assert (result.step, result.precision) == (2, used)
