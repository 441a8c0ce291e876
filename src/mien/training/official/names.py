"""The tensors' names in the official code of each published network.

Sources: ``xiaoxiaozhou24/ULME-GAN``, ``AliaksandrSiarohin/first-order-model``,
``snap-research/articulated-animation`` and the facial-prior variants of the last two. Only names come from there.

Imports nothing heavy: the command line lists the networks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mien.errors import UsageError
from mien.models.names import FOMM, MRAA, ULME_GAN

OfficialName: TypeAlias = Literal["ulme-gan", "fomm", "fomm-ewp", "fomm-awp", "mraa", "mraa-awp"]
"""An official network."""

Prior: TypeAlias = Literal["none", "ewp", "awp"]
"""A facial prior."""

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of a pattern of Mien's name and the official name; the first pattern that matches counts."""

AVD_PART = "avd_network"
"""Name of animation via disentanglement (AVD) in MRAA's checkpoints."""

ULME_GAN_SQUARE_CM = 13.5
"""Side of ULME-GAN's square: the templates of the official code span 13.3 and 13.9 cm of Mien's canonical face."""

VIDEO_SQUARE_CM = 20.0
"""An estimate: the square of VoxCeleb's clips, from the hair to below the chin."""

BOX_SQUARE_CM = 15.0
"""An estimate: the box of the face detector that crops the clips of the facial-prior variants, from brows to chin."""


@dataclass(frozen=True, kw_only=True)
class Official:
    """An official network.

    Attributes:
        name: Name of the network.
        architecture: Mien's network (`mien.models.names`).
        image_px: Side of the pictures as published, pixels.
        square_cm: Side of the square around the face that the network sees, canonical centimetres; an estimate for
            all networks except ULME-GAN.
        parts: Parts of the checkpoint to read, with which the tensors' names begin; others, such as critics and
            optimisers, are not read. Empty for a network whose file has no parts.
        rules: Names of the tensors; empty for ULME-GAN, see `ulme_gan_rules`.
        without_place: Pattern of the names of tensors that Mien's network does not have: they do not affect its
            output, or belong to AVD.
        marks: Names of tensors of this kind that the checkpoint must have.
        prior: Facial prior; None for a network that takes none.
    """

    name: OfficialName
    architecture: str
    image_px: int
    square_cm: float
    parts: tuple[str, ...]
    rules: Rules
    without_place: str
    marks: tuple[str, ...] = ()
    prior: Prior | None = None


def official_name(name: str, rules: Rules) -> str:
    """Return the official name of one of Mien's tensors.

    Raises:
        KeyError: No rule matches the name.
    """
    for pattern, replacement in rules:
        if re.match(pattern, name):
            return re.sub(pattern, replacement, name, count=1)
    raise KeyError(name)


def _hourglass(own: str, theirs: str) -> Rules:
    return (
        (rf"{own}\.encoder\.blocks\.", f"{theirs}.encoder.down_blocks."),
        (rf"{own}\.ups\.", f"{theirs}.decoder.up_blocks."),
    )


def _generator(motion: str) -> Rules:
    return (
        *_hourglass(r"dense_motion\.hourglass", f"generator.{motion}.hourglass"),
        (r"dense_motion\.mask_head\.", f"generator.{motion}.mask."),
        (r"dense_motion\.occlusion_head\.", f"generator.{motion}.occlusion."),
        (r"generator\.downs\.", "generator.down_blocks."),
        (r"generator\.ups\.", "generator.up_blocks."),
        (r"generator\.bottleneck\.", "generator.bottleneck.r"),
        (r"generator\.last\.", "generator.final."),
        (r"generator\.first\.", "generator.first."),
    )


