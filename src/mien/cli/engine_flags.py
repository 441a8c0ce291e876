"""The engines' settings as options of the command line.

They are made from the settings' descriptions, so that an engine of another package has its options too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Annotated, Any, ClassVar, Literal, Union

import tyro

from mien.cli.subcommands import subcommands
from mien.common.option_help import as_text, option
from mien.engines.registry import engine_specs, find_engine
from mien.engines.settings import Setting
from mien.engines.spec import EngineSpec, Task


@dataclass(frozen=True, kw_only=True)
class EngineFlags:
    """Settings of engines as typed on the command line; `flags_of` adds a field for each setting."""

    def given(self, engine: str) -> dict[str, Any]:
        """Return the settings that were typed, as values.

        Args:
            engine: The chosen engine. A setting that it does not have is returned too; it is refused later.

        Raises:
            UsageError: No such engine, or a value that its setting cannot take.
        """
        known = {each.name: each for each in find_engine(engine).settings.described()}
        values: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                own = known.get(each.name)
                values[each.name] = own.parsed(value) if own and isinstance(value, str) else value
        return values


class WithEngineFlags:
    """Base of commands that take engines' settings; ``flags`` holds them."""

    task: ClassVar[Task | None] = None
    """The settings are those of the engines with this task; None for all engines."""

    flags: EngineFlags


def with_engine_flags(command: type[Any]) -> type[Any]:
    """Return a command whose ``flags`` are options for the settings of the installed engines.

    Args:
        command: A dataclass that derives from `WithEngineFlags`, or one with subcommands that do; others are returned
            as they are.
    """
    if not issubclass(command, WithEngineFlags):
        return _with_flags_of_subcommands(command)
    made = flags_of(tuple(engine_specs(command.task).values()))
    kind: Any = Annotated[made, tyro.conf.arg(name="")]
    flags = ("flags", kind, field(default_factory=made))
    full = make_dataclass(command.__name__, [flags], bases=(command,), frozen=True, kw_only=True)
    full.__doc__, full.__module__ = command.__doc__, command.__module__
    return full


def _with_flags_of_subcommands(command: type[Any]) -> type[Any]:
    """Return a command whose subcommands have the options of their engines."""
    kinds = subcommands(command)
    if not any(issubclass(kind, WithEngineFlags) for kind in kinds.values()):
        return command
    full = [
        Annotated[with_engine_flags(kind), tyro.conf.subcommand(name)]
        for name, kind in kinds.items()
    ]
    what: Any = Union[tuple(full)]  # noqa: UP007 - of a tuple
    made = make_dataclass(
        command.__name__, [("what", what)], bases=(command,), frozen=True, kw_only=True
    )
    made.__doc__, made.__module__ = command.__doc__, command.__module__
    return made


def flags_of(specs: Sequence[EngineSpec]) -> type[EngineFlags]:
    """Return a dataclass with one field for each setting of the given engines."""
    owners: dict[str, list[tuple[str, Setting]]] = {}
    for spec in specs:
        for each in spec.settings.described():
            owners.setdefault(each.name, []).append((spec.name, each))
    made = [_flag(name, had) for name, had in owners.items()]
    return make_dataclass("Flags", made, bases=(EngineFlags,), frozen=True, kw_only=True)


def _flag(name: str, had: list[tuple[str, Setting]]) -> tuple[str, Any, Any]:
    """Return a field: a switch, a choice, or text that the chosen engine reads."""
    settings = [each for _, each in had]
    first = settings[0]
    same = all((each.kind, each.default) == (first.kind, first.default) for each in settings)
    text = _help(had)
    if first.kind == "switch" and same:
        return name, Annotated[bool, tyro.conf.arg(help=text)], field(default=first.default)
    choices = tuple(dict.fromkeys(choice for each in settings for choice in each.choices))
    metavar = "|".join(choices) or first.metavar or first.kind.split()[-1].upper()
    kind: Any = (
        Annotated[Literal[choices] | None, option(metavar, help=text)]
        if choices and all(each.choices for each in settings)
        else Annotated[str | None, as_text(metavar), option(metavar, help=text)]
    )
    return name, kind, field(default=None)


def _help(had: list[tuple[str, Setting]]) -> str:
    """Return the help of a setting, with the names of the engines that have it."""
    by_text: dict[str, list[str]] = {}
    for engine, each in had:
        shown = (
            "" if each.default is None or each.kind == "switch" else f" (default: {each.default})"
        )
        by_text.setdefault(f"{each.help}{shown}", []).append(engine)
    return " ".join(f"For {_listed(engines)}: {text}" for text, engines in by_text.items())


def _listed(engines: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(engines[:-1]), engines[-1])))
