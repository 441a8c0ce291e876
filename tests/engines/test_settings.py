from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
        ({"sharp": 1}, "--sharp true or false, got 1"),
        ({"amount": -0.1}, "--amount a number of at least 0, got -0.1"),
        ({"amount": float("nan")}, "--amount"),
        ({"amount": float("inf")}, "--amount"),
        ({"amount": True}, "--amount"),
        ({"count": 1}, "--count a whole number of at least 2, got 1"),
        ({"count": 2.0}, "--count"),
        ({"mode": "three"}, "--mode one or two, got 'three'"),
        ({"folder": 3}, "--folder a folder, got 3"),
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
