"""A recipe by its name or file, with some of its fields changed by text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.training.core.recipe import TrainingRecipe
from mien.training.motion.recipe import FOMM_RECIPES, MRAA_RECIPES
from mien.training.ulme_gan.recipe import RECIPES

BY_ARCHITECTURE: dict[str, Mapping[str, Any]] = {
    "ulme-gan": RECIPES,
    "fomm": FOMM_RECIPES,
    "mraa": MRAA_RECIPES,
}
"""The recipes of each network by name."""


def find_recipe(name: str, architecture: str = "ulme-gan") -> Any:
    """Return a recipe by its name, or from a JSON file.

    Args:
        name: Such as ``ours``, or a file's path.
        architecture: Whose recipe.

    Raises:
        UsageError: Neither a name nor a recipe's file.
    """
    recipes = BY_ARCHITECTURE[architecture]
    if name in recipes:
        return recipes[name]
    path = Path(name)
    if path.suffix != ".json":
        raise UsageError(f"expected a recipe out of {', '.join(recipes)}, or a .json, got {name!r}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"expected a recipe in {path}, got none: {error}") from error
    if not isinstance(values, dict):
        raise UsageError(f"expected a recipe's fields in {path}, got {type(values).__name__}")
    if values.get("architecture", "ulme-gan") != architecture:
        raise UsageError(f"expected a recipe of {architecture} in {path}, got another network's")
    return type(recipes["published"]).from_json(values)


def changed(recipe: TrainingRecipe, changes: Sequence[str]) -> Any:
    """Return a recipe with fields changed.

    Args:
        recipe: Which.
        changes: Such as ``batch_size=8``, ``weights.cycle=5`` and ``generator.aus=AU4,AU12``.

    Raises:
        UsageError: No such field, or a value that it cannot have.
    """
    values = recipe.to_json()
    for change in changes:
        name, equals, text = change.partition("=")
        *parents, last = name.split(".")
        place: Any = values
        for parent in parents:
            place = place.get(parent) if isinstance(place, dict) else None
        if not equals or not isinstance(place, dict) or isinstance(place.get(last, {}), dict):
            raise UsageError(
                f"expected a change like batch_size=8, got {change!r}{_hint(recipe, name)}"
            )
        place[last] = _value(name, text, place[last])
    return type(recipe).from_json(values)  # type: ignore[attr-defined]


def _hint(recipe: TrainingRecipe, name: str) -> str:
    values = recipe.to_json()
    names = [n for n, value in values.items() if not isinstance(value, dict)]
    names += [f"{p}.{n}" for p, part in values.items() if isinstance(part, dict) for n in part]
    close = get_close_matches(name, names, n=1)
    return f": did you mean {close[0]}?" if close else f"; fields are {', '.join(names)}"


def _value(name: str, text: str, old: Any) -> Any:
    """Read a value of the kind that the old one has; ``steps`` may have none yet."""
    try:
        if isinstance(old, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(old, tuple | list):
            return tuple(text.split(","))
        if isinstance(old, int) or old is None:
            return int(text)
        return type(old)(text)
    except (ValueError, KeyError):
        kind = {bool: "true or false", float: "a number", str: "text"}.get(
            type(old), "a whole number"
        )
        raise UsageError(f"expected {kind} after {name}=, got {text!r}") from None
