"""A run's generator as weights with their card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.errors import UsageError
from mien.face.square import SQUARE_CM
from mien.training.core.checkpoint import newest_checkpoint
from mien.training.core.recipe import TrainingRecipe
from mien.training.motion.recipe import MotionRecipe
from mien.training.ulme_gan.recipe import UlmeGanRecipe

ULME_GAN = "ulme-gan"
"""Its generator's name on cards; FOMM's and MRAA's are their recipes' architectures."""

_KINDS = {
    "rig": "portraits moved by Mien's face rig, which knows their AUs and their motion exactly",
    "still": "pictures labelled by Mien's still-image AU estimator",
}


def export_run(run: Path, out: Path, *, trained_on: str = "", commit: str = "") -> WeightsCard:
    """Write the network that a run keeps, its running mean if it has one.

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
    values = dict(state["recipe"])
    architecture = values.get("architecture", ULME_GAN)
    recipe: TrainingRecipe
    if architecture == ULME_GAN:
        recipe = of_gan = UlmeGanRecipe.from_json(values)
        aus, image_px, part = of_gan.generator.aus, of_gan.generator.image_px, "generator"
        config = asdict(of_gan.generator) | {"aus": list(aus)}
    else:
        recipe = of_motion = MotionRecipe.from_json(values)
        aus, image_px, part = (), of_motion.network.image_px, "net"
        config = asdict(of_motion.network)
    card = WeightsCard(
        architecture=architecture,
        config=config,
        aus=aus,
        crop=(
            f"a square of {SQUARE_CM:g} canonical centimetres around the face, upright with it, "
            f"at {image_px} px; RGB in [-1, 1]"
        ),
        training_data=" ".join(filter(None, (_data_words(state), trained_on))),
        recipe=recipe.to_json() | {"steps_done": state["step"]},
        metrics=dict(state["validation"]),
        commit=commit,
    )
    tensors = checkpoint.part("mean") or checkpoint.part(part)
    # Batch norms count their batches in whole numbers, which say nothing once it has learned.
    floating = {name: tensor for name, tensor in tensors.items() if tensor.is_floating_point()}
    return save_weights(out, floating, card)


def _data_words(state: object) -> str:
    faces = dict(state["faces"])  # type: ignore[index]
    kind = _KINDS.get(faces["kind"], "faces")
    return f"{faces['training']} {kind}; {faces['held_out']} more were held out by identity."
