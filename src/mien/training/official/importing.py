"""Import an official checkpoint as Mien's weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.engines.weights import need_torch, save_weights
from mien.engines.weights_card import NOT_STATED, WeightsCard, crop_words
from mien.errors import UsageError, WeightsError
from mien.io.atomic import check_writable
from mien.models.names import AVD, FOMM, MRAA, ULME_GAN
from mien.training.official.avd_part import avd_tensors, holds_avd
from mien.training.official.names import (
    AVD_PART,
    Official,
    OfficialName,
    find_official,
    ulme_gan_rules,
)
from mien.training.official.renaming import fitting, renamed_for

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Imported:
    """Imported weights.

    Attributes:
        folder: Folder of the weights.
        card: Card of the weights.
        notes: What the user must know about them, one line each.
    """

    folder: Path
    card: WeightsCard
    notes: tuple[str, ...]


def import_weights(
    file: Path,
    out: Path,
    architecture: OfficialName,
    *,
    licence: str = "",
    trained_on: str = "",
    image_px: int | None = None,
    square_cm: float | None = None,
    align_corners: bool = False,
    avd: Path | None = None,
) -> Imported:
    """Write an official PyTorch checkpoint of a published network as weights that engines read.

    The checkpoint is read in a separate process, which reads plain tensors only.

    Args:
        file: The checkpoint that the official code saved.
        out: Folder of the weights.
        architecture: Name of the official network.
        licence: Licence of the weights, in your words; empty if it is not stated.
        trained_on: Whose pictures the network was trained on, in words.
        image_px: Side of the network's pictures, pixels; None for the published one.
        square_cm: Side of the square around the face that the network sees, canonical centimetres; None for the
            published one.
        align_corners: Whether the network was trained with PyTorch before version 1.3; see
            `mien.models.conventions.Conventions`.
        avd: Folder for the weights of AVD, which a checkpoint of MRAA may hold as well; None leaves AVD out.

    Raises:
        WeightsError: The file cannot be read, or is of another network; the first tensor that does not fit is named.
        UsageError: There is no such network, or it cannot have this size; ``avd`` is given for a network other than
            MRAA; or one of the folders ``out`` and ``avd`` is inside the other.
        OutputError: Other files are in the way, or a folder cannot be written.
        MissingExtraError: PyTorch or safetensors is not installed.
    """
    need_torch()
    from mien.training.official.reading import read_checkpoint

    network = find_official(architecture)
    network = replace(
        network,
        image_px=network.image_px if image_px is None else image_px,
        square_cm=network.square_cm if square_cm is None else square_cm,
    )
    check_writable(out, folder=True)
    if avd is not None:
        _check_avd_folder(avd, out, network)
    tensors = read_checkpoint(file, network.parts)
    config, renamed = renamed_tensors(tensors, network, align_corners=align_corners)
    given = square_cm is not None or network.architecture == ULME_GAN
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    card = WeightsCard(
        architecture=network.architecture,
        config=config,
        aus=tuple(config.get("aus", ())),
        crop=crop_words(network.square_cm, network.image_px)
        + ("" if given else "; the side is an estimate"),
        training_data=trained_on or NOT_STATED,
        recipe={"imported_from": file.name, "sha256": digest, "network": architecture},
        metrics={},
        licence=licence or NOT_STATED,
    )
    if avd is None:
        saved = save_weights(out, renamed, card, half=False)
        left_out = f"the file also holds {AVD_PART}: import it with --avd FOLDER"
        return Imported(out, saved, (left_out,) if holds_avd(tensors) else ())
    own_config, own = avd_tensors(tensors, config, network.name)
    own_card = replace(card, architecture=AVD, config=own_config)
    saved = save_weights(out, renamed, card, half=False)
    save_weights(avd, own, own_card, half=False)
    return Imported(out, saved, (f"{AVD_PART} is in {avd}: drive with --driving avd --avd {avd}",))


def renamed_tensors(
    tensors: Mapping[str, Tensor], network: Official, *, align_corners: bool = False
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the config of an official network, and its tensors by Mien's names.

    Args:
        tensors: The checkpoint's tensors by official names.
        network: The official network that the tensors must belong to.
        align_corners: See `mien.models.conventions.Conventions`.

    Raises:
        WeightsError: A tensor is missing, has another shape, or is not a part of the network; the first one is named.
    """
    import torch

    from mien.training.official import configs

    rules = network.rules
    sizes = (network.image_px, network.square_cm)
    net: torch.nn.Module
    config: Any
    # On the meta device, weights that are replaced anyway cost no memory and no random numbers.
    with torch.device("meta"):
        if network.architecture == ULME_GAN:
            from mien.models.ulme_gan import Generator

            config = configs.ulme_gan_config(tensors, network, *sizes)
            rules = ulme_gan_rules(config.blocks)
            net = Generator(config)
        else:
            from mien.models.fomm import Fomm
            from mien.models.mraa import Mraa

            name = "published-corners" if align_corners else "published"
            config = configs.motion_config(tensors, network, *sizes, name)
            net = Fomm(config) if network.architecture == FOMM else Mraa(config)
    renamed, used = renamed_for(net, tensors, rules, network.name)
    for theirs in network.marks:
        fitting(tensors, theirs, None, network.name)
    for theirs in tensors:
        if theirs not in {*used, *network.marks} and not re.match(network.without_place, theirs):
            raise WeightsError(
                f"expected a checkpoint of {network.name}, got one with {theirs}, which is not a part of it"
            )
    if "background.head.bias" in renamed:
        # Mien's network predicts the change from the identity, the official one the map itself.
        identity = torch.eye(3)[:2].flatten()
        renamed["background.head.bias"] = renamed["background.head.bias"] - identity
    values = asdict(config)
    return values | ({"aus": list(values["aus"])} if "aus" in values else {}), renamed


def _check_avd_folder(avd: Path, out: Path, network: Official) -> None:
    """Check the folder for the weights of AVD.

    Raises:
        UsageError: The network is not MRAA, or one of the folders is inside the other.
        OutputError: The folder cannot be written.
    """
    if network.architecture != MRAA:
        raise UsageError(f"expected --avd with a checkpoint of MRAA, got one of {network.name}")
    one, other = avd.resolve(), out.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UsageError(f"expected --avd beside --out, got {avd} and {out}: name another folder")
    check_writable(avd, folder=True)
