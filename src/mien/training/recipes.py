"""Find a recipe by its name or in a file, and change its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from mien.errors import UsageError
from mien.io.json_file import read_json
from mien.training.architectures import architecture_of
from mien.training.core.architecture import Architecture
from mien.training.core.recipe import TrainingRecipe

Recipe = TypeVar("Recipe", bound=TrainingRecipe)


def find_recipe(name: str, architecture: Architecture) -> TrainingRecipe:
    """Return a recipe by its name, or from a JSON file.

    Args:
        name: A name such as ``ours``, or the path of a file.
        architecture: Network of the recipe.

    Raises:
        UsageError: ``name`` is neither a recipe of the network nor a JSON file with one.
    """
    recipes = architecture.load().recipes
    if name in recipes:
        return recipes[name]
    path = Path(name)
    if path.suffix != ".json":
        raise UsageError(
            f"expected one of the recipes {', '.join(recipes)}, or a .json file, got {name!r}"
        )
    try:
        values = read_json(path, UsageError, "choose a run's recipe.json")
    except UsageError as error:
        raise UsageError(f"expected a recipe in {path}, got none: {error}") from error
    if not isinstance(values, dict):
        raise UsageError(f"expected the fields of a recipe in {path}, got {type(values).__name__}")
    if architecture_of(values) is not architecture:
        raise UsageError(
            f"expected a recipe of {architecture.name} in {path}, got one of another network"
        )
    return read_recipe(values)


def read_recipe(values: Mapping[str, Any]) -> TrainingRecipe:
    """Read a recipe of any network from its JSON values.

    Raises:
        UsageError: The values are not a recipe.
    """
    return architecture_of(values).load().recipe_type.from_json(values)


def changed(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """Return a recipe with some fields changed.

    Args:
        recipe: The recipe.
        changes: Texts such as ``batch_size=8``, ``weights.cycle=5`` and ``generator.aus=AU4,AU12``.

    Raises:
        UsageError: There is no such field, the value is not allowed, or the field has an option of its own.
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
        if name in recipe.own_options:
            option = f"{recipe.own_options[name]} {text}"
            raise UsageError(
                f"expected {option}, got --set {change}: the option also sets fields that depend on it"
            )
        place[last] = _value(name, text, place[last])
    return type(recipe).from_json(values)


def _hint(recipe: TrainingRecipe, name: str) -> str:
    values = recipe.to_json()
    names = [n for n, value in values.items() if not isinstance(value, dict)]
    names += [f"{p}.{n}" for p, part in values.items() if isinstance(part, dict) for n in part]
    close = get_close_matches(name, names, n=1)
    return f": did you mean {close[0]}?" if close else f"; fields are {', '.join(names)}"


def _value(name: str, text: str, old: Any) -> Any:
    """Read a text as a value of the old value's type, or as a whole number if that is None, as ``steps`` may be."""
    try:
        if isinstance(old, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(old, tuple | list):
            return tuple(type(old[0])(part) for part in text.split(","))
        if isinstance(old, int) or old is None:
            return int(text)
        return type(old)(text)
    except (ValueError, KeyError):
        kind = {bool: "true or false", float: "a number", str: "text"}.get(
            type(old), "a whole number"
        )
        raise UsageError(f"expected {kind} after {name}=, got {text!r}") from None
