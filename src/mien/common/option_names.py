"""Make options from the keywords of a function, and refuse keywords that are no option.

Imports nothing heavy, so that ``import mien`` is quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from mien.errors import UsageError

Options = TypeVar("Options")


def from_keywords(
    kind: Callable[..., Options], function: str, keywords: Mapping[str, object]
) -> Options:
    """Return the options that keywords stand for.

    Args:
        kind: The dataclass of the options.
        function: The name of the function that was called, for messages.
        keywords: Options by name.

    Raises:
        UsageError: A name that is no option, a missing option without a default, or a value that does not fit.
    """
    known = {each.name: each for each in fields(cast(Any, kind)) if each.init}
    for name in keywords:
        if name not in known:
            close = _close(name, list(known))
            hint = f"did you mean {close}?" if close else f"expected {', '.join(known)}"
            raise UsageError(f"{function} has no option {name!r}: {hint}")
    for name, each in known.items():
        required = each.default is MISSING and each.default_factory is MISSING
        if required and name not in keywords:
            raise UsageError(f"{function} needs the option {name!r}: give {name}=...")
    return kind(**keywords)


def _close(name: str, known: list[str]) -> str:
    """Return the option that a name probably means: one that begins with it and a unit, or the most similar."""
    longer = [each for each in known if each.startswith(f"{name}_")]
    return next(iter(longer or get_close_matches(name.lower(), known, n=1)), "")
