"""Export the network of a run as weights with their card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.errors import UsageError
from mien.face.square import CROPS, WHOLE, CropName
from mien.training.architectures import architecture_of
from mien.training.core.checkpoint import newest_checkpoint

_KINDS = {
    "rig": "portraits moved by Mien's face rig, which knows their AUs and their motion exactly",
    "flow": "portraits moved by Mien's face rig, which knows their AUs and the motion of each pixel exactly",
    "still": "pictures labelled by Mien's still-image AU estimator",
}


def export_run(run: Path, out: Path, *, trained_on: str = "", commit: str = "") -> WeightsCard:
    """Write the network that a run keeps: its running mean, if it has one.

    Args:
        run: Folder of the run.
        out: Folder of the weights.
        trained_on: Whose pictures it was trained on, in words; follows what the run records.
        commit: Commit of Mien's source.

    Raises:
        UsageError: There is no run.
        WeightsError: float16 cannot hold the weights.
    """
    checkpoint = newest_checkpoint(run)
    if checkpoint is None:
        raise UsageError(f"expected a run's folder with checkpoints, got {run}")
    state = checkpoint.state
    trainable = architecture_of(state["recipe"]).load()
    recipe = trainable.recipe_type.from_json(state["recipe"])
    config = recipe.exported_config
    card = WeightsCard(
        architecture=recipe.architecture,
        config=config,
        aus=tuple(config.get("aus", ())),
        crop=_crop_words(config.get("crop", WHOLE), recipe.image_px),
        training_data=" ".join(filter(None, (_data_words(state["faces"]), trained_on))),
        recipe=recipe.to_json() | {"steps_done": state["step"]},
        metrics=dict(state["validation"]),
        commit=commit,
    )
    tensors = checkpoint.kept(trainable.trainer.part)
    # BatchNorm counters do not affect the output, and are no floating point.
    floating = {name: tensor for name, tensor in tensors.items() if tensor.is_floating_point()}
    return save_weights(out, floating, card)


def _crop_words(crop: CropName, image_px: int) -> str:
    shape = CROPS[crop]
    lower = f", {shape.down_cm:g} cm towards the chin" if shape.down_cm else ""
    return (
        f"a square of {shape.side_cm:g} canonical centimetres around the face{lower}, upright with it, "
        f"at {image_px} px; RGB in [-1, 1]"
    )


def _data_words(faces: Mapping[str, Any]) -> str:
    kind = _KINDS.get(faces["kind"], "faces")
    return f"{faces['training']} {kind}; {faces['held_out']} more were held out by identity."
