"""What determines a sample's bytes besides the plan: versions, and the engines' weights, device and precision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import Any

from mien.engines.network_settings import NetworkSettings
from mien.engines.registry import checked_settings, find_engine
from mien.engines.spec import EngineSpec
from mien.errors import UsageError
from mien.produce.plan import ProducePlan
from mien.version import __version__

PACKAGES = ("numpy", "scipy", "opencv-python-headless", "av", "ai-edge-litert", "pyarrow")
"""Packages that can change the bytes of any set."""

ABSENT = "none"
"""Recorded as the version of a package that is not installed."""


def versions(plan: ProducePlan) -> dict[str, str]:
    """Return the versions of Mien, of `PACKAGES`, and of the packages of the plan's engines."""
    found = {"mien": __version__} | {name: _version(name) for name in PACKAGES}
    for name in rendering(plan):
        found |= {package: _version(package) for package in _packages(find_engine(name))}
    return found


def engine_records(plan: ProducePlan) -> dict[str, Any]:
    """Return the weights of each engine, and the device and precision that it computes with here.

    Raises:
        MissingExtraError: An engine's packages are not installed.
        WeightsError: An engine's weights cannot be used.
    """
    records = {}
    for name in rendering(plan):
        spec = find_engine(name)
        settings = checked_settings(spec, plan.settings.get(name))
        record = spec.make(settings).record()
        if isinstance(settings, NetworkSettings):
            record |= _computing(settings)
        if record:
            records[name] = record
    return records


def check_engines(plan: ProducePlan, planned_engines: Mapping[str, Any]) -> None:
    """Raise an error if the engines' weights, device or precision differ from those that the set was planned with.

    Raises:
        UsageError: An engine has other weights, another device or precision.
        MissingExtraError: An engine's packages are not installed.
        WeightsError: An engine's weights cannot be used.
    """
    for name, now in engine_records(plan).items() if planned_engines else ():
        planned, now = planned_engines.get(name, {}), json.loads(json.dumps(now))
        for fact in sorted(planned.keys() | now.keys()):
            if planned.get(fact) != now.get(fact):
                raise UsageError(
                    f"the set was planned with {fact} {planned.get(fact)} of the engine {name}, here is "
                    f"{now.get(fact)}: samples could differ; use the planned one, or plan another set"
                )


def check_versions(plan: ProducePlan, planned: Mapping[str, str]) -> None:
    """Raise an error if a package's version differs from the one that the set was planned with.

    Raises:
        UsageError: A package has another version; the message names it.
    """
    for name, now in versions(plan).items():
        if planned.get(name) != now:
            raise UsageError(
                f"the set was planned with {name} {planned.get(name)}, here is {now}: its samples could "
                "differ; install that version, or plan another set"
            )


def rendering(plan: ProducePlan) -> tuple[str, ...]:
    """Return the engines that render the samples: none for a plan of ``flows``."""
    return () if plan.kind == "flows" else plan.engines


def _computing(settings: NetworkSettings) -> dict[str, str]:
    from mien.engines.compute import pick_device, uses_bfloat16

    device = pick_device(settings.device)
    half = uses_bfloat16(device, settings.precision)
    return {"device": device.type, "precision": "bfloat16" if half else "float32"}


def _packages(spec: EngineSpec) -> list[str]:
    """Return the packages that an engine needs, and its own package if that is not Mien."""
    own = spec.build.__module__.partition(".")[0]
    return [*(spec.extra.packages if spec.extra else ()), *([] if own == "mien" else [own])]


def _version(package: str) -> str:
    """Return the version of a package by its name, or by the name under which it is imported."""
    try:
        return version(package)
    except PackageNotFoundError:
        found = packages_distributions().get(package)
        return version(found[0]) if found else ABSENT
