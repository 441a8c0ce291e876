"""Check the package's annotations while the tests run: array shapes, dtypes and plain types.

`install` is called before `mien` is imported. jaxtyping then decorates every function with `checked`, which compares
the arguments and the result with their annotations **after** the call. A function that rejects its arguments with an
error of its own therefore still raises that error. Of a dataclass the fields are compared, so that it may convert
its arguments.

In each test the first `CHECKED_CALLS` calls of a function are checked. A function that runs for every frame or patch
would otherwise take longer to check than to run.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import jaxtyping
from beartype import BeartypeConf, beartype
from beartype.door import is_bearable
from beartype.roar import BeartypeDecorHintException

CHECKED_CALLS = 20
"""How many calls of each function are checked in one test."""

_calls: Counter[Callable[..., Any]] = Counter()
_CONFIGURATION = BeartypeConf(is_pep484_tower=True)  # an int is a float


def install() -> None:
    """Check all modules of `mien`, none of which may be imported yet."""
    early = sorted(name for name in sys.modules if name.partition(".")[0] == "mien")
    assert not early, f"imported before the check of shapes: {early}"
    # The hook writes @jaxtyping.jaxtyped(typechecker=...) before each function and class.
    decorate = jaxtyping.jaxtyped
    jaxtyping.jaxtyped = lambda **options: _first_calls(decorate(**options))
    jaxtyping.install_import_hook("mien", f"{__name__}.checked")


def begin_test() -> None:
    """Check the next calls of every function again."""
    _calls.clear()


def _first_calls(decorate: Callable[..., Any]) -> Callable[..., Any]:
    """Return a decorator that lets a function run unchecked after its first calls.

    The check of a function is made when it is first called: most functions of a module are not called in a process.
    """

    def decorated(made: Any) -> Any:
        if isinstance(made, type):
            return decorate(made)
        checking: list[Callable[..., Any]] = []

        @functools.wraps(made)
        def call(*args: Any, **kwargs: Any) -> Any:
            _calls[made] += 1
            if _calls[made] > CHECKED_CALLS:
                return made(*args, **kwargs)
            if not checking:
                checking.append(decorate(made))
            return checking[0](*args, **kwargs)

        return call

    return decorated


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises if an argument or the result does not fit its annotation.

    jaxtyping calls two empty stand-ins of a function: before the call one with the arguments, and after it one with
    the arguments and the result. The first one is left unchecked.
    """
    if not _takes_result(function):
        return function
    try:
        check = beartype(function, conf=_CONFIGURATION)
    except BeartypeDecorHintException:
        hints = function.__annotations__
        function.__annotations__ = {name: _checkable(hint) for name, hint in hints.items()}
        check = beartype(function, conf=_CONFIGURATION)
    return _of_fields(check) if function.__name__ == "__init__" else check


def _takes_result(function: Callable[..., Any]) -> bool:
    code = function.__code__
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    return bool(names) and re.fullmatch(r"ret\d+", names[-1]) is not None


def _checkable(hint: Any) -> Any:
    """Return Any for what cannot be looked up at run time: ``Self``, and most protocols."""
    try:
        is_bearable(None, hint, conf=_CONFIGURATION)
    except BeartypeDecorHintException:
        return Any
    return hint


def _of_fields(check: Callable[..., Any]) -> Callable[..., Any]:
    parameters = tuple(inspect.signature(check).parameters)

    @functools.wraps(check)
    def check_fields(*args: Any, **kwargs: Any) -> Any:
        made = args[0]
        if not dataclasses.is_dataclass(made):
            return check(*args, **kwargs)
        kept = {field.name for field in dataclasses.fields(made)}
        args = tuple(
            getattr(made, name) if name in kept else value
            for name, value in zip(parameters, args, strict=False)
        )
        kwargs = {name: getattr(made, name) if name in kept else kwargs[name] for name in kwargs}
        return check(*args, **kwargs)

    return check_fields
