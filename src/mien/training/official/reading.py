"""Read the tensors of a PyTorch checkpoint in a separate process, without running code from the file.

The process is started as ``python -m mien.training.official.reading CHECKPOINT SAFETENSORS [PART ...]``. It reads with
PyTorch's unpickler for plain tensors (``weights_only=True``) and writes safetensors. Only this file is used afterwards.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import WeightsError

if TYPE_CHECKING:
    from torch import Tensor

_REFUSED = 3
"""Exit code of the process if the file cannot be read; the last line that it prints says why."""


def read_checkpoint(file: Path, parts: tuple[str, ...]) -> dict[str, Tensor]:
    """Return a checkpoint's floating-point tensors on the CPU, by ``PART.NAME``.

    Args:
        file: The checkpoint, as ``torch.save`` wrote it: tensors by name, or its parts by name.
        parts: The parts to read; empty for a file of tensors by name.

    Raises:
        WeightsError: The file does not exist, is cut short or not a checkpoint, or holds more than plain tensors.
    """
    from safetensors.torch import load_file

    if not file.is_file():
        raise WeightsError(f"cannot read {file}: it is not a file; give a PyTorch checkpoint")
    with tempfile.TemporaryDirectory(prefix="mien-import-") as folder:
        made = Path(folder) / "tensors.safetensors"
        # -P: a torch.py in the current folder is not imported.
        words = [sys.executable, "-P", "-m", __spec__.name, str(file.absolute()), str(made), *parts]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": _path()},
        )
        if done.returncode != 0 or not made.is_file():
            said = done.stdout.strip().splitlines()
            why = (
                said[-1]
                if done.returncode == _REFUSED and said
                else "reading it failed; is it a PyTorch checkpoint?"
            )
            raise WeightsError(f"cannot read {file}: {why}")
        # Copied, because the file is mapped into memory and deleted with its folder.
        return {name: tensor.clone() for name, tensor in load_file(made).items()}


def _path() -> str:
    """Return the ``PYTHONPATH`` with which the process imports this copy of Mien, even if it is not installed."""
    root = str(Path(__file__).parents[3])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def named_tensors(loaded: Any, parts: tuple[str, ...]) -> Iterator[tuple[str, Tensor]]:
    """Yield the floating-point tensors of a loaded checkpoint with their names.

    The prefix ``module.`` of networks that were trained on several GPUs is left out.

    Raises:
        WeightsError: The checkpoint, or one of the parts, does not hold tensors by name.
    """
    import torch

    if not isinstance(loaded, Mapping):
        raise WeightsError(f"expected tensors by name, got a {type(loaded).__name__}")
    groups = (
        {f"{part}.": loaded[part] for part in parts if part in loaded} if parts else {"": loaded}
    )
    for start, group in groups.items():
        if not isinstance(group, Mapping):
            raise WeightsError(
                f"expected tensors by name in its part {start[:-1]}, got {type(group).__name__}; "
                "check --architecture"
            )
        for name, value in group.items():
            if isinstance(value, torch.Tensor) and value.is_floating_point():
                yield f"{start}{str(name).removeprefix('module.')}", value


def main(arguments: list[str]) -> int:
    """Read a checkpoint and write its tensors; return the exit code, after a line that says why if reading failed."""
    import torch
    from safetensors.torch import save_file

    file, made, *parts = arguments
    try:
        loaded = torch.load(file, map_location="cpu", weights_only=True)
        tensors = {
            name: tensor.detach().float().clone().contiguous()
            for name, tensor in named_tensors(loaded, tuple(parts))
        }
        save_file(tensors, made)
    except WeightsError as error:
        print(error)
    except pickle.UnpicklingError:
        print(
            "it holds more than plain tensors, or is not a PyTorch checkpoint; a pickle can run any program, so only "
            "plain tensors are read. Save the network's state_dict() alone"
        )
    except (
        OSError,
        RuntimeError,
        EOFError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
    ) as error:
        first = (str(error).strip().splitlines() or ["no reason is given"])[0].split(". ")[0]
        print(f"it is cut short, damaged or no PyTorch checkpoint ({first[:120]})")
    else:
        return 0
    return _REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
