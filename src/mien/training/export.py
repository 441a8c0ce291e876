"""Export the network of a run as weights with a card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.engines.weights import save_weights
from mien.engines.weights_card import NOT_STATED, WeightsCard, crop_words
from mien.errors import UsageError
from mien.face.square import SQUARE_CM
from mien.training.architectures import architecture_of
from mien.training.core.checkpoint import newest_checkpoint

_KINDS = {
    "rig": "portraits moved by Mien's face rig, which knows their AUs and their motion exactly",
    "flow": "portraits moved by Mien's face rig, which knows their AUs and the motion of each pixel exactly",
    "still": "pictures labelled by Mien's still-image AU estimator",
    "clips": "clips of filmed people",
    "frames": "frames from clips of filmed people",
}


def export_run(
    run: Path, out: Path, *, licence: str = "", trained_on: str = "", commit: str = ""
) -> WeightsCard:
    """Write the network of a run as weights: its running mean, if it keeps one.

    Args:
        run: Folder of the run.
        out: Folder of the weights.
        licence: Licence of the weights, in the user's words; empty if it is not stated.
        trained_on: Whose pictures the network was trained on, in words; appended to what the run records.
        commit: Commit of Mien's source.

    Raises:
        UsageError: The folder has no checkpoint, or its newest one is damaged.
        WeightsError: float16 cannot hold the weights.
    """
    checkpoint = newest_checkpoint(run)
    if checkpoint is None:
        raise UsageError(f"expected a run's folder with checkpoints, got {run}")
    state = checkpoint.state
    trainable = architecture_of(state["recipe"]).load()
    recipe = trainable.recipe_type.from_json(state["recipe"])
    # A face set records the square that was cut out; sets without a record have the default square.
    square_cm = state["faces"].get("square_cm", SQUARE_CM)
    config = recipe.exported_config
    square_down_cm = state["faces"].get("square_down_cm", 0.0)
    if "square_cm" in config:
        config["square_cm"] = square_cm
    if "square_down_cm" in config:
        config["square_down_cm"] = square_down_cm
    card = WeightsCard(
        architecture=recipe.architecture,
        config=config,
        aus=tuple(config.get("aus", ())),
        crop=crop_words(square_cm, recipe.image_px, square_down_cm),
        training_data=" ".join(filter(None, (_data_words(state["faces"]), trained_on))),
        recipe=recipe.for_card() | {"steps_done": state["step"]},
        metrics=dict(state["validation"]),
        licence=licence or NOT_STATED,
        commit=commit,
    )
    tensors = checkpoint.kept(trainable.trainer.part)
    # BatchNorm counters are integers and do not affect the output.
    floating = {name: tensor for name, tensor in tensors.items() if tensor.is_floating_point()}
    return save_weights(out, floating, card)


def _data_words(faces: Mapping[str, Any]) -> str:
    kind = _KINDS.get(faces["kind"], "faces")
    return f"{faces['training']} {kind}; {faces['held_out']} more were held out by identity."
