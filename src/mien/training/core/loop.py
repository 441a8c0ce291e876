"""The training loop: steps, checkpoints, validation, samples and the log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import torch
from lightning_fabric import Fabric
from torch import Tensor

from mien.errors import UsageError
from mien.io.atomic import atomic_file
from mien.io.images import write_png
from mien.training.core.batch_queue import training_batches
from mien.training.core.checkpoint import Checkpoint, newest_checkpoint, save_checkpoint
from mien.training.core.recipe import TrainingRecipe
from mien.training.core.run_log import RunLog
from mien.training.core.run_options import RunOptions
from mien.training.core.stopping import StopRequests
from mien.training.faces.face_set import FaceSet
from mien.types import RGBImage

RECIPE_NAME = "recipe.json"
SAMPLES_FOLDER = "samples"

Stopped: TypeAlias = Literal["finished", "minutes", "signal"]
"""Why a run ended: its steps are done, its time was up, or it was told to."""


@dataclass(frozen=True)
class TrainingResult:
    """What a run came to.

    Attributes:
        run: Its folder.
        step: Steps done.
        total_steps: Steps of the whole run.
        stopped: Why it ended.
        validation: The last validation's measures.
        images_per_second: Training pictures a second, over all devices.
        is_main: Whether this process is the one of several that writes and tells.
    """

    run: Path
    step: int
    total_steps: int
    stopped: Stopped
    validation: Mapping[str, float]
    images_per_second: float
    is_main: bool


class Trainer(Protocol):
    """What the loop asks of something that learns; a step is a function of its state and the batch."""

    recipe: Any
    fabric: Fabric
    step: int
    total_steps: int

    def __init__(self, recipe: Any, fabric: Fabric, total_steps: int) -> None: ...

    @staticmethod
    def check_faces(recipe: Any, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on: UsageError."""

    def draw(self, faces: FaceSet, number: int) -> Any:
        """Draw batch ``number``: a function of the recipe's seed and that number; called in threads."""

    def draw_held_out(self, faces: FaceSet) -> list[Any]:
        """Draw the batches that all validations of a run look at."""

    def place(self, batch: Any) -> Any:
        """The batch on this trainer's device."""

    def learn(self, batch: Any) -> dict[str, Tensor]:
        """Do one step; its losses by name, on the device."""

    def validate(self, batches: list[Any]) -> dict[str, float]:
        """Measure what is kept on people that it never saw."""

    def sample_sheet(self, batch: Any) -> RGBImage:
        """Draw what it makes of some of them."""

    def checkpoint(self, facts: Mapping[str, Any]) -> Checkpoint:
        """All that `restore` needs, and facts of the run as JSON values."""

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on where a checkpoint was taken."""

    def begin_with(self, source: Path) -> None:
        """Take over weights, or another run's."""

    def parameter_count(self) -> int:
        """Learned numbers of what is kept."""


