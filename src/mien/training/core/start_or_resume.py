"""Start a training run, or resume one from its last checkpoint; `mien.training.core.loop` does the steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from lightning_fabric import Fabric

from mien.errors import UsageError
from mien.face.square import SQUARE_CM
from mien.io.atomic import atomic_file
from mien.io.used_folder import used_folder
from mien.training.core.base_trainer import BaseTrainer
from mien.training.core.checkpoint import FOLDER, newest_checkpoint
from mien.training.core.loop import SAMPLES_FOLDER, TrainingLoop
from mien.training.core.precision import with_precision
from mien.training.core.recipe import TrainingRecipe
from mien.training.core.result import TrainingResult
from mien.training.core.run_options import RunOptions
from mien.training.faces.face_set import FaceSet
from mien.training.faces.fingerprint import face_set_fingerprint

RECIPE_NAME = "recipe.json"
"""Name of the recipe in the folder of a run."""


def train(
    trainer_type: type[BaseTrainer[Any, Any, Any, Any]],
    recipe: TrainingRecipe,
    faces: FaceSet,
    held_out: FaceSet,
    out: Path,
    *,
    init: Path | None = None,
    resume: bool = False,
    options: RunOptions | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> TrainingResult:
    """Train, or resume training. Ctrl-C, SIGTERM and SIGHUP save a checkpoint and end the run.

    Args:
        trainer_type: Class of the trainer.
        recipe: Settings of the training. The run records what a precision ``auto`` means on its device.
        faces: Faces to learn from.
        held_out: Faces of other people, for validation.
        out: Folder of the run: recipe, log, checkpoints, samples.
        init: Weights or another run to start from (transfer learning).
        resume: Continue from the last checkpoint in ``out``. On a CPU the result is bit for bit
            that of an uninterrupted run.
        options: Devices, and how often to save, log and validate.
        on_step: Called with the steps done and the total.

    Raises:
        UsageError: The recipe does not fit the faces; ``out`` already holds a run, or none to resume;
            or the run to resume began with another recipe, other faces or another number of devices.
        WeightsError: The weights to start from cannot be read.
    """
    options = options or RunOptions()
    trainer_type.check_faces(recipe, faces, held_out)
    recipe = with_precision(recipe, options)
    assert recipe.precision != "auto"
    fabric = Fabric(
        accelerator=options.accelerator,
        devices=options.devices,
        num_nodes=options.nodes,
        precision=recipe.precision,
    )
    fabric.launch()
    total = recipe.total_steps(len(faces), fabric.world_size)
    trainer = trainer_type(recipe, fabric, total)
    facts = _face_facts(faces, held_out)
    # Only the process of the first device writes.
    with used_folder(out, FOLDER, SAMPLES_FOLDER) if fabric.is_global_zero else nullcontext():
        measured = _begin(trainer, out, init, resume, facts)
        fabric.barrier()
        return TrainingLoop(trainer, out, options, on_step, measured, facts).run(faces, held_out)


def _begin(
    trainer: BaseTrainer[Any, Any, Any, Any],
    out: Path,
    init: Path | None,
    resume: bool,
    facts: Mapping[str, Any],
) -> dict[str, float]:
    """Load first weights or a checkpoint, and write the recipe of a new run.

    Returns:
        The last validation of a resumed run.
    """
    found = newest_checkpoint(out)
    if resume:
        if found is None:
            raise UsageError(f"expected a run to resume in {out}, got none: leave out --resume")
        _check_resumable(trainer, out, found.state, facts)
        trainer.restore(found)
        return dict(found.state["validation"])
    if found is not None:
        raise UsageError(
            f"{out} already holds a run: continue it with --resume, or name another folder"
        )
    if init is not None:
        trainer.begin_with(init)
    if trainer.fabric.is_global_zero:
        with atomic_file(out / RECIPE_NAME, is_own=_is_recipe) as file:
            file.write_text(json.dumps(trainer.recipe.to_json(), indent=1), encoding="utf-8")
    return {}


def _is_recipe(path: Path) -> bool:
    return b'"learning_rate"' in path.read_bytes()


def _check_resumable(
    trainer: BaseTrainer[Any, Any, Any, Any],
    out: Path,
    state: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> None:
    """Refuse to continue a run with another recipe, other faces or on another number of devices.

    Raises:
        UsageError: One of them differs. What an old checkpoint does not record, such as the
            fingerprint, is not compared.
    """
    if type(trainer.recipe).from_json(state["recipe"]) != trainer.recipe:
        raise UsageError(
            f"expected the recipe that the run {out} began with, got another: resume it with its own "
            f"{RECIPE_NAME}, or begin another run with --init"
        )
    saved = state["faces"]
    if any(saved.get(name, facts[name]) != facts[name] for name in facts):
        raise UsageError(
            f"expected the faces that the run {out} began with ({_face_words(saved)}), got others "
            f"({_face_words(facts)}): resume it with its own faces, or begin another run with --init"
        )
    devices = trainer.fabric.world_size
    if state.get("devices", devices) != devices:
        raise UsageError(
            f"expected {state['devices']} devices, with which the run {out} began, got {devices}: set --devices and "
            "--nodes as before, or begin another run with --init"
        )
    if state["total_steps"] != trainer.total_steps:  # an old checkpoint without a device count
        raise UsageError(
            f"expected a run of {state['total_steps']} steps, as {out} has, got {trainer.total_steps}: epochs have "
            "fewer steps on more devices; resume it on as many as before, or begin another run with --init"
        )


def _face_facts(faces: FaceSet, held_out: FaceSet) -> dict[str, Any]:
    """Return what a run records of its faces, as JSON values."""
    return {
        "kind": faces.facts.get("kind", ""),
        "square_cm": faces.facts.get("square_cm", SQUARE_CM),
        "square_down_cm": faces.facts.get("square_down_cm", 0.0),
        "training": len(faces),
        "held_out": len(held_out),
        "fingerprint": face_set_fingerprint(faces) + face_set_fingerprint(held_out),
    }


def _face_words(facts: Mapping[str, Any]) -> str:
    kind = f" of kind {facts['kind']}" if facts["kind"] else ""
    mark = f", fingerprint {facts['fingerprint']}" if "fingerprint" in facts else ""
    return f"{facts['training']} to learn from and {facts['held_out']} held out{kind}{mark}"
