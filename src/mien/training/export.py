"""A run's generator as weights with their card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.errors import UsageError
from mien.face.square import SQUARE_CM
from mien.training.checkpoint import newest_checkpoint
from mien.training.ulme_gan_recipe import UlmeGanRecipe

ARCHITECTURE = "ulme-gan"
"""The generator's name on cards."""

_KINDS = {
    "rig": "portraits moved by Mien's face rig, whose AU labels are exact",
    "still": "pictures labelled by Mien's still-image AU estimator",
}


def export_run(run: Path, out: Path, *, trained_on: str = "", commit: str = "") -> WeightsCard:
    """Write the generator that a run keeps, its running mean if it has one.

    Args:
        run: The run's folder.
        out: The weights' folder.
        trained_on: In words, whose pictures they were.
        commit: Of Mien's source.

    Raises:
        UsageError: There is no run.
        WeightsError: Weights that float16 cannot hold.
    """
    checkpoint = newest_checkpoint(run)
    if checkpoint is None:
        raise UsageError(f"expected a run's folder with checkpoints, got {run}")
    state = checkpoint.state
    recipe = UlmeGanRecipe.from_json(dict(state["recipe"]))
    card = WeightsCard(
        architecture=ARCHITECTURE,
        config=asdict(recipe.generator) | {"aus": list(recipe.generator.aus)},
        aus=recipe.generator.aus,
        crop=(
            f"a square of {SQUARE_CM:g} canonical centimetres around the face, upright with it, "
            f"at {recipe.generator.image_px} px; RGB in [-1, 1]"
        ),
        training_data=" ".join(filter(None, (_data_words(state), trained_on))),
        recipe=recipe.to_json() | {"steps_done": state["step"]},
        metrics=dict(state["validation"]),
        commit=commit,
    )
    return save_weights(out, checkpoint.part("mean") or checkpoint.part("generator"), card)


def _data_words(state: object) -> str:
    faces = dict(state["faces"])  # type: ignore[index]
    kind = _KINDS.get(faces["kind"], "faces")
    return f"{faces['training']} {kind}; {faces['held_out']} more were held out by identity."
