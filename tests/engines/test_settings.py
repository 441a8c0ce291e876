from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from mien.engines.settings import EngineSettings, setting
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Mine(EngineSettings):
    sharp: bool = setting(True, "Whether it is sharp.")
    amount: float = setting(1.5, "How much.", least=0)
    count: int | None = setting(None, "How many.", metavar="N", least=2, advanced=True)
    mode: Literal["one", "two"] = setting("one", "Which way.")
    folder: Path | None = setting(None, "Where from.", metavar="FOLDER")
    word: str = setting("a", "What to call it.")


def test_a_settings_class_describes_itself() -> None:
    sharp, amount, count, mode, folder, word = Mine.described()
    assert (sharp.kind, amount.kind, count.kind) == ("switch", "number", "whole number")
    assert (mode.kind, folder.kind, word.kind) == ("choice", "path", "text")
    assert mode.choices == ("one", "two") and count.optional and not amount.optional
    assert amount.least == 0 and count.advanced and count.metavar == "N"
    assert sharp.option == "--sharp" and amount.default == 1.5 and word.help == "What to call it."
    assert folder.to_json()["default"] is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sharp": 1}, "--sharp true or false, got 1 (int)"),
        ({"amount": -0.1}, "--amount a number of at least 0, got -0.1"),
        ({"amount": float("nan")}, "--amount"),
        ({"amount": float("inf")}, "--amount"),
        ({"amount": True}, "--amount a number of at least 0, got True (bool)"),
        ({"amount": np.bool_(True)}, "--amount a number of at least 0, got True (bool)"),
        ({"amount": np.float64(-1)}, "--amount a number of at least 0, got -1.0"),
        ({"amount": 10**400}, "--amount a number of at least 0, got inf"),
        ({"count": 1}, "--count a whole number of at least 2, got 1"),
        ({"count": 2.0}, "--count a whole number of at least 2, got 2.0 (float)"),
        ({"count": True}, "--count a whole number of at least 2, got True (bool)"),
        ({"mode": "three"}, "--mode one or two, got 'three'"),
        ({"folder": 3}, "--folder a path, got 3 (int)"),
        ({"word": None}, "--word a text, got None"),
    ],
)
def test_a_wrong_value_is_refused_when_the_settings_are_made(
    given: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError) as error:
        Mine(**given)  # type: ignore[arg-type]
    assert said in str(error.value)


def test_values_are_brought_to_their_type() -> None:
    made = Mine(amount=2, folder="weights")  # type: ignore[arg-type]
    assert type(made.amount) is float and made.folder == Path("weights")
    assert Mine(count=None).count is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"amount": np.float64(2.0)}, 2.0),
        ({"amount": np.float32(2.0)}, 2.0),
        ({"amount": np.longdouble(2.0)}, 2.0),
        ({"amount": np.int64(2)}, 2.0),
        ({"amount": Fraction(1, 2)}, 0.5),
        ({"count": np.int64(4)}, 4),
        ({"count": np.uint8(4)}, 4),
        ({"sharp": np.bool_(False)}, False),
        ({"mode": np.str_("two")}, "two"),
    ],
)
def test_numbers_of_other_types_become_plain(given: dict[str, Any], kept: object) -> None:
    (name,) = given
    value = getattr(Mine(**given), name)
    assert value == kept and type(value) is type(kept)
    assert json.loads(json.dumps(Mine(**given).to_json()))[name] == kept


def test_records_hold_no_folders_and_given_only_what_differs() -> None:
    made = Mine(folder=Path("/home/me/weights"), amount=2.0)
    assert made.to_json() == {
        "sharp": True,
        "amount": 2.0,
        "count": None,
        "mode": "one",
        "folder": "weights",
        "word": "a",
    }
    assert made.given() == {"folder": Path("/home/me/weights"), "amount": 2.0}


def test_typed_text_is_read_by_the_settings_kind() -> None:
    sharp, amount, count, mode, folder, word = Mine.described()
    assert sharp.parsed("false") is False and amount.parsed("2") == 2.0 and count.parsed("3") == 3
    assert mode.parsed("two") == "two" and folder.parsed("w") == Path("w")
    assert word.parsed("3") == "3"
    for one, text in ((sharp, "yes"), (amount, "much"), (count, "2.5"), (mode, "no")):
        with pytest.raises(UsageError, match=one.option):
            one.parsed(text)


def test_a_field_that_cannot_be_described_is_a_programming_error() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Bare(EngineSettings):
        amount: float = 1.0

    @dataclass(frozen=True, kw_only=True)
    class Odd(EngineSettings):
        amount: list[int] = setting(None, "How much.")  # type: ignore[assignment]

    for kind in (Bare, Odd):
        with pytest.raises(TypeError, match="amount"):
            kind.described()


def test_limits_are_part_of_a_setting() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Limited(EngineSettings):
        share: float = setting(0.5, "A share.", least=0, most=1)
        rows: int = setting(3, "Rows.", most=8)

    assert Limited(share=1, rows=8).share == 1.0
    for given, said in (
        ({"share": 1.01}, "expected --share a number from 0 to 1, got 1.01"),
        ({"share": -0.1}, "expected --share a number from 0 to 1, got -0.1"),
        ({"rows": 9}, "expected --rows a whole number of at most 8, got 9"),
    ):
        with pytest.raises(UsageError, match=f"^{said}$"):
            Limited(**given)  # type: ignore[arg-type]
