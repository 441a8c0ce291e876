"""Checkpoints of a run: tensors as safetensors, the rest as JSON; nothing is pickled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from mien.engines.tensor_file import write_tensors
from mien.engines.weights import not_finite
from mien.errors import UsageError
from mien.io.atomic import atomic_folder
from mien.io.json_file import parse_json
from mien.io.plain_file import read_file

FOLDER = "checkpoints"
TENSORS_NAME = "tensors.safetensors"
STATE_NAME = "state.json"
KEPT = 2
"""Number of checkpoints that a run keeps: the newest, and one more in case it gets damaged."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a run needs to continue.

    Attributes:
        tensors: Tensors by name, such as ``generator.stem.weight``.
        state: JSON values: step, recipe and facts of the run.
    """

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]

    def part(self, name: str) -> dict[str, Tensor]:
        """Return the tensors whose names begin with ``name`` and a dot, without that prefix."""
        start = f"{name}."
        return {k.removeprefix(start): t for k, t in self.tensors.items() if k.startswith(start)}

    def kept(self, part: str) -> dict[str, Tensor]:
        """Return the weights of the running mean, or of ``part`` if the run keeps no mean."""
        return self.part("mean") or self.part(part)


def save_checkpoint(run: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint of a run, whole or not at all, and remove all but the last `KEPT`.

    Raises:
        OutputError: The checkpoint cannot be written, for example because the disk is full.
    """
    folder = run / FOLDER / f"step-{checkpoint.state['step']:08d}"
    with atomic_folder(folder, lambda place: True) as temporary:
        tensors = {k: t.detach().cpu().contiguous() for k, t in checkpoint.tensors.items()}
        write_tensors(temporary / TENSORS_NAME, tensors)
        (temporary / STATE_NAME).write_text(json.dumps(dict(checkpoint.state)), encoding="utf-8")
    for old in _steps(run)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def newest_checkpoint(run: Path) -> Checkpoint | None:
    """Read the newest checkpoint of a run; None if it has none.

    Raises:
        UsageError: The checkpoint is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    folders = _steps(run)
    if not folders:
        return None
    try:
        state = parse_json(read_file(folders[-1] / STATE_NAME, UsageError))
        if not isinstance(state, dict):
            raise ValueError(f"{STATE_NAME} is not a JSON object")
        tensors = load_file(folders[-1] / TENSORS_NAME)
        if (name := not_finite(tensors)) is not None:
            raise ValueError(f"{name} has values that are NaN or infinite")
        return Checkpoint(tensors, state)
    except (OSError, ValueError, SafetensorError, UsageError) as error:
        raise UsageError(
            f"the checkpoint {folders[-1]} is damaged ({error}): remove it to use the one before"
        ) from error


def has_checkpoint(run: Path) -> bool:
    """Return whether a run has saved a checkpoint."""
    return bool(_steps(run))


def _steps(run: Path) -> list[Path]:
    return sorted(file.parent for file in (run / FOLDER).glob(f"step-*/{STATE_NAME}"))


def optimizer_tensors(optimizer: Optimizer) -> dict[str, Tensor]:
    """Return the state tensors of an optimiser by ``PARAMETER_NUMBER.NAME``."""
    return {
        f"{number}.{name}": value if isinstance(value, Tensor) else torch.tensor(value)
        for number, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }


def restore_optimizer(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `optimizer_tensors` returned; settings such as learning rates stay."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        number, name = key.split(".", 1)
        state.setdefault(int(number), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def restore_module(module: nn.Module, tensors: Mapping[str, Tensor], what: str) -> None:
    """Load weights into a network.

    Args:
        module: The network.
        tensors: Weights by name.
        what: Name of the network in messages.

    Raises:
        UsageError: The weights are of another network.
    """
    own = module.state_dict()
    if own.keys() != tensors.keys() or any(own[k].shape != tensors[k].shape for k in own):
        raise UsageError(
            f"expected weights of the recipe's {what}, got those of another: "
            "use the recipe that they were trained with"
        )
    module.load_state_dict(dict(tensors))
