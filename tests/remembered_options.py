"""Read the options of a command only once.

Many tests call the command line in their own process. For each call tyro reads the source of the command's
class again, to find the help of its options, and resolves its annotations. Both are the same each time. What depends
on the words that were typed is computed each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tyro import _docstrings, _resolver

from mien.cli import parse
from mien.engines.registry import engine_specs


def install() -> None:
    """Let tyro remember classes from now on, and Mien the class of a command with its engines' options."""
    for name in ("get_field_docstring", "get_class_tokenization_with_field"):
        found = getattr(
            _docstrings, name
        ).__wrapped__  # without tyro's own memory, which ends with a call
        setattr(_docstrings, name, lru_cache(maxsize=None)(found))
    _resolver.get_type_hints_resolve_type_params = _of_classes(
        _resolver.get_type_hints_resolve_type_params
    )
    parse.with_engine_flags = _by_engines(parse.with_engine_flags)


def _of_classes(resolve: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return a function that remembers the annotations of classes."""
    remembered = lru_cache(maxsize=None)(resolve)

    def resolved(obj: Any, include_extras: bool = False) -> dict[str, Any]:
        if not isinstance(obj, type):
            return resolve(obj, include_extras)
        return dict(remembered(obj, include_extras))

    return resolved


def _by_engines(make: Callable[[type[Any]], type[Any]]) -> Callable[[type[Any]], type[Any]]:
    """Return a function that makes a command's class again only if the engines are others."""
    made: dict[tuple[Any, ...], tuple[type[Any], tuple[Any, ...]]] = {}

    def remembered(command: type[Any]) -> type[Any]:
        specs = tuple(engine_specs(None).values())
        key = (command, *map(id, specs))
        if key not in made:
            made[key] = make(command), specs  # the specs are kept, so that no other has their id
        return made[key][0]

    return remembered
