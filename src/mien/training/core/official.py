"""Compare a recipe with the settings of the published system's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from mien.training.core.recipe import TrainingRecipe

NO_FIELD = "-"
"""Shown for a setting that the official code does not have."""

SHORT_LIST = 4
"""Number of values up to which a list is shown in full; of a longer one, the first values and the length."""


@dataclass(frozen=True)
class Official:
    """One setting of the official code.

    Attributes:
        value: Its value, as the recipe's field would have it, or in words.
        note: Where the value comes from, or why Mien differs.
        own: What Mien does, in words, if the recipe has no field for the setting.
    """

    value: Any
    note: str = ""
    own: str | None = None


OfficialValues: TypeAlias = Mapping[str, Official]
"""Official settings by the name of the recipe's field, such as ``weights.cycle``."""

OfficialOf: TypeAlias = Callable[[Any], OfficialValues]
"""Returns the official settings for a recipe; some depend on its facial prior."""


OURS = "Mien's own"
"""Note on a setting that the official code does not have."""

_SPEED = "changes the speed only"

OPTIMISER: OfficialValues = {
    "beta1": Official(0.5),
    "beta2": Official(0.999),
    "order": Official("passes"),
    "steps": Official(None),
    "warmup_steps": Official(0),
    "max_gradient_norm": Official(0.0),
    "ema_decay": Official(0.0),
    "precision": Official("32-true"),
    "channels_last": Official(False, _SPEED),
    "compile": Official(False, _SPEED),
}
"""Settings of the optimiser that the official codes of all networks share."""


class Compared(NamedTuple):
    """A setting of a run beside the official one.

    Attributes:
        field: Name of the field, or of what is compared.
        own: The run's value as text.
        official: The official value as text.
        differs: Whether they differ; False where the official code has no such setting.
        note: See `Official.note`.
    """

    field: str
    own: str
    official: str
    differs: bool
    note: str


def compared(recipe: TrainingRecipe, official: OfficialValues) -> list[Compared]:
    """Return each field of a recipe beside its official value, then the settings that are not fields."""
    fields = dict(_flat(recipe.to_json()))
    rows = []
    for name, value in fields.items():
        known = official.get(name)
        if known is None:
            rows.append(Compared(name, as_text(value), NO_FIELD, False, ""))
            continue
        differs = value != known.value
        rows.append(Compared(name, as_text(value), as_text(known.value), differs, known.note))
    rows += [
        Compared(name, known.own, as_text(known.value), known.own != known.value, known.note)
        for name, known in official.items()
        if known.own is not None
    ]
    return rows


def as_text(value: object) -> str:
    """Return a value of a recipe as ``--set`` reads it; a long list is cut short."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, list | tuple):
        shown = ",".join(map(str, value[:SHORT_LIST]))
        return shown if len(value) <= SHORT_LIST else f"{shown},... ({len(value)})"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
