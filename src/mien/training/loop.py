"""The training loop: steps, checkpoints, validation, samples and the log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch
from lightning_fabric import Fabric
from torch import Tensor

from mien.au.catalog import sided_names
from mien.errors import UsageError
from mien.io.atomic import atomic_file
from mien.io.images import write_png
from mien.training.batch_queue import training_batches
from mien.training.checkpoint import newest_checkpoint, save_checkpoint
from mien.training.face_set import FaceSet
from mien.training.initial import initial_weights
from mien.training.recipe import UlmeGanRecipe
from mien.training.run_log import RunLog
from mien.training.run_options import RunOptions
from mien.training.stopping import StopRequests
from mien.training.trainer import UlmeGanTrainer
from mien.training.validation import sample_sheet, validate, validation_batches

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


def train_ulme_gan(
    recipe: UlmeGanRecipe,
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
    check_faces(recipe, train, validation)
    fabric = Fabric(
        accelerator=options.accelerator,
        devices=options.devices,
        num_nodes=options.nodes,
        precision=recipe.precision,
    )
    fabric.launch()
    total = recipe.total_steps(len(train), fabric.world_size)
    trainer = UlmeGanTrainer(recipe, fabric, total)
    measured = _begin(trainer, out, init, resume)
    fabric.barrier()
    return _Run(trainer, out, options, on_step, measured).go(train, validation)


def check_faces(recipe: UlmeGanRecipe, train: FaceSet, validation: FaceSet) -> None:
    """Refuse face sets that a recipe cannot be trained on: UsageError."""
    for faces in (train, validation):
        if faces.size != recipe.generator.image_px:
            raise UsageError(
                f"expected faces of {recipe.generator.image_px} px, got {faces.size}: "
                "make the set anew with --size, or set generator.image_px"
            )
        if recipe.needs_pairs and not faces.is_paired:
            raise UsageError(
                "expected a face set with pairs for this recipe, got one picture a face: "
                "make it with --kind rig, or set weights.pair, weights.repaint and weights.colour to 0"
            )
    missing = [n for n in recipe.generator.aus if not set(sided_names(n)) & set(train.au_names)]
    if missing:
        raise UsageError(
            f"expected faces labelled with the generator's AUs, got a set without "
            f"{' '.join(missing)}: set generator.aus to what it has"
        )


def _begin(trainer: UlmeGanTrainer, out: Path, init: Path | None, resume: bool) -> dict[str, float]:
    """Put the weights to begin with into a trainer, and the recipe into the run's folder.

    Returns:
        What a resumed run had measured last.
    """
    found = newest_checkpoint(out)
    if resume:
        if found is None:
            raise UsageError(f"expected a run to resume in {out}, got none: leave out --resume")
        saved = UlmeGanRecipe.from_json(dict(found.state["recipe"]))
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
        trainer.start_from(*initial_weights(init, trainer.recipe))
    if trainer.fabric.is_global_zero:
        with atomic_file(out / RECIPE_NAME) as file:
            file.write_text(json.dumps(trainer.recipe.to_json(), indent=1), encoding="utf-8")
    return {}


class _Run:
    """One process's part of a run."""

    def __init__(
        self,
        trainer: UlmeGanTrainer,
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
        recipe = trainer.recipe
        kind = train.facts.get("kind", "")
        self.faces = {"kind": kind, "training": len(train), "held_out": len(validation)}
        held_out = [trainer.place(b) for b in validation_batches(recipe, validation)]
        log = RunLog(self.out, from_step=first) if self.fabric.is_global_zero else None
        batches = training_batches(
            recipe,
            train,
            first=first,
            last=trainer.total_steps,
            rank=self.fabric.global_rank,
            devices=self.fabric.world_size,
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
        for batch in batches:
            began = time.perf_counter()
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
        self.measured = validate(trainer.recipe, trainer.generate_kept, held_out)
        self._write(log, "validation", self.measured)
        sheet = sample_sheet(trainer.recipe, trainer.generate_kept, held_out[0])
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
        parameters = sum(p.numel() for p in self.trainer.generator.parameters())
        return {
            "recipe": self.trainer.recipe.to_json(),
            "device": str(self.fabric.device),
            "devices": self.fabric.world_size,
            "torch": torch.__version__,
            "faces": self.faces,
            "generator_parameters": parameters,
        }


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """The mean of each loss over the steps that had it."""
    names = dict.fromkeys(name for row in losses for name in row)
    means = {n: torch.stack([row[n] for row in losses if n in row]).float().mean() for n in names}
    return {name: float(value) for name, value in means.items()}
