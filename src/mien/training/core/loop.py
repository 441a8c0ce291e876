"""The training loop: steps, validations, checkpoints and the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from mien.io.full_disk import naming_full_disk
from mien.io.images import write_png
from mien.io.mark import SyntheticMark
from mien.training.core.base_trainer import BaseTrainer
from mien.training.core.batch_queue import training_batches
from mien.training.core.checkpoint import save_checkpoint
from mien.training.core.result import Stopped, TrainingResult
from mien.training.core.run_log import RunLog
from mien.training.core.run_options import RunOptions
from mien.training.core.stopping import StopRequests
from mien.training.faces.face_set import FaceSet

SAMPLES_FOLDER = "samples"
"""Folder of the sample sheets in the folder of a run."""


class TrainingLoop:
    """The loop of one process of a run; only the process with rank 0 writes files.

    Args:
        trainer: The networks, with their weights loaded.
        out: Folder of the run.
        options: How often to save, log and validate.
        on_step: Called with the steps done and the total.
        measured: The last validation of a resumed run.
        face_facts: Facts about the faces for the log and the checkpoints, as JSON values.
    """

    def __init__(
        self,
        trainer: BaseTrainer[Any, Any, Any, Any],
        out: Path,
        options: RunOptions,
        on_step: Callable[[int, int], None] | None,
        measured: Mapping[str, float],
        face_facts: Mapping[str, Any],
    ) -> None:
        self.trainer, self.out, self.options = trainer, out, options
        self.on_step = on_step or (lambda done, total: None)
        self.fabric = trainer.fabric
        self.measured = dict(measured)
        self.face_facts = dict(face_facts)
        self.measured_at: int | None = None
        self.learning_seconds = 0.0

    def run(self, faces: FaceSet, held_out: FaceSet) -> TrainingResult:
        """Do the remaining steps, until the time is up or a signal comes.

        Args:
            faces: Faces to learn from.
            held_out: Faces of other people, for validation.
        """
        trainer, first = self.trainer, self.trainer.step
        validation = [trainer.place(b) for b in trainer.draw_held_out(held_out)]
        rank, devices = self.fabric.global_rank, self.fabric.world_size
        batches = training_batches(
            lambda step: trainer.draw(trainer.recipe, faces, step * devices + rank),
            first=first,
            last=trainer.total_steps,
            threads=self.options.threads,
        )
        is_main = self.fabric.is_global_zero
        with (
            naming_full_disk(self.out),
            RunLog(self.out, from_step=first) if is_main else nullcontext() as log,
            StopRequests(self.options.minutes) as requests,
            closing(batches),
        ):
            self._write(log, "start", self._facts())
            reason = self._steps(batches, validation, log, requests)
            if reason != "signal":  # the sender of a signal waits for the end
                self._validate(validation, log)
            self._save()
            self._write(log, "stop", {"reason": reason, **self._speed(first)})
        return TrainingResult(
            self.out,
            trainer.step,
            trainer.total_steps,
            reason,
            self.measured,
            self._speed(first)["images_per_second"],
            trainer.recipe.precision,
            is_main,
            requests.signal,
        )

    def _steps(
        self,
        batches: Iterable[Any],
        validation: list[Any],
        log: RunLog | None,
        requests: StopRequests,
    ) -> Stopped:
        trainer, options = self.trainer, self.options
        losses: list[dict[str, Tensor]] = []
        began = time.perf_counter()  # the time includes waiting for a batch
        for batch in batches:
            losses.append(trainer.learn(batch))
            if trainer.step % options.log_every == 0:
                self._write(log, "train", _means(losses))  # waits for the device
                losses = []
            self.learning_seconds += time.perf_counter() - began
            self.on_step(trainer.step, trainer.total_steps)
            if trainer.step % options.validate_every == 0:
                self._validate(validation, log)
            if trainer.step % options.save_every == 0:
                self._save()
            if reason := self._reason_to_stop(requests):
                return reason
            began = time.perf_counter()
        return "finished"

    def _reason_to_stop(self, requests: StopRequests) -> Stopped | Literal[""]:
        """Return why any process was asked to stop, so that all processes stop at the same step."""
        reasons: tuple[Stopped | Literal[""], ...] = ("", "minutes", "signal")
        own = reasons.index(requests.reason)
        if self.fabric.world_size > 1:
            # NCCL reduces only tensors on the device.
            asked = torch.tensor([own == 1, own == 2], device=self.fabric.device).float()
            summed = self.fabric.all_reduce(asked, reduce_op="sum")
            assert isinstance(summed, Tensor)
            own = 2 if summed[1] else int(summed[0] > 0)
        return reasons[own]

    def _validate(self, batches: list[Any], log: RunLog | None) -> None:
        trainer = self.trainer
        if log is None or self.measured_at == trainer.step:
            return
        self.measured_at = trainer.step
        self.measured = trainer.validate(batches)
        self._write(log, "validation", self.measured)
        sheet = trainer.sample_sheet(batches[0])
        mark = SyntheticMark(source="compositeWithTrainedAlgorithmicMedia")
        name = f"step-{trainer.step:08d}.png"
        write_png(self.out / SAMPLES_FOLDER / name, sheet, mark.as_text())

    def _save(self) -> None:
        if self.fabric.is_global_zero:
            facts = {
                "total_steps": self.trainer.total_steps,
                "validation": self.measured,
                "faces": self.face_facts,
                "devices": self.fabric.world_size,
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
            "precision": self.trainer.recipe.precision,
            "device": str(self.fabric.device),
            "devices": self.fabric.world_size,
            "torch": torch.__version__,
            "faces": self.face_facts,
            "generator_parameters": self.trainer.parameter_count(),
        }


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """Return the mean of each loss over the steps that have it."""
    names = dict.fromkeys(name for row in losses for name in row)
    means = {n: torch.stack([row[n] for row in losses if n in row]).float().mean() for n in names}
    return {name: float(value) for name, value in means.items()}
