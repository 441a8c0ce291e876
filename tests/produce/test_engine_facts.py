"""Samples are only added where they come out the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mien.engines import compute, registry
from mien.engines.network_settings import NetworkSettings
from mien.engines.rig.engine import RigEngine
from mien.engines.rig.spec import RIG
from mien.engines.spec import Extra
from mien.errors import UsageError
from mien.produce import engine_facts
from mien.produce.engine_facts import versions
from mien.produce.freeze import freeze
from mien.produce.frozen import FrozenPlan, read_frozen
from mien.produce.worker import make_shard
from tests.produce.sets import plan_of


@pytest.mark.parametrize("package", ["numpy", "pyarrow"])
def test_other_versions_are_refused(
    package: str, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = read_frozen(pairs)
    now = versions(frozen.plan) | {package: "99.0"}
    monkeypatch.setattr(engine_facts, "versions", lambda plan: now)
    with pytest.raises(UsageError, match=rf"planned with {package} .*, here is 99\.0"):
        frozen.check_facts()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rig as an engine with a network's settings."""
    spec = replace(
        RIG,
        name="net-rig",
        settings=NetworkSettings,
        build=lambda settings: RigEngine(),
        extra=Extra("mien[torch]", ("torch",)),
    )
    monkeypatch.setitem(registry.BUILT_IN, "net-rig", spec)


def net_set(people: Path, out: Path, settings: Mapping[str, Any]) -> FrozenPlan:
    return freeze(plan_of(people, engines=("net-rig",), settings={"net-rig": settings}), out)


@pytest.mark.usefixtures("network")
def test_a_network_s_packages_device_and_precision_are_hashed(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"device": "cpu", "precision": "auto"}
    monkeypatch.setattr(compute, "uses_bfloat16", lambda device, precision: False)
    frozen = net_set(people, tmp_path / "set", asked)
    assert frozen.versions["torch"] and "torch" not in versions(plan_of(people))
    assert frozen.engines == {"net-rig": {"device": "cpu", "precision": "float32"}}
    read_frozen(tmp_path / "set").check_facts()
    monkeypatch.setattr(compute, "uses_bfloat16", lambda device, precision: True)
    assert net_set(people, tmp_path / "other", asked).hash != frozen.hash
    outcome = make_shard(tmp_path / "set", 0)
    assert outcome.state == "broken"
    assert "planned with precision float32 of the engine net-rig, here is bfloat16" in outcome.why
