"""Which packages others need, from the metadata of installed packages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, requires

from packaging.markers import Marker
from packaging.requirements import Requirement

from .lock import normal
from .platforms import PLATFORMS, PYTHONS

ENVIRONMENTS = [each.markers(python) for each in PLATFORMS for python in PYTHONS]
"""The values of all environment markers on each platform with each Python."""


def needed(requirements: Iterable[str], extra: str = "") -> dict[str, frozenset[str]]:
    """Return the packages that requirements name on at least one platform, with the extras asked of each.

    Args:
        requirements: Lines of metadata, such as ``tqdm>=4; extra == "progress"``.
        extra: The extra that is asked for; empty for none.

    Returns:
        Extras by normal name.
    """
    found: dict[str, frozenset[str]] = {}
    for each in map(Requirement, requirements):
        if each.marker is None or _holds(str(each.marker), extra):
            name = normal(each.name)
            found[name] = found.get(name, frozenset()) | each.extras
    return found


@cache
def _holds(marker: str, extra: str) -> bool:
    """Return whether a marker holds on at least one platform."""
    parsed = Marker(marker)
    return any(parsed.evaluate(env | {"extra": extra}) for env in ENVIRONMENTS)


@cache
def needed_by(name: str, extra: str = "") -> dict[str, frozenset[str]]:
    """Return the packages that an installed package needs; none if it is not installed."""
    try:
        return needed(requires(name) or [], extra)
    except PackageNotFoundError:
        return {}


def all_needed(requirements: Iterable[str]) -> set[str]:
    """Return all packages that requirements need without any extra, directly or through others.

    What a package needs that is not installed is not known.
    """
    waiting = [
        (name, part) for name, extras in needed(requirements).items() for part in ("", *extras)
    ]
    done: set[tuple[str, str]] = set()
    while waiting:
        each = waiting.pop()
        if each not in done:
            done.add(each)
            for name, extras in needed_by(*each).items():
                waiting += [(name, part) for part in ("", *extras)]
    return {name for name, _ in done}
