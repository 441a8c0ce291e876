"""Networks' weights on disk: safetensors in one file or several, beside a card. No pickle is ever read."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.engines.tensor_file import write_tensors
from mien.engines.weights_card import WeightsCard
from mien.errors import MissingExtraError, OutputError, WeightsError
from mien.install import install_command
from mien.io.atomic import atomic_folder
from mien.io.json_file import read_json
from mien.io.plain_file import read_file, why_unreadable

if TYPE_CHECKING:
    from torch import Tensor

CARD_NAME = "card.json"
README_NAME = "README.md"
INDEX_NAME = "model.safetensors.index.json"
"""Index of which file holds which tensor, for other programs if there are several files; Mien reads the card."""

MAX_SHARD_BYTES = 1_000_000_000
"""Largest total size of the tensors in one file; a larger tensor gets a file of its own."""
MAX_SHARD_FILE_BYTES = 8 * MAX_SHARD_BYTES
"""Largest file of weights that is read; one tensor can be larger than a shard."""

_PICKLES = frozenset({".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin", ".t7"})


_OWN_NAME = re.compile(
    r"card\.json|README\.md|model-\d{5}-of-\d{5}\.safetensors|model\.safetensors\.index\.json"
)


@dataclass(frozen=True, eq=False)
class Weights:
    """A network's weights, read and checked.

    Attributes:
        card: The description stored beside them: network, training data, licence.
        tensors: float32 tensors on the CPU, by name.
    """

    card: WeightsCard
    tensors: Mapping[str, Tensor]

    @property
    def config(self) -> Mapping[str, Any]:
        """The fields of the network's config; sequences are lists."""
        return self.card.config


def save_weights(
    folder: str | os.PathLike[str],
    tensors: Mapping[str, Tensor],
    card: WeightsCard,
    *,
    half: bool = True,
) -> WeightsCard:
    """Write weights, whole or not at all.

    Args:
        folder: New, empty, or with weights that Mien wrote, which are replaced.
        tensors: Floating-point tensors by name.
        card: Their card; its shards are filled in.
        half: Whether they are stored as float16, otherwise as float32.

    Returns:
        The card as written.

    Raises:
        WeightsError: A tensor has values that are not finite, or too large for float16.
        OutputError: Other files are in the way, or the place cannot be written.
        MissingExtraError: PyTorch or safetensors is not installed.
    """
    need_torch()
    import torch

    dtype = torch.float16 if half else torch.float32
    stored = {
        name: tensor.detach().cpu().to(dtype).contiguous() for name, tensor in tensors.items()
    }
    if (name := not_finite(stored)) is not None:
        kind = str(dtype).removeprefix("torch.")
        raise WeightsError(f"expected weights within {kind}, got larger values or NaN in {name}")
    shards = list(_shards(stored))
    with _naming(folder), atomic_folder(folder, _is_own) as temporary:
        digests: dict[str, str] = {}
        places: dict[str, str] = {}
        for number, shard in enumerate(shards, start=1):
            name = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
            write_tensors(temporary / name, shard)
            with (temporary / name).open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            places |= dict.fromkeys(shard, name)
        if len(shards) > 1:
            total = sum(tensor.nbytes for tensor in stored.values())
            _write_json(
                temporary / INDEX_NAME,
                {"metadata": {"total_size": total}, "weight_map": places},
            )
        written = replace(card, shards=digests)
        _write_json(temporary / CARD_NAME, written.to_json())
        (temporary / README_NAME).write_text(written.to_markdown(), encoding="utf-8")
    return written


