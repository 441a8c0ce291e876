"""Networks' weights on disk: safetensors in small shards beside a card. No pickle is ever read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.engines.weights_card import WeightsCard
from mien.errors import MissingExtraError, WeightsError
from mien.io.atomic import atomic_folder

if TYPE_CHECKING:
    from torch import Tensor

CARD_NAME = "card.json"
README_NAME = "README.md"
MAX_SHARD_BYTES = 15_000_000
"""Largest size of a file in bytes, with the safetensors header."""

_HEADER_BYTES = 200_000
"""Bytes that are left for a shard's header."""
_PICKLES = frozenset({".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin", ".t7"})


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
    folder: str | os.PathLike[str], tensors: Mapping[str, Tensor], card: WeightsCard
) -> WeightsCard:
    """Write weights as float16, whole or not at all.

    Args:
        folder: New, empty, or with weights that Mien wrote, which are replaced.
        tensors: Floating-point tensors by name.
        card: Their card; its shards are filled in.

    Returns:
        The card as written.

    Raises:
        WeightsError: A tensor with values too large for float16, or larger than a shard.
        OutputError: Other files are in the way, or the place cannot be written.
        MissingExtraError: PyTorch or safetensors is not installed.
    """
    need_torch()
    import torch
    from safetensors.torch import save

    halves = {name: tensor.detach().cpu().half().contiguous() for name, tensor in tensors.items()}
    for name, half in halves.items():
        if not torch.isfinite(half).all():
            raise WeightsError(f"expected weights within float16, got {name} with larger ones")
    shards = list(_shards(halves))
    with atomic_folder(folder, lambda place: (place / CARD_NAME).is_file()) as temporary:
        digests = {}
        for number, shard in enumerate(shards, start=1):
            name = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
            data = save(shard)
            (temporary / name).write_bytes(data)
            digests[name] = hashlib.sha256(data).hexdigest()
        written = replace(card, shards=digests)
        text = json.dumps(written.to_json(), indent=1)
        (temporary / CARD_NAME).write_text(f"{text}\n", encoding="utf-8")
        (temporary / README_NAME).write_text(written.to_markdown(), encoding="utf-8")
    return written


def load_weights(folder: str | os.PathLike[str], architecture: str) -> Weights:
    """Read weights.

    Args:
        folder: Folder that `save_weights` wrote.
        architecture: Name of the network that they must be for.

    Raises:
        WeightsError: There is no card, they are another network's, a shard is missing or altered, the card names
            an unknown AU, or the file is a pickle, which could run any program.
        MissingExtraError: PyTorch or safetensors is not installed.
    """
    card = read_card(folder, architecture)
    need_torch()
    from safetensors import SafetensorError
    from safetensors.torch import load

    tensors: dict[str, Tensor] = {}
    for name, digest in card.shards.items():
        try:
            data = (Path(folder) / name).read_bytes()
        except OSError as error:
            raise WeightsError(f"{folder} has no readable {name}: copy the weights anew") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise WeightsError(
                f"{name} in {folder} is not what its card says, cut short or altered: "
                "copy the weights anew"
            )
        try:
            tensors |= {key: tensor.float() for key, tensor in load(data).items()}
        except (SafetensorError, ValueError) as error:
            raise WeightsError(f"{name} in {folder} is no safetensors file: {error}") from error
    return Weights(card, tensors)


def read_card(folder: str | os.PathLike[str], architecture: str | None = None) -> WeightsCard:
    """Read the card of weights, without the weights.

    Args:
        folder: Folder that `save_weights` wrote.
        architecture: Name of the network that they must be for; None for any.

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
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise WeightsError(f"expected a folder with weights and {CARD_NAME}, got {place}") from None
    except ValueError as error:
        raise WeightsError(f"{path} is damaged ({error}): copy the weights anew") from error
    card = WeightsCard.from_json(values)
    if not card.shards:
        raise WeightsError(f"expected weights beside their card, got {path} that names none")
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
                'pip install "mien[torch]"'
            )


def _shards(tensors: Mapping[str, Tensor]) -> Iterable[dict[str, Tensor]]:
    room = MAX_SHARD_BYTES - _HEADER_BYTES
    shard: dict[str, Tensor] = {}
    used = 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        if size > room:
            raise WeightsError(f"expected tensors of at most {room} bytes, got {name} with {size}")
        if shard and used + size > room:
            yield shard
            shard, used = {}, 0
        shard[name] = tensor
        used += size
    if shard:
        yield shard
