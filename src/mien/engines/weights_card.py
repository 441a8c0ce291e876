"""The card of a network's weights: what they are, what they were trained on, how good they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from mien.au.catalog import canonical_name
from mien.errors import UnknownAUError, WeightsError
from mien.version import __version__

_SHARD_NAME = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_SHA256 = re.compile(r"[0-9a-f]{64}")

NOT_STATED = "not stated"
"""The licence of weights whose maker named none."""


@dataclass(frozen=True, kw_only=True)
class WeightsCard:
    """The card of weights: ``card.json`` beside them, and ``README.md`` for people.

    Attributes:
        architecture: Name of the network, such as ``ulme-gan``.
        config: Fields of the network's config.
        aus: The AUs of its input, by name, in their order.
        crop: Which part of a picture it sees, in words.
        training_data: What it was trained on, in words.
        recipe: Settings of its training.
        metrics: Metrics on held-out people, by name.
        licence: Licence of the weights, in its maker's words, such as an SPDX name.
        shards: SHA-256 by file name; `mien.engines.weights.save_weights` fills it in.
        mien_version: Version of Mien that wrote the card.
        commit: Commit of Mien's source; empty if it is not known.
    """

    architecture: str
    config: Mapping[str, Any]
    aus: tuple[str, ...]
    crop: str
    training_data: str
    recipe: Mapping[str, Any]
    metrics: Mapping[str, float]
    licence: str = NOT_STATED
    shards: Mapping[str, str] = field(default_factory=dict)
    mien_version: str = __version__
    commit: str = ""

    def __post_init__(self) -> None:
        try:
            names = tuple(canonical_name(name) for name in self.aus)
        except UnknownAUError as error:
            raise WeightsError(
                f"expected a card whose AUs Mien knows, got one with {error}"
            ) from None
        if len(set(names)) < len(names):
            raise WeightsError(f"expected a card with different AUs, got {' '.join(names)}")
        object.__setattr__(self, "aus", names)
        for name, digest in self.shards.items():
            # A name must be a plain file name, so that a card cannot make Mien read in another folder.
            if not _SHARD_NAME.fullmatch(name) or not _SHA256.fullmatch(str(digest)):
                raise WeightsError(
                    "expected shards like model-00001-of-00002.safetensors with their SHA-256, "
                    f"got {name!r}: {digest!r}"
                )

    def to_json(self) -> dict[str, Any]:
        """Return all fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> WeightsCard:
        """Read the card that `to_json` wrote.

        Raises:
            WeightsError: Fields are missing or of another kind, or an AU is unknown.
        """
        kinds = {name: dict for name in ("config", "recipe", "metrics", "shards")} | {"aus": list}
        known = {f.name for f in fields(cls)}
        if not isinstance(values, dict) or set(values) != known:
            missing = sorted(known.symmetric_difference(values if isinstance(values, dict) else ()))
            raise WeightsError(
                f"expected a card with the fields of Mien's cards, got one that differs in "
                f"{' '.join(missing)}: export the weights again"
            )
        for name, value in values.items():
            kind = kinds.get(name, str)
            if not isinstance(value, kind):
                raise WeightsError(f"expected {name} in the card as {kind.__name__}, got {value!r}")
        return cls(**{**values, "aus": tuple(values["aus"])})

    def to_markdown(self) -> str:
        """Return the card as Markdown text for people."""
        metrics = [f"| {name} | {value:.4g} |" for name, value in self.metrics.items()]
        config = [f"- {name}: {value}" for name, value in self.config.items() if name != "aus"]
        lines = [
            f"# {self.architecture}",
            "",
            "Weights of a network that changes the expression of a face in a picture, for Mien "
            f"{self.mien_version}" + (f" ({self.commit})." if self.commit else "."),
            "What it makes is synthetic and must be called so. It says nothing about what a person feels.",
            "",
            f"- Licence: {self.licence}",
            f"- Trained on: {self.training_data}",
            f"- Crop: {self.crop}",
            f"- AUs, in order: {' '.join(self.aus) or 'none'}",
            *config,
            "",
            "Measured on people that it never saw, the network alone:"
            if metrics
            else "Nothing was measured.",
            *(["", "| measure | value |", "|---|---|", *metrics] if metrics else []),
            "",
            "How it was trained is in `card.json` under `recipe`. The tensors are safetensors, whose hashes are "
            "there too; nothing here is pickled.",
            "",
        ]
        return "\n".join(lines)


def crop_words(square_cm: float, image_px: int, down_cm: float = 0.0) -> str:
    """Describe the square that a network sees.

    Args:
        square_cm: Its side, canonical centimetres.
        image_px: Its side, pixels.
        down_cm: How far its centre lies below the face's, towards the chin, canonical centimetres.
    """
    lower = f", {down_cm:g} cm towards the chin" if down_cm else ""
    return (
        f"a square of {square_cm:g} canonical centimetres around the face{lower}, upright with it, "
        f"at {image_px} px"
    )
