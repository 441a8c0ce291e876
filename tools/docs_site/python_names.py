"""The public names of Mien with their docstrings, as directives for Sphinx's autodoc."""

from __future__ import annotations

import inspect
import re

import mien


def groups() -> list[tuple[str, tuple[str, ...]]]:
    """Return the public names in the groups of the package's docstring, with what each group does."""
    rows = re.findall(r"^\| (`.+?) \| (.+?) \|$", mien.__doc__ or "", re.MULTILINE)
    return [(about, tuple(re.findall(r"`(\w+)`", names))) for names, about in rows]


def directive(name: str) -> str:
    """Return the autodoc directive of a public name; for a class, its members are included."""
    if inspect.isclass(getattr(mien, name)):
        return f".. autoclass:: mien.{name}\n   :members:\n"
    return f".. autofunction:: mien.{name}\n"


def python_page() -> str:
    """Return one section for each group of names."""
    parts = []
    for about, names in groups():
        directives = "\n".join(map(directive, names))
        heading = about[0].upper() + about[1:]
        parts.append(f"## {heading}\n\n```{{eval-rst}}\n{directives}```\n")
    return "\n".join(parts)
