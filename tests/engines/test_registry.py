from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pytest

from mien.engines import registry
from mien.engines.mesh.settings import MeshSettings
from mien.engines.registry import (
    BUILT_IN,
    DEFAULTS,
    broken_engines,
    engine_specs,
    find_engine,
    make_engine,
)
from mien.engines.rig.engine import RigEngine
from mien.engines.rig.settings import RigSettings
from mien.engines.settings import EngineSettings
from mien.engines.spec import EngineSpec, Extra
from mien.errors import MissingExtraError, UsageError

GENERATE = ", ".join(engine_specs("generate"))


@dataclass(frozen=True, kw_only=True)
class Nothing(EngineSettings):
    pass


def spec(**changes: object) -> EngineSpec:
    given = {
        "name": "mine",
        "tasks": ("generate",),
        "settings": Nothing,
        "about": "For tests.",
        "build": lambda settings: RigEngine(),
    }
    return EngineSpec(**(given | changes))  # type: ignore[arg-type]


def test_engines_are_listed_by_task() -> None:
    assert list(engine_specs()) == list(BUILT_IN)
    for task in ("generate", "transfer"):
        assert list(engine_specs(task)) == [n for n, s in BUILT_IN.items() if task in s.tasks]
    assert {"rig", "ulme-gan"} <= set(engine_specs("generate"))
    assert "mesh" not in engine_specs("generate") and "mesh" in engine_specs("transfer")
    assert DEFAULTS == {"generate": "rig", "transfer": "mesh"}
    assert BUILT_IN["rig"].uses_aus and not BUILT_IN["mesh"].uses_aus
    assert broken_engines() == {}


def test_an_engine_is_made_with_its_settings() -> None:
    made = make_engine("rig", "generate", {"shading": False})
    assert isinstance(made, RigEngine) and made.settings == RigSettings(shading=False)
    assert make_engine("rig", "generate", RigSettings()).settings.shading  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("rigg", None, f"expected --engine out of {GENERATE}, got 'rigg'"),
        ("mesh", None, f"expected --engine out of {GENERATE}, got 'mesh'"),
        ("rig", {"gaze": True}, "--gaze is for --engine mesh, got it with --engine rig"),
        ("rig", {"x_y": 1}, "the rig engine has no setting 'x_y': mien engines lists its settings"),
        ("rig", MeshSettings(), "expected RigSettings for --engine rig, got MeshSettings"),
    ],
)
def test_what_cannot_be_made_is_refused(name: str, settings: object, said: str) -> None:
    with pytest.raises(UsageError) as error:
        make_engine(name, "generate", settings)  # type: ignore[arg-type]
    assert str(error.value) == said


def test_a_missing_package_is_named_with_the_extra() -> None:
    lacking = spec(extra=Extra("mien[none]", ("json", "no_such_package")))
    with pytest.raises(MissingExtraError, match=r'no_such_package.*pip install "mien\[none\]"'):
        lacking.make()


@pytest.mark.parametrize(
    "changes",
    [{"name": "Mine"}, {"name": ""}, {"tasks": ()}, {"tasks": ("paint",)}, {"settings": dict}],
)
def test_a_spec_that_does_not_hold_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"engine"):
        spec(**changes)


def test_an_engine_of_another_package_that_is_broken_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packages: dict[str, object] = {
        "mine": spec(),
        "other": spec(),
        "plain": RigEngine,
        "gone": ImportError("no module\nnamed gone"),
        "rig": spec(name="rig"),
    }

    class Entry(EntryPoint):
        def load(self) -> object:
            made = packages[self.name]
            if isinstance(made, Exception):
                raise made
            return made

    entries = [Entry(name, f"{name}:SPEC", registry.ENTRY_POINT_GROUP) for name in packages]
    monkeypatch.setattr(registry, "entry_points", lambda group: entries)
    registry._plugged_in.cache_clear()
    try:
        assert list(engine_specs()) == [*BUILT_IN, "mine"]
        assert engine_specs()["rig"] is BUILT_IN["rig"]
        assert broken_engines() == {
            "gone": "gone:SPEC: no module named gone",
            "other": "other:SPEC: expected the name other in its EngineSpec, got mine",
            "plain": "plain:SPEC: expected an EngineSpec, got type",
        }
        with pytest.raises(UsageError, match="the engine gone cannot be used: gone:SPEC"):
            find_engine("gone", "generate")
    finally:
        registry._plugged_in.cache_clear()
