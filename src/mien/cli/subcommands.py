"""The subcommands of a command, read from the type of its field ``what``."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import tyro


def subcommands(command: type[Any]) -> dict[str, type[Any]]:
    """Return the classes of a command's subcommands by name; empty for a command without subcommands."""
    what = get_type_hints(command, include_extras=True).get("what")
    kind: Any = type(tyro.conf.subcommand(""))
    return {
        config.name: get_args(each)[0]
        for each in get_args(what)
        for config in getattr(each, "__metadata__", ())
        if isinstance(config, kind)
    }