def train(
    trainer_kind: type[Trainer],
    recipe: TrainingRecipe,
    train: FaceSet,
    validation: FaceSet,
    out: Path,
    *,
    init: Path | None = None,
    resume: bool = False,
    options: RunOptions | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> TrainingResult:
    """Train, or go on training; Ctrl-C or SIGTERM saves and ends the run in good order.

    Args:
        trainer_kind: What learns.
        recipe: What to do.
        train: Faces to learn from.
        validation: Faces of other people.
        out: The run's folder: recipe, log, checkpoints, samples.
        init: Weights or another run to begin with (transfer learning).
        resume: Go on from the last checkpoint in ``out``: on a CPU with the very same result as
            if the run had not been interrupted.
        options: Devices and how often to save, log and validate.
        on_step: Called with the steps done and all.

    Raises:
        UsageError: A recipe that does not fit the faces, a run that is there already or is not
            there to resume.
        WeightsError: Weights to begin with that cannot be read.
    """
    options = options or RunOptions()
    trainer_kind.check_faces(recipe, train, validation)
    fabric = Fabric(
        accelerator=options.accelerator,
        devices=options.devices,
        num_nodes=options.nodes,
        precision=recipe.precision,
    )
    fabric.launch()
    total = recipe.total_steps(len(train), fabric.world_size)
    trainer = trainer_kind(recipe, fabric, total)
    measured = _begin(trainer, out, init, resume)
    fabric.barrier()
    return _Run(trainer, out, options, on_step, measured).go(train, validation)


def _begin(trainer: Trainer, out: Path, init: Path | None, resume: bool) -> dict[str, float]:
    """Put the weights to begin with into a trainer, and the recipe into the run's folder.

    Returns:
        What a resumed run had measured last.
    """
    found = newest_checkpoint(out)
    if resume:
        if found is None:
            raise UsageError(f"expected a run to resume in {out}, got none: leave out --resume")
        saved = type(trainer.recipe).from_json(dict(found.state["recipe"]))
        if saved != trainer.recipe or found.state["total_steps"] != trainer.total_steps:
            raise UsageError(
                f"expected the recipe and faces that the run {out} began with, got others: "
                "resume it with its own recipe.json, or begin another run with --init"
            )
        trainer.restore(found)
        return dict(found.state["validation"])
    if found is not None:
        raise UsageError(f"{out} holds a run already: go on with --resume, or name another folder")
    if init is not None:
        trainer.begin_with(init)
    if trainer.fabric.is_global_zero:
        with atomic_file(out / RECIPE_NAME) as file:
            file.write_text(json.dumps(trainer.recipe.to_json(), indent=1), encoding="utf-8")
    return {}


class _Run:
    """One process's part of a run."""

    def __init__(
        self,
        trainer: Trainer,
        out: Path,
        options: RunOptions,
        on_step: Callable[[int, int], None] | None,
        measured: dict[str, float],
    ) -> None:
        self.trainer, self.out, self.options = trainer, out, options
        self.on_step = on_step or (lambda done, total: None)
        self.fabric = trainer.fabric
        self.measured = measured
        self.measured_at: int | None = None
        self.faces: dict[str, Any] = {}
        self.learning_seconds = 0.0

    def go(self, train: FaceSet, validation: FaceSet) -> TrainingResult:
        trainer, first = self.trainer, self.trainer.step
        kind = train.facts.get("kind", "")
        self.faces = {"kind": kind, "training": len(train), "held_out": len(validation)}
        held_out = [trainer.place(b) for b in trainer.draw_held_out(validation)]
        log = RunLog(self.out, from_step=first) if self.fabric.is_global_zero else None
        rank, devices = self.fabric.global_rank, self.fabric.world_size
        batches = training_batches(
            lambda step: trainer.draw(train, step * devices + rank),
            first=first,
            last=trainer.total_steps,
            threads=self.options.threads,
        )
        with StopRequests(self.options.minutes) as requests:
            try:
                self._write(log, "start", self._facts())
                reason = self._steps(batches, held_out, log, requests)
                if reason != "signal":  # somebody waits
                    self._validate(held_out, log)
                self._save()
                self._write(log, "stop", {"reason": reason, **self._speed(first)})
            finally:
                batches.close()
                if log is not None:
                    log.__exit__(None, None, None)
        return TrainingResult(
            self.out,
            trainer.step,
            trainer.total_steps,
            reason,
            self.measured,
            self._speed(first)["images_per_second"],
            self.fabric.is_global_zero,
        )

    def _steps(
        self, batches: Any, held_out: list[Any], log: RunLog | None, requests: StopRequests
    ) -> Stopped:
        trainer, options = self.trainer, self.options
        losses: list[dict[str, Tensor]] = []
        began = time.perf_counter()  # waiting for a batch counts
        for batch in batches:
            losses.append(trainer.learn(batch))
            if trainer.step % options.log_every == 0:
                self._write(log, "train", _means(losses))  # waits for the device
                losses = []
            self.learning_seconds += time.perf_counter() - began
            self.on_step(trainer.step, trainer.total_steps)
            if trainer.step % options.validate_every == 0:
                self._validate(held_out, log)
            if trainer.step % options.save_every == 0:
                self._save()
            if reason := self._asked_to_stop(requests):
                return reason
            began = time.perf_counter()
        return "finished"

    def _asked_to_stop(self, requests: StopRequests) -> Stopped | Literal[""]:
        """Whether any process was asked to stop: all must do so at the same step."""
        reasons: tuple[Stopped | Literal[""], ...] = ("", "minutes", "signal")
        own = reasons.index(requests.reason)
        if self.fabric.world_size > 1:
            # NCCL knows sums on the device only.
            told = torch.tensor([own == 1, own == 2], device=self.fabric.device).float()
            summed = self.fabric.all_reduce(told, reduce_op="sum")
            assert isinstance(summed, Tensor)
            own = 2 if summed[1] else int(summed[0] > 0)
        return reasons[own]

    def _validate(self, held_out: list[Any], log: RunLog | None) -> None:
        trainer = self.trainer
        if log is None or self.measured_at == trainer.step:
            return
        self.measured_at = trainer.step
        self.measured = trainer.validate(held_out)
        self._write(log, "validation", self.measured)
        sheet = trainer.sample_sheet(held_out[0])
        write_png(self.out / SAMPLES_FOLDER / f"step-{trainer.step:08d}.png", sheet)

    def _save(self) -> None:
        if self.fabric.is_global_zero:
            facts = {
                "total_steps": self.trainer.total_steps,
                "validation": self.measured,
                "faces": self.faces,
            }
            save_checkpoint(self.out, self.trainer.checkpoint(facts))
        self.fabric.barrier()

    def _write(self, log: RunLog | None, kind: str, values: Mapping[str, Any]) -> None:
        if log is not None:
            log.write(kind, self.trainer.step, values)

    def _speed(self, first: int) -> dict[str, float]:
        recipe, seconds = self.trainer.recipe, self.learning_seconds
        pictures = (self.trainer.step - first) * recipe.batch_size * self.fabric.world_size
        return {"images_per_second": pictures / seconds if seconds else 0.0, "seconds": seconds}

    def _facts(self) -> dict[str, Any]:
        return {
            "recipe": self.trainer.recipe.to_json(),
            "device": str(self.fabric.device),
            "devices": self.fabric.world_size,
            "torch": torch.__version__,
            "faces": self.faces,
            "generator_parameters": self.trainer.parameter_count(),
        }


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """The mean of each loss over the steps that had it."""
    names = dict.fromkeys(name for row in losses for name in row)
    means = {n: torch.stack([row[n] for row in losses if n in row]).float().mean() for n in names}
    return {name: float(value) for name, value in means.items()}
