"""From portraits to a face set, to a trained network, to its weights."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import MissingExtraError, UsageError
from mien.training.options import Architecture, FaceSetOptions, Kind, TrainOptions

if TYPE_CHECKING:
    from mien.engines.weights_card import WeightsCard
    from mien.training.core.loop import TrainingResult
    from mien.training.faces.face_set import FaceSet

FACES_FOLDER = "faces"
"""In a run's folder, the face set that was made for it."""

OnProgress = Callable[[int, int], None]


def need_training() -> None:
    """Say what is missing to train, where it is: MissingExtraError."""
    for package in ("torch", "safetensors", "lightning_fabric", "tensorboard"):
        if find_spec(package) is None:
            raise MissingExtraError(
                f'training needs {package}, which is not installed: pip install "mien[train]"'
            )
    # It tells the precision on stderr; the log has it.
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)


def build_faces(
    portraits: Path,
    out: Path,
    kind: Kind,
    *,
    size: int,
    seed: int = 0,
    options: FaceSetOptions | None = None,
    progress: OnProgress | None = None,
) -> FaceSet:
    """Make a face set of a folder of portraits, and open it.

    Raises:
        UsageError: No pictures, or not one usable face.
        OutputError: It cannot be written there.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.faces.face_set import FaceSet
    from mien.training.faces.labelled import build_labelled_faces
    from mien.training.faces.rig_moved import build_rig_faces

    options = options or FaceSetOptions()
    common: dict[str, Any] = {"size": size, "workers": options.workers, "progress": progress}
    if kind == "rig":
        build_rig_faces(portraits, out, views=options.views, seed=seed, **common)
    else:
        build_labelled_faces(portraits, out, **common)
    return FaceSet.open(out)


def resolve_recipe(
    out: Path,
    options: TrainOptions,
    architecture: Architecture = "ulme-gan",
    *,
    prior: str | None = None,
    points: int | None = None,
) -> Any:
    """Return the recipe that a run follows: as asked for, or its own where it goes on.

    Args:
        out: The run's folder.
        options: What is asked for.
        architecture: Which network.
        prior: The facial prior, where a motion network has one.
        points: So many vertices as prior, in place of the published points.

    Raises:
        UsageError: No such recipe or field, or values that do not fit.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.core.loop import RECIPE_NAME
    from mien.training.recipes import changed, find_recipe

    if options.resume:
        if prior is not None or points is not None:
            raise UsageError("expected --resume without --prior and --points: a run keeps its own")
        if not (out / RECIPE_NAME).is_file():
            raise UsageError(f"expected a run to resume in {out}, got none: leave out --resume")
        return find_recipe(str(out / RECIPE_NAME), architecture)
    name = options.recipe or "published"
    recipe = find_recipe(name, architecture)
    if prior is not None or points is not None:
        from mien.training.motion.recipe import with_prior

        recipe = with_prior(recipe, prior, points, ours=name == "ours")
    recipe = changed(recipe, options.set)
    return recipe if options.steps is None else replace(recipe, steps=options.steps)


def faces_for(
    data: str,
    out: Path,
    *,
    portraits: Path | None,
    size: int,
    options: FaceSetOptions,
    architecture: Architecture = "ulme-gan",
    progress: OnProgress | None = None,
) -> FaceSet:
    """Open the face set that a run learns from, or make it in the run's folder.

    A set that an earlier start of the run made is used again if it is of the same pictures and made alike; the run
    that goes on keeps its own.

    Args:
        data: A face set's folder, a folder of portraits, or ``rig``.
        out: The run's folder.
        portraits: What the rig moves.
        size: Side of the pictures, pixels.
        options: How to make a set.
        architecture: What learns from it.
        progress: Called with the pictures done and of all.

    Raises:
        UsageError: Nothing usable there, too few people, single pictures for a motion network, or ``portraits``
            with anything but ``rig``.
    """
    from mien.training.core.checkpoint import has_checkpoint
    from mien.training.faces.cut import picture_files, pictures_digest
    from mien.training.faces.face_set import RECORD_NAME, FaceSet, held_out_people

    if (data == "rig") != (portraits is not None):
        raise UsageError("expected --portraits FOLDER with --data rig, and only with it")
    if portraits is None and (Path(data) / RECORD_NAME).is_file():
        return FaceSet.open(Path(data))
    made = out / FACES_FOLDER
    there = FaceSet.open(made) if (made / RECORD_NAME).is_file() else None
    if there is not None and has_checkpoint(out):
        return there
    kind: Kind = "still" if portraits is None else "rig"
    folder = Path(data) if portraits is None else portraits
    files = picture_files(folder)
    if kind == "still" and architecture != "ulme-gan":
        raise UsageError(
            f"expected a face set that the rig moved, or --data rig --portraits FOLDER, got the folder {folder}: "
            f"single pictures do not show {architecture} how a face moves"
        )
    wanted = {"kind": kind, "size": size, "pictures": pictures_digest(files)}
    wanted["views"] = options.views if kind == "rig" else 1
    if there is not None and all(there.facts.get(name) == wanted[name] for name in wanted):
        return there
    held_out_people([file.stem for file in files])  # before minutes of work
    return build_faces(folder, made, kind, size=size, options=options, progress=progress)


def train(
    faces: FaceSet,
    out: Path,
    recipe: Any,
    options: TrainOptions,
    on_step: OnProgress | None = None,
) -> TrainingResult:
    """Train the network of a recipe on a face set, one identity in ten held out.

    Raises:
        UsageError: A recipe that does not fit the faces, or a run that is there already.
        WeightsError: Weights to begin with that cannot be read.
    """
    need_training()
    from mien.training.core.loop import Trainer
    from mien.training.core.loop import train as run
    from mien.training.motion.recipe import MotionRecipe
    from mien.training.motion.trainer import MotionTrainer
    from mien.training.ulme_gan.trainer import UlmeGanTrainer

    learned, held_out = faces.split()
    kind: type[Trainer] = MotionTrainer if isinstance(recipe, MotionRecipe) else UlmeGanTrainer
    return run(
        kind,
        recipe,
        learned,
        held_out,
        out,
        init=options.init,
        resume=options.resume,
        options=options,
        on_step=on_step,
    )


def export_weights(run: Path, out: Path, *, trained_on: str = "", commit: str = "") -> WeightsCard:
    """Write the generator that a run keeps as weights with their card.

    Args:
        run: The run's folder.
        out: The weights' folder.
        trained_on: In words, whose pictures; what the run knows of its face set stands before.
        commit: Of Mien's source.

    Raises:
        UsageError: There is no run.
        WeightsError: Weights that float16 cannot hold.
    """
    need_training()
    from mien.training.export import export_run

    return export_run(run, out, trained_on=trained_on, commit=commit)
