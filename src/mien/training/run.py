"""Train a network, from portraits to a face set, a run and exported weights.

Imports nothing heavy before a function is called.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import UsageError
from mien.training.architectures import find_architecture
from mien.training.core.official import Compared, compared
from mien.training.core.recipe import (
    FINE_TUNING_NAME,
    OURS_NAME,
    PUBLISHED_NAME,
    TrainingRecipe,
)
from mien.training.extra import need_training
from mien.training.face_sets import OnProgress, build_clips, build_faces, faces_for
from mien.training.official.importing import import_weights
from mien.training.options import TrainOptions

if TYPE_CHECKING:
    from mien.engines.weights_card import WeightsCard
    from mien.training.core.result import TrainingResult
    from mien.training.faces.face_set import FaceSet

__all__ = [
    "beside_official",
    "build_clips",
    "build_faces",
    "export_weights",
    "faces_for",
    "import_weights",
    "resolve_recipe",
    "train",
]


def resolve_recipe(
    architecture: str,
    out: Path,
    options: TrainOptions,
    *,
    prior: str | None = None,
    points: int | None = None,
    after: Path | None = None,
) -> TrainingRecipe:
    """Return the recipe of a run: the one asked for, or the run's own if it is resumed.

    Args:
        architecture: Name of the network, see `mien.training.architectures`.
        out: Folder of the run.
        options: Recipe and changes.
        prior: Facial prior, for a network that takes one; None keeps the recipe's.
        points: Number of prior points, instead of the published ones.
        after: Folder of the weights of another network, for a network that learns from the output of that one.

    Raises:
        WeightsError: The other network's weights cannot be read.
        UsageError: There is no such network, recipe or field, or values do not fit.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.core.start_or_resume import RECIPE_NAME
    from mien.training.recipes import changed, find_recipe

    network = find_architecture(architecture)
    if options.resume:
        if prior is not None or points is not None:
            raise UsageError("expected --resume without --prior and --points: a run keeps its own")
        if after is not None:
            raise UsageError("expected --resume without another network: a run keeps its own")
        if not (out / RECIPE_NAME).is_file():
            raise UsageError(f"expected a run to resume in {out}, got none: leave out --resume")
        return find_recipe(str(out / RECIPE_NAME), network)
    name = options.recipe or PUBLISHED_NAME
    recipe = find_recipe(name, network)
    if prior is not None or points is not None:
        recipe = recipe.with_prior(prior, points, ours=name == OURS_NAME)
    recipe = recipe if after is None else recipe.after(after)
    recipe = changed(recipe, options.set)
    return recipe if options.steps is None else replace(recipe, steps=options.steps)


def check_init(options: TrainOptions) -> None:
    """Refuse, before any work, a run whose first weights are missing.

    Raises:
        UsageError: The recipe starts from weights and none are given, or their folder does not exist.
    """
    if options.recipe == FINE_TUNING_NAME and options.init is None:
        raise UsageError(
            f"expected weights to start from for the recipe {FINE_TUNING_NAME}, got none: add --init FOLDER"
        )
    if options.init is not None and not options.init.is_dir():
        raise UsageError(f"expected a folder of weights or a run after --init, got {options.init}")


def beside_official(recipe: TrainingRecipe) -> list[Compared]:
    """Return each setting of a recipe beside that of the published system's own code."""
    official = find_architecture(recipe.architecture).load().official
    return compared(recipe, official(recipe))


def parts_for(recipe: TrainingRecipe, faces: FaceSet) -> tuple[FaceSet, FaceSet]:
    """Return the faces that a run learns from, and those of the held-out people.

    Args:
        recipe: The recipe; one that learns from single pictures takes each frame of a clip as a picture.
        faces: The face set.

    Raises:
        UsageError: Too few people to hold one out.
    """
    return (faces if recipe.needs_pairs else faces.as_single_pictures()).split()


def train(
    faces: FaceSet,
    out: Path,
    recipe: TrainingRecipe,
    options: TrainOptions | None = None,
    on_step: OnProgress | None = None,
) -> TrainingResult:
    """Train the network of a recipe on a face set; one person in ten is held out.

    Args:
        faces: The face set.
        out: Folder of the run.
        recipe: The recipe, such as `resolve_recipe` returns.
        options: First weights, devices, and how often to save, log and validate.
        on_step: Called with the steps done and the total.

    Raises:
        UsageError: The recipe does not fit the faces, or ``out`` already holds a run.
        WeightsError: The weights to start from cannot be read.
        MissingExtraError: A package that the recipe needs is not installed.
    """
    need_training()
    from mien.training.core.start_or_resume import train as run

    options = options or TrainOptions()
    check_init(options)
    recipe.check_installed()
    learned, held_out = parts_for(recipe, faces)
    return run(
        find_architecture(recipe.architecture).load().trainer,
        recipe,
        learned,
        held_out,
        out,
        init=options.init,
        resume=options.resume,
        options=options,
        on_step=on_step,
    )


def export_weights(
    run: Path, out: Path, *, licence: str = "", trained_on: str = "", commit: str = ""
) -> WeightsCard:
    """Write the network of a run as weights with a card: its running mean, if it keeps one.

    Args:
        run: Folder of the run.
        out: Folder of the weights.
        licence: Licence of the weights, in your words, such as an SPDX name; empty if it is not stated.
        trained_on: Whose pictures the network was trained on, in words; appended to what the run records.
        commit: Commit of Mien's source.

    Raises:
        UsageError: The folder has no checkpoint, or its newest one is damaged.
        WeightsError: A weight is too large for float16.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.export import export_run

    return export_run(run, out, licence=licence, trained_on=trained_on, commit=commit)
