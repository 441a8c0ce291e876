"""Write tensors to safetensors files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write tensors by name to a safetensors file, with the permissions of any new file.

    ``safetensors.torch.save_file`` makes files that only their owner can read. The file's content is held in memory
    once more while it is written.
    """
    from safetensors.torch import save

    path.write_bytes(save(dict(tensors)))
