"""The engines that the page offers, and their settings in requests and project files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, cast

from fastapi import APIRouter

from mien.au.catalog import RIG_NAMES
from mien.engines.base import TrackEngine
from mien.engines.registry import (
    DEFAULTS,
    broken_engines,
    checked_settings,
    engine_specs,
    find_engine,
)
from mien.engines.spec import EngineSpec, Task

router = APIRouter(prefix="/api")

Tab: TypeAlias = Literal["design", "transfer"]

TABS: dict[Task, Tab] = {"generate": "design", "transfer": "transfer"}
"""The tab of the page that uses an engine for a task."""


@router.get("/engines")
def engines() -> dict[str, Any]:
    """List every engine with its settings, and each tab's default engine.

    An engine of another package that cannot be used is listed as not installed, with the reason.
    """
    usable = [_described(spec) for spec in engine_specs().values()]
    broken = [_broken(name, why) for name, why in broken_engines().items()]
    return {
        "engines": usable + broken,
        "defaults": {TABS[task]: name for task, name in DEFAULTS.items()},
    }


def _described(spec: EngineSpec) -> dict[str, Any]:
    aus, why_not = _known_aus(spec)
    return {
        "name": spec.name,
        "tabs": [TABS[task] for task in TABS if task in spec.tasks],
        "installed": why_not is None,
        "why_not": why_not,
        "speed": "fast" if spec.fast else "slow",
        "text": spec.about,
        "uses_aus": spec.uses_aus,
        "aus": aus,
        "settings": _settings(spec),
    }


def _settings(spec: EngineSpec) -> list[dict[str, Any]]:
    """Describe the settings, without choices that need a folder: the page has no field for folders."""
    described = spec.settings.described()
    folders = {each.name for each in described if each.kind == "path"}
    return [
        each.to_json()
        | {"choices": [one for one in each.choices if each.needs.get(one) not in folders]}
        for each in described
        if not each.advanced
    ]


def _known_aus(spec: EngineSpec) -> tuple[list[str] | None, str | None]:
    """Return the sided AUs that an engine can move (None for all), and why it cannot be used (None if it can)."""
    if spec.extra is not None and spec.extra.missing is not None:
        return None, spec.extra.command
    if not spec.uses_aus:
        return None, None
    try:
        known = cast(TrackEngine, spec.make()).known_aus
    except Exception as error:  # another package's engine can fail in any way
        return None, " ".join(str(error).split()) or type(error).__name__
    return (None if known is None else [name for name in RIG_NAMES if name in known]), None


def _broken(name: str, why: str) -> dict[str, Any]:
    return {
        "name": name,
        "tabs": list(TABS.values()),
        "installed": False,
        "why_not": why,
        "speed": "slow",
        "text": "",
        "uses_aus": False,
        "aus": None,
        "settings": [],
    }


def changed_settings(engine: str, task: Task, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that differ from the engine's defaults, as they were given.

    Args:
        engine: The engine's name.
        task: The task that the engine is used for.
        settings: JSON values by name.

    Raises:
        UsageError: No such engine, or settings that it does not take.
    """
    checked = checked_settings(find_engine(engine, task), settings)
    return {name: settings[name] for name in checked.given()}


def split_options(
    engine: str, task: Task, options: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a project's options into the engine's settings and all others.

    Raises:
        UsageError: No such engine.
    """
    names = {each.name for each in find_engine(engine, task).settings.described()}
    settings = {name: value for name, value in options.items() if name in names}
    return settings, {name: value for name, value in options.items() if name not in names}
