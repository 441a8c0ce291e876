"""The list of engines. Other packages add theirs through the entry-point group ``mien.engines``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, NamedTuple

from mien.engines.mesh.spec import MESH
from mien.engines.motion_net.spec import FOMM, MRAA
from mien.engines.rig.spec import RIG
from mien.engines.settings import EngineSettings
from mien.engines.spec import EngineSpec, Task
from mien.engines.ulme_gan.spec import ULME_GAN
from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.engines.base import Engine

BUILT_IN: dict[str, EngineSpec] = {spec.name: spec for spec in (RIG, MESH, ULME_GAN, FOMM, MRAA)}
"""Mien's own engines, by name."""

DEFAULTS: dict[Task, str] = {"generate": RIG.name, "transfer": MESH.name}
"""The engine of each task if none is named."""

ENTRY_POINT_GROUP = "mien.engines"


class _PluggedIn(NamedTuple):
    """Engines of other packages by name, and the reasons why some cannot be used."""

    specs: dict[str, EngineSpec]
    broken: dict[str, str]


def engine_specs(task: Task | None = None) -> dict[str, EngineSpec]:
    """Return the installed engines by name, Mien's own first.

    An engine of another package that cannot be used is left out; see `broken_engines`.

    Args:
        task: Only engines with this task; None for all.
    """
    found = BUILT_IN | _plugged_in().specs
    return {name: spec for name, spec in found.items() if task is None or task in spec.tasks}


def broken_engines() -> dict[str, str]:
    """Return the engines of other packages that cannot be used, each with the reason in one line.

    An engine cannot be used if its import fails, if its entry point is not an `EngineSpec` of the same name, if another
    package has an engine of the same name, or if Mien has one. In the last case the key is ``NAME of PACKAGE``.
    """
    return dict(_plugged_in().broken)


def find_engine(name: str, task: Task | None = None) -> EngineSpec:
    """Find an engine by its name.

    Args:
        name: Name of the engine.
        task: What it must be able to do; None for any task.

    Raises:
        UsageError: No engine of that name has the task, or its package is broken.
    """
    spec = BUILT_IN.get(name)
    if spec is None:
        others = _plugged_in()
        if name in others.broken:
            raise UsageError(f"the engine {name} cannot be used: {others.broken[name]}")
        spec = others.specs.get(name)
    if spec is None or (task is not None and task not in spec.tasks):
        names = ", ".join(engine_specs(task))
        raise UsageError(f"expected --engine to be one of {names}, got {name!r}")
    return spec


def make_engine(
    name: str, task: Task, settings: EngineSettings | Mapping[str, Any] | None = None
) -> Engine:
    """Make an engine by its name.

    Args:
        name: Name of the engine.
        task: What it must be able to do.
        settings: Its settings, as its dataclass or by name.

    Returns:
        A `TrackEngine` if AU tracks move the engine, whatever the task: for ``transfer`` wrap it in
        `mien.engines.driven.DrivenEngine`. Otherwise a `MotionEngine`.

    Raises:
        UsageError: No such engine, or settings that it does not take.
        MissingExtraError: A package that it needs is not installed.
    """
    spec = find_engine(name, task)
    return spec.make(checked_settings(spec, settings))


def checked_settings(
    spec: EngineSpec, settings: EngineSettings | Mapping[str, Any] | None
) -> EngineSettings:
    """Return settings as the engine's own dataclass.

    Raises:
        UsageError: The settings are another engine's, or have a name or a value that the engine does not take.
    """
    if settings is None:
        return spec.settings()
    if isinstance(settings, EngineSettings):
        if type(settings) is not spec.settings:
            raise UsageError(
                f"expected {spec.settings.__name__} for --engine {spec.name}, got "
                f"{type(settings).__name__}"
            )
        return settings
    known = {each.name for each in spec.settings.described()}
    for name in settings:
        if name not in known:
            raise UsageError(_not_for(name, spec.name))
    return spec.settings(**settings)


def _not_for(name: str, engine: str) -> str:
    option = f"--{name.replace('_', '-')}"
    owners = [
        spec.name
        for spec in engine_specs().values()
        if name in {each.name for each in spec.settings.described()}
    ]
    if not owners:
        return f"the {engine} engine has no setting {name!r}: mien engines lists its settings"
    listed = " or ".join(filter(None, (", ".join(owners[:-1]), owners[-1])))
    return f"{option} needs --engine {listed}, got --engine {engine}"


@lru_cache(maxsize=1)
def _plugged_in() -> _PluggedIn:
    found = _PluggedIn({}, {})
    by_name: dict[str, list[EntryPoint]] = {}
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
        by_name.setdefault(entry.name, []).append(entry)
    for name, entries in by_name.items():
        packages = [_package(entry) for entry in entries]
        if name in BUILT_IN:
            for package in packages:  # not under the name alone, which is that of a working engine
                found.broken[f"{name} of {package}"] = (
                    f"Mien has an engine {name} of its own: rename it in its EngineSpec and entry point, or "
                    f"uninstall {package}"
                )
        elif len(entries) > 1:
            found.broken[name] = (
                f"{' and '.join(packages)} each add an engine of this name: uninstall all but one of them"
            )
        else:
            try:
                found.specs[name] = _load(entries[0])
            except Exception as error:  # another package's import can fail in any way
                found.broken[name] = " ".join(f"{entries[0].value}: {error}".split())
    return found


def _package(entry: EntryPoint) -> str:
    """Return the name under which pip knows the package of an entry point; its module if there is none."""
    return entry.module if entry.dist is None else entry.dist.name


def _load(entry: EntryPoint) -> EngineSpec:
    made = entry.load()
    if not isinstance(made, EngineSpec):
        raise UsageError(f"expected an EngineSpec, got {type(made).__name__}")
    if made.name != entry.name:
        raise UsageError(f"expected the name {entry.name} in its EngineSpec, got {made.name}")
    return made
