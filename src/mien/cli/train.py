"""``mien train``: faces to learn from, a network that learns, its weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import tyro

from mien.common.option_help import option
from mien.training.options import Architecture, FaceSetOptions, Kind, TrainOptions

if TYPE_CHECKING:
    from mien.training.core.loop import TrainingResult


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Make a face set to learn from, out of a folder of portraits."""

    portraits: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """The pictures, one face each; their names without suffix say who it is."""

    out: Annotated[Path, tyro.conf.arg(metavar="SET")]
    """Where to."""

    kind: Kind = "rig"
    """rig moves each face, so that every AU is known exactly and pairs can be learned from; still
    takes the pictures as they are and measures their AUs."""

    size: Annotated[int, tyro.conf.arg(metavar="PX")] = 128
    """Side of the pictures, pixels."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """Of crops and AUs that the rig moves."""

    how: Annotated[FaceSetOptions, tyro.conf.arg(name="")] = field(default_factory=FaceSetOptions)
    """How."""

    def run(self) -> int:
        """Make the set and say what is in it."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.training.run import build_faces

        with frame_progress(self.out.name) as show:
            faces = build_faces(
                self.portraits,
                self.out,
                self.kind,
                size=self.size,
                seed=self.seed,
                options=self.how,
                progress=show,
            )
        if skipped := faces.facts.get("skipped"):
            warn([f"no usable face in {len(skipped)} pictures, such as {skipped[0]}"])
        views = faces.images.shape[1]
        print(f"{self.out}: {len(faces)} faces with {views} views of {faces.size} px each")
        return 0


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What training any network asks for."""

    architecture: ClassVar[Architecture] = "ulme-gan"

    data: Annotated[str, tyro.conf.arg(metavar="SET|FOLDER|rig")]
    """What to learn from: a face set, a folder of portraits whose AUs are then measured, or rig:
    the --portraits, moved by the rig. A set that is made first stays in the run's folder."""

    out: Annotated[Path, tyro.conf.arg(metavar="RUN")]
    """The run's folder: recipe, checkpoints, samples, log.jsonl, TensorBoard's files."""

    portraits: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER", help_behavior_hint="")] = None
    """With --data rig: whom the rig moves."""

    made: Annotated[FaceSetOptions, tyro.conf.arg(name="")] = field(default_factory=FaceSetOptions)
    """How a face set is made, if there is none yet."""

    how: Annotated[TrainOptions, tyro.conf.arg(name="")] = field(default_factory=TrainOptions)
    """How."""

    dry_run: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print the recipe as it would be followed, as JSON, and do nothing."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON at the end."""

    def run(self) -> int:
        """Train and say what became of it."""
        from mien.cli.progress import frame_progress
        from mien.errors import INTERRUPTED
        from mien.io.atomic import check_writable
        from mien.training.run import faces_for, resolve_recipe, train

        recipe = resolve_recipe(
            self.out,
            self.how,
            self.architecture,
            prior=getattr(self, "prior", None),
            points=getattr(self, "points", None),
        )
        if self.dry_run:
            print(json.dumps(recipe.to_json(), indent=1))
            return 0
        check_writable(self.out)
        network = getattr(recipe, "network", None) or recipe.generator
        with frame_progress("faces") as show:
            faces = faces_for(
                self.data,
                self.out,
                portraits=self.portraits,
                size=network.image_px,
                options=self.made,
                architecture=self.architecture,
                progress=show,
            )
        with frame_progress(self.out.name) as show:
            result = train(faces, self.out, recipe, self.how, show)
        if result.is_main:
            print(json.dumps(summary(result)) if self.json else describe(result))
        return INTERRUPTED if result.stopped == "signal" else 0


@dataclass(frozen=True, kw_only=True)
class UlmeGan(_Run):
    """Train ULME-GAN. Ctrl-C saves and stops; --resume goes on as if nothing had been."""


@dataclass(frozen=True, kw_only=True)
class Fomm(_Run):
    """Train FOMM with a facial prior, or without. Ctrl-C saves and stops; --resume goes on."""

    architecture = "fomm"

    data: Annotated[str, tyro.conf.arg(metavar="SET|rig")]
    """What to learn from: a face set that the rig moved (mien train faces), or rig: the --portraits,
    moved by the rig, whose set then stays in the run's folder."""

    prior: Annotated[Literal["none", "ewp", "awp"] | None, option("none|ewp|awp")] = None
    """The facial prior; the recipe's own by default, which is none."""

    points: Annotated[int | None, option("N")] = None
    """So many well-spread vertices as prior, in place of the 18 published points, which 18 means."""


@dataclass(frozen=True, kw_only=True)
class Mraa(_Run):
    """Train MRAA with a facial prior, or without. Ctrl-C saves and stops; --resume goes on."""

    architecture = "mraa"

    data: Annotated[str, tyro.conf.arg(metavar="SET|rig")]
    """What to learn from: a face set that the rig moved (mien train faces), or rig: the --portraits,
    moved by the rig, whose set then stays in the run's folder."""

    prior: Annotated[Literal["none", "awp"] | None, option("none|awp")] = None
    """The facial prior; the recipe's own by default, which is none."""

    points: Annotated[int | None, option("N")] = None
    """So many well-spread vertices as prior, in place of the 18 published points, which 18 means."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write a run's network as weights that engines read, with a card that says what they are."""

    folder: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RUN")]
    """The run's folder."""

    out: Annotated[Path, tyro.conf.arg(metavar="WEIGHTS")]
    """The weights' folder."""

    trained_on: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: whose pictures it learned from, and under which terms they came."""

    commit: Annotated[str, tyro.conf.arg(metavar="HASH", help_behavior_hint="")] = ""
    """For the card: the commit of Mien's source that trained it."""

    def run(self) -> int:
        """Write them and say what they are."""
        from mien.training.run import export_weights

        card = export_weights(self.folder, self.out, trained_on=self.trained_on, commit=self.commit)
        print(f"{self.out}: {card.architecture}, {len(card.aus)} AUs, {len(card.shards)} shards")
        return 0


@dataclass(frozen=True, kw_only=True)
class Train:
    """Train a network on faces, or make faces to train on."""

    what: (
        Annotated[UlmeGan, tyro.conf.subcommand("ulme-gan")]
        | Annotated[Fomm, tyro.conf.subcommand("fomm")]
        | Annotated[Mraa, tyro.conf.subcommand("mraa")]
        | Annotated[Faces, tyro.conf.subcommand("faces")]
        | Annotated[Export, tyro.conf.subcommand("export")]
    )
    """What to do."""

    def run(self) -> int:
        """Do it."""
        return self.what.run()


def summary(result: TrainingResult) -> dict[str, Any]:
    """Return what a script wants to know of a run, as JSON values."""
    return {
        "out": str(result.run),
        "step": result.step,
        "total_steps": result.total_steps,
        "stopped": result.stopped,
        "images_per_second": round(result.images_per_second, 2),
        "validation": {name: round(value, 6) for name, value in result.validation.items()},
    }


def describe(result: TrainingResult) -> str:
    """Return what a person wants to know of a run, in one line."""
    measured = ", ".join(f"{name} {value:.4g}" for name, value in result.validation.items())
    done = f"{result.run}: step {result.step} of {result.total_steps}"
    speed = f"{result.images_per_second:.1f} pictures a second"
    if result.stopped == "finished":
        return f"{done}, {speed}; held out: {measured}"
    return f"{done}, {speed}, saved; go on with --resume" + (f"; {measured}" if measured else "")