def load_weights(folder: str | os.PathLike[str], architecture: str) -> Weights:
    """Read weights.

    Args:
        folder: Folder that `save_weights` wrote.
        architecture: Name of the network that the weights must be for.

    Raises:
        WeightsError: There is no card, the weights are another network's, a shard is missing or altered, a weight is
            NaN or infinite, the card names an unknown AU, or the file is a pickle, which could run any program.
        MissingExtraError: PyTorch or safetensors is not installed.
    """
    card = read_card(folder, architecture)
    need_torch()
    from safetensors import SafetensorError
    from safetensors.torch import load

    tensors: dict[str, Tensor] = {}
    for name, digest in card.shards.items():
        if why_unreadable(Path(folder) / name):
            raise WeightsError(f"{folder} has no readable {name}: copy the weights again")
        data = read_file(Path(folder) / name, WeightsError, MAX_SHARD_FILE_BYTES)
        if hashlib.sha256(data).hexdigest() != digest:
            raise WeightsError(
                f"{name} in {folder} does not match its card, so it is cut short or altered: "
                "copy the weights again"
            )
        try:
            tensors |= {key: tensor.float() for key, tensor in load(data).items()}
        except (SafetensorError, ValueError) as error:
            raise WeightsError(f"{name} in {folder} is not a safetensors file: {error}") from error
    if (bad := not_finite(tensors)) is not None:
        raise WeightsError(
            f"expected finite weights, got NaN or infinite values in {bad} of {folder}: use other weights, such as "
            "those of an earlier checkpoint"
        )
    return Weights(card, tensors)


def not_finite(tensors: Mapping[str, Tensor]) -> str | None:
    """Return the name of the first tensor with a value that is NaN or infinite; None if there is none."""
    import torch

    return next((name for name, each in tensors.items() if not torch.isfinite(each).all()), None)


def read_card(folder: str | os.PathLike[str], architecture: str | None = None) -> WeightsCard:
    """Read the card of weights, without the weights.

    Args:
        folder: Folder that `save_weights` wrote.
        architecture: Name of the network that the weights must be for; None for any.

    Raises:
        WeightsError: There is no card, it is not a card of Mien, or the weights are another network's.
    """
    place = Path(folder)
    path = place / CARD_NAME
    pickle = place if place.suffix.lower() in _PICKLES else None
    if pickle is None and place.is_dir() and not path.is_file():
        pickle = next((f for f in sorted(place.iterdir()) if f.suffix.lower() in _PICKLES), None)
    if pickle is not None and not path.is_file():
        raise WeightsError(
            f"expected a folder of weights that Mien wrote, got {pickle}: a pickle can run any "
            "program when it is read, so Mien reads none"
        )
    if why_unreadable(path):
        raise WeightsError(f"expected a folder with weights and {CARD_NAME}, got {place}")
    values = read_json(path, WeightsError, "copy the weights again")
    card = WeightsCard.from_json(values)
    if not card.shards:
        raise WeightsError(f"expected weights beside their card, got {path}, which names no files")
    if architecture is not None and card.architecture != architecture:
        raise WeightsError(
            f"expected weights of {architecture}, got {folder} with those of {card.architecture}"
        )
    return card


def weights_record(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what a record stores of weights, from their card, as JSON values.

    Raises:
        WeightsError: See `read_card`.
    """
    card = read_card(folder)
    return {
        "architecture": card.architecture,
        "sha256": dict(card.shards),
        "mien_version": card.mien_version,
        "commit": card.commit,
    }


def need_torch() -> None:
    """Raise MissingExtraError if PyTorch or safetensors is not installed."""
    for package in ("torch", "safetensors"):
        if find_spec(package) is None:
            raise MissingExtraError(
                f"learned engines need PyTorch and safetensors, but {package} is not installed: "
                f"{install_command('torch')}"
            )


@contextmanager
def _naming(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Turn an error while writing, such as a full disk, into one line that names the folder."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {folder}: {reason}; choose a place that can be written"
        ) from error


def _is_own(folder: Path) -> bool:
    """Return whether a folder holds only weights that `save_weights` wrote, so that they may be replaced."""
    names = [path.name for path in folder.iterdir()]
    return CARD_NAME in names and all(_OWN_NAME.fullmatch(name) for name in names)


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(f"{json.dumps(values, indent=1)}\n", encoding="utf-8")


def _shards(tensors: Mapping[str, Tensor]) -> Iterable[dict[str, Tensor]]:
    shard: dict[str, Tensor] = {}
    used = 0
    for name, tensor in tensors.items():
        if shard and used + tensor.nbytes > MAX_SHARD_BYTES:
            yield shard
            shard, used = {}, 0
        shard[name] = tensor
        used += tensor.nbytes
    if shard:
        yield shard
