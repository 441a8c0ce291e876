from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import pytest

from mien.cli.engine_flags import EngineFlags, flags_of, with_engine_flags
from mien.cli.generate import Generate
from mien.cli.parse import parse
from mien.engines.registry import engine_specs
from mien.engines.rig.engine import RigEngine
from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import EngineSpec
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Clashing(EngineSettings):
    """Settings whose names the rig and ULME-GAN have too, with other kinds and defaults."""

    shading: bool = setting(False, "Other shading.")
    au_mode: int = setting(3, "A number here.")
    tone: Literal["warm", "cold"] = setting("warm", "Tone of the skin.")


CLASHING = EngineSpec(
    name="clashing",
    tasks=("generate",),
    settings=Clashing,
    about="For tests.",
    build=lambda settings: RigEngine(),
)


def test_every_setting_has_an_option() -> None:
    for task in ("generate", "transfer"):
        specs = engine_specs(task).values()  # type: ignore[arg-type]
        names = {each.name for each in fields(flags_of(tuple(specs)))}
        assert names == {each.name for spec in specs for each in spec.settings.described()}


def test_a_command_gets_the_options_of_its_task() -> None:
    command = with_engine_flags(Generate)
    given = parse(["generate", "a.png", "--out", "a.mp4", "--expression", "fear", "--no-shading"])
    assert type(given).__name__ == command.__name__ == "Generate"
    assert given.flags.given("rig") == {"shading": False}  # type: ignore[attr-defined]
    assert with_engine_flags(dict) is dict


def test_nothing_typed_is_nothing_given() -> None:
    flags = flags_of(tuple(engine_specs().values()))()
    assert all(flags.given(name) == {} for name in engine_specs())


def test_text_is_read_by_the_chosen_engine() -> None:
    kind = flags_of(tuple(engine_specs().values()))
    flags = kind(points="64", prior="awp", precision="float32")  # type: ignore[call-arg]
    assert flags.given("fomm") == {"points": 64, "prior": "awp", "precision": "float32"}
    # Another engine's settings stay as they were typed; the options refuse them by name.
    assert flags.given("rig") == {"points": "64", "prior": "awp", "precision": "float32"}
    with pytest.raises(UsageError, match="--prior none or awp, got 'ewp'"):
        kind(prior="ewp").given("mraa")  # type: ignore[call-arg]


def test_settings_of_one_name_and_several_kinds_are_typed_as_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mien.engines import registry

    kind = flags_of((*engine_specs("generate").values(), CLASHING))
    monkeypatch.setitem(registry.BUILT_IN, "clashing", CLASHING)
    assert kind().given("clashing") == {} == kind().given("rig")
    flags: EngineFlags = kind(shading="true", au_mode="4", tone="cold")  # type: ignore[call-arg]
    assert flags.given("clashing") == {"shading": True, "au_mode": 4, "tone": "cold"}
    with pytest.raises(UsageError, match="--au-mode relative or absolute, got '4'"):
        flags.given("ulme-gan")
    with pytest.raises(UsageError, match="--au-mode a whole number, got 'much'"):
        kind(au_mode="much").given("clashing")  # type: ignore[call-arg]
