from __future__ import annotations

import re
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
from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import EngineSpec, Extra
from mien.errors import MissingExtraError, UsageError
from mien.install import install_command

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
        ("rigg", None, f"expected --engine to be one of {GENERATE}, got 'rigg'"),
        ("mesh", None, f"expected --engine to be one of {GENERATE}, got 'mesh'"),
        ("rig", {"gaze": True}, "--gaze needs --engine mesh, got --engine rig"),
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
    with pytest.raises(
        MissingExtraError, match="no_such_package.*" + re.escape(install_command("none"))
    ):
        lacking.make()


@pytest.mark.parametrize(
    "changes",
    [{"name": "Mine"}, {"name": ""}, {"tasks": ()}, {"tasks": ("paint",)}, {"settings": dict}],
)
def test_a_spec_that_does_not_hold_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"engine"):
        spec(**changes)


@dataclass(frozen=True, kw_only=True)
class BadDefault(EngineSettings):
    n: int = setting("x", "How many.")  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class OutOfRange(EngineSettings):
    amount: float = setting(-1.0, "How much.", least=0)


@dataclass(frozen=True, kw_only=True)
class Undeclared(EngineSettings):
    amount: float = 1.0


@dataclass(frozen=True, kw_only=True)
class OddType(EngineSettings):
    parts: list[int] = setting((), "Which parts.")  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (BadDefault, "BadDefault: expected --n a whole number, got 'x'"),
        (OutOfRange, "OutOfRange: expected --amount a number of at least 0, got -1.0"),
        (Undeclared, "Undeclared.amount: declare it with mien.engines.settings.setting"),
        (OddType, "OddType.parts: expected a plain type, got list"),
    ],
)
def test_settings_that_cannot_be_made_are_refused_with_the_spec(settings: type, said: str) -> None:
    with pytest.raises(
        UsageError, match="engine mine: expected settings that can be made"
    ) as error:
        spec(settings=settings)
    assert said in str(error.value)


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
    entries += [Entry("twice", f"{who}:SPEC", registry.ENTRY_POINT_GROUP) for who in ("ann", "bob")]
    monkeypatch.setattr(registry, "entry_points", lambda group: entries)
    registry._plugged_in.cache_clear()
    try:
        assert list(engine_specs()) == [*BUILT_IN, "mine"]
        assert engine_specs()["rig"] is BUILT_IN["rig"]
        assert broken_engines() == {
            "gone": "gone:SPEC: no module named gone",
            "other": "other:SPEC: expected the name other in its EngineSpec, got mine",
            "plain": "plain:SPEC: expected an EngineSpec, got type",
            "rig of rig": (
                "Mien has an engine rig of its own: rename it in its EngineSpec and entry point, or uninstall rig"
            ),
            "twice": "ann and bob each add an engine of this name: uninstall all but one of them",
        }
        assert find_engine("rig") is BUILT_IN["rig"]
        with pytest.raises(UsageError, match="the engine twice cannot be used: ann and bob each"):
            find_engine("twice")
        with pytest.raises(UsageError, match="the engine gone cannot be used: gone:SPEC"):
            find_engine("gone", "generate")
    finally:
        registry._plugged_in.cache_clear()
