"""``mien train NETWORK``: one subcommand for each network that can be trained."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

import tyro

from mien.cli.say import complain, say
from mien.common.option_help import option
from mien.training.architectures import ARCHITECTURES
from mien.training.core.architecture import Architecture
from mien.training.core.result import TrainingResult
from mien.training.options import FaceSetOptions, TrainOptions

if TYPE_CHECKING:
    from mien.training.core.recipe import TrainingRecipe


@dataclass(frozen=True, kw_only=True)
class TrainNetwork:
    """Options that all networks share; `command_of` makes a subcommand of each network."""

    architecture: ClassVar[Architecture]

    data: str
    """Training data; each subcommand says what it takes."""

    out: Annotated[Path, tyro.conf.arg(metavar="RUN")]
    """Folder of the run: recipe, checkpoints, samples, log.jsonl, TensorBoard files."""

    portraits: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER", help_behavior_hint="")] = None
    """With --data rig: folder of the portraits that the rig moves."""

    made: Annotated[FaceSetOptions, tyro.conf.arg(name="")] = field(default_factory=FaceSetOptions)
    """How a face set is made, if the data are not a face set."""

    how: Annotated[TrainOptions, tyro.conf.arg(name="")] = field(default_factory=TrainOptions)
    """How to train."""

    dry_run: tyro.conf.FlagCreatePairsOff[bool] = False
    """Do not train: print the complete recipe beside the values of the official code, and check that the data can be
    read."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON at the end. With --dry-run: print the recipe as JSON, which --recipe reads, and
    what is said of the data to stderr."""

    def recipe(self) -> TrainingRecipe:
        """Return the recipe of the run."""
        from mien.training.run import resolve_recipe

        return resolve_recipe(self.architecture.name, self.out, self.how)

    def run(self) -> int:
        """Train and print the result."""
        from mien.cli.progress import frame_progress
        from mien.interrupts import exit_code
        from mien.io.atomic import check_writable
        from mien.training.run import check_init, faces_for, train

        recipe = self.recipe()
        if self.dry_run:
            self._say_recipe(recipe)
        check_init(self.how)
        check_writable(self.out, folder=True)
        if self.dry_run:
            self._say_data(recipe)
            return 0
        with frame_progress("faces") as show:
            faces = faces_for(
                recipe,
                self.data,
                self.out,
                portraits=self.portraits,
                options=self.made,
                progress=show,
            )
        with frame_progress(self.out.name) as show:
            result = train(faces, self.out, recipe, self.how, show)
        if result.is_main:
            say(json.dumps(summary(result)) if self.json else describe(result))
        return exit_code(result.signal) if result.stopped == "signal" else 0

    def _say_recipe(self, recipe: TrainingRecipe) -> None:
        from mien.cli.train_dry_run import table
        from mien.training.run import beside_official

        say(json.dumps(recipe.to_json()) if self.json else table(beside_official(recipe)))

    def _say_data(self, recipe: TrainingRecipe) -> None:
        from mien.cli.train_dry_run import data_words, precision_words
        from mien.training.core.precision import with_precision
        from mien.training.data_check import check_data

        found = check_data(recipe, self.data, self.out, portraits=self.portraits, options=self.made)
        name = str(self.portraits or self.data)
        used = with_precision(recipe, self.how)
        for line in (data_words(name, found), precision_words(recipe, used)):
            if self.json:  # stdout has the recipe alone
                complain("note", line)
            else:
                say(line)


@dataclass(frozen=True, kw_only=True)
class TrainPriorNetwork(TrainNetwork):
    """Options of networks that take a facial prior; each adds its choice of priors."""

    prior: str | None = None
    """Facial prior. By default that of the recipe: none in published, awp in ours."""

    points: Annotated[int | None, option("N")] = None
    """Number of points of the prior, vertices spread over the face; 18, the default, are the published points."""

    def recipe(self) -> TrainingRecipe:
        """Return the recipe of the run, with the prior asked for."""
        from mien.training.run import resolve_recipe

        return resolve_recipe(
            self.architecture.name, self.out, self.how, prior=self.prior, points=self.points
        )


@dataclass(frozen=True, kw_only=True)
class TrainAvd(TrainNetwork):
    """Options of the network that learns from the regions of a trained MRAA."""

    mraa: Annotated[Path | None, option("FOLDER")] = None
    """Weights of the MRAA network whose regions are learned. Its prior and picture size are used."""

    def recipe(self) -> TrainingRecipe:
        """Return the recipe of the run, for these weights."""
        from mien.training.run import resolve_recipe

        return resolve_recipe(self.architecture.name, self.out, self.how, after=self.mraa)


def command_of(architecture: Architecture) -> type[TrainNetwork]:
    """Return the subcommand that trains a network: a dataclass of its options."""
    base: type[TrainNetwork] = TrainNetwork
    about = f"Train {architecture.title}"
    annotations: dict[str, Any] = {"data": _data_of(architecture)}
    values: dict[str, Any] = {"architecture": architecture}
    if architecture.priors:
        base = TrainPriorNetwork
        about += ", with a facial prior or without"
        choice: Any = Literal.__getitem__(architecture.priors)
        annotations["prior"] = Annotated[choice | None, option("|".join(architecture.priors))]
        values["prior"] = None
    if architecture.follows_other:
        base = TrainAvd
        about += ", which lets MRAA keep the portrait's shape"
    values |= {
        "__annotations__": annotations,
        "__doc__": f"{about}. Ctrl-C saves and stops; --resume continues exactly.",
        "__module__": __name__,
    }
    name = architecture.title.replace("-", "")
    return dataclass(frozen=True, kw_only=True)(type(name, (base,), values))


def _data_of(architecture: Architecture) -> Any:
    """Return the type of the option ``--data`` with its help."""
    if architecture.needs_motion:
        metavar, sources = "SET|rig", "a face set of kind rig or flow, or of clips"
    else:
        metavar = "SET|FOLDER|rig"
        sources = "a face set; a folder of portraits, whose AUs are measured"
    about = (
        f"Training data: {sources}; or rig, which moves the pictures of --portraits. A face set that is "
        "made for the run is kept in its folder."
    )
    return Annotated[str, tyro.conf.arg(metavar=metavar, help=about)]


if TYPE_CHECKING:
    Network: TypeAlias = TrainNetwork
else:
    Network = reduce(
        or_,
        (
            Annotated[command_of(architecture), tyro.conf.subcommand(architecture.name)]
            for architecture in ARCHITECTURES.values()
        ),
    )


def summary(result: TrainingResult) -> dict[str, Any]:
    """Return the result of a run as JSON values."""
    return {
        "out": str(result.run),
        "step": result.step,
        "total_steps": result.total_steps,
        "stopped": result.stopped,
        "images_per_second": round(result.images_per_second, 2),
        "precision": result.precision,
        "validation": {name: round(value, 6) for name, value in result.validation.items()},
    }


def describe(result: TrainingResult) -> str:
    """Return the result of a run in one line for people."""
    measured = ", ".join(f"{name} {value:.4g}" for name, value in result.validation.items())
    done = f"{result.run}: step {result.step} of {result.total_steps}"
    speed = f"{result.images_per_second:.3g} pictures a second with precision {result.precision}"
    if result.stopped == "finished":
        return f"{done}, {speed}; held out: {measured}"
    return f"{done}, {speed}, saved; continue with --resume" + (f"; {measured}" if measured else "")