_FOMM_RULES: Rules = (
    *_hourglass(r"detector\.hourglass", "kp_detector.predictor"),
    (r"detector\.heat_head\.", "kp_detector.kp."),
    (r"detector\.jacobian_head\.", "kp_detector.jacobian."),
    (r"detector\.prior\.mix\.0\.", "kp_detector.learn."),
    (r"detector\.prior\.mix\.1\.", "kp_detector.learn1."),
    *_generator("dense_motion_network"),
)
_MRAA_RULES: Rules = (
    *_hourglass(r"finder\.hourglass", "region_predictor.predictor"),
    (r"finder\.heat_head\.", "region_predictor.regions."),
    (r"background\.encoder\.blocks\.", "bg_predictor.encoder.down_blocks."),
    (r"background\.head\.", "bg_predictor.fc."),
    *_generator("pixelwise_flow_predictor"),
)

AVD_RULES: Rules = (
    (r"identity\.", f"{AVD_PART}.id_encoder."),
    (r"pose\.", f"{AVD_PART}.pose_encoder."),
    (r"decoder\.", f"{AVD_PART}.decoder."),
)
"""The names of AVD's tensors."""


def ulme_gan_rules(blocks: int) -> Rules:
    """Return the rules of ULME-GAN's generator, whose layers are numbered consecutively.

    Args:
        blocks: Number of residual blocks.
    """
    first = 9  # three convolutions, each with its norm and ReLU
    numbered = [
        (rf"blocks\.{number}\.body\.", f"model.{first + number}.conv_block.")
        for number in range(blocks)
    ]
    return (
        (r"stem\.", "model.0."),
        (r"encoder\.1\.0\.", "model.3."),
        (r"encoder\.2\.0\.", "model.6."),
        *numbered,
        (r"decoder\.0\.0\.", f"model.{first + blocks}."),
        (r"decoder\.1\.0\.", f"model.{first + blocks + 3}."),
        (r"colour_head\.", "color_top.0."),
        (r"attention_head\.", "au_top.0."),
    )


_DOWN = r".*\.down\.weight$"  # the filter of the downsampling, which is not learned
_AVD = rf"{AVD_PART}\."


def _fomm(name: OfficialName, prior: Prior, square_cm: float) -> Official:
    return Official(
        name=name,
        architecture=FOMM,
        image_px=256,
        square_cm=square_cm,
        parts=("kp_detector", "generator"),
        rules=_FOMM_RULES,
        without_place=_DOWN,
        prior=prior,
    )


def _mraa(name: OfficialName, prior: Prior, square_cm: float) -> Official:
    # With the prior, the official code runs the region predictor but does not use its result.
    unused = r"|region_predictor\." if prior == "awp" else ""
    return Official(
        name=name,
        architecture=MRAA,
        image_px=256,
        square_cm=square_cm,
        parts=("region_predictor", "bg_predictor", "generator", AVD_PART),
        rules=_MRAA_RULES,
        without_place=f"{_DOWN}|{_AVD}{unused}",
        marks=("region_predictor.region1.weight",) if prior == "awp" else (),
        prior=prior,
    )


OFFICIAL: dict[str, Official] = {
    each.name: each
    for each in (
        Official(
            name="ulme-gan",
            architecture=ULME_GAN,
            image_px=128,
            square_cm=ULME_GAN_SQUARE_CM,
            parts=(),
            rules=(),
            without_place=r"(?!)",
        ),
        _fomm("fomm", "none", VIDEO_SQUARE_CM),
        _fomm("fomm-ewp", "ewp", BOX_SQUARE_CM),
        _fomm("fomm-awp", "awp", BOX_SQUARE_CM),
        _mraa("mraa", "none", VIDEO_SQUARE_CM),
        _mraa("mraa-awp", "awp", BOX_SQUARE_CM),
    )
}
"""The official networks by name."""


def find_official(name: str) -> Official:
    """Return an official network.

    Raises:
        UsageError: No official network has this name.
    """
    if name not in OFFICIAL:
        raise UsageError(
            f"expected one of the official networks {', '.join(OFFICIAL)}, got {name!r}"
        )
    return OFFICIAL[name]
