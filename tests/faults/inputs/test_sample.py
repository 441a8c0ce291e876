"""A sample of the malformed inputs; ``make faults`` tries all."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("torch")
pytest.importorskip("fastapi")
pytest.importorskip("openpyxl")
if sys.platform != "linux":
    pytest.skip("reads its own memory from /proc", allow_module_level=True)

from mien.errors import UsageError
from tests.faults.inputs import outcome
from tests.faults.inputs.__main__ import DEFAULT_EACH
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.readers import READERS
from tests.faults.inputs.run import counts, run

EACH = 4
SEED = 20


def test_no_input_of_a_sample_is_a_fault():
    cases = [
        (name, index)
        for name, reader in READERS.items()
        for index in range(max(round(EACH * reader.share), 1))
    ]
    results = list(run(cases, SEED))
    assert [result for result in results if result.kind == "fault"] == []
    assert len(results) == len(cases)
    found = counts(results)
    assert sum(each["refused"] for each in found.values()) > len(cases) / 2


def test_all_of_them_are_more_than_a_thousand():
    assert sum(round(DEFAULT_EACH * reader.share) for reader in READERS.values()) >= 1000


def judged(tmp_path: Path, read: object) -> outcome.Outcome:
    reader = Reader("made up", lambda folder, rng: folder / "a", read)  # type: ignore[arg-type]
    return outcome.outcome_of(reader, 0, 0, tmp_path / "case")


def raised(error: BaseException) -> object:
    def read(path: Path) -> None:
        raise error

    return read


def test_what_counts_as_a_fault(tmp_path, monkeypatch):
    assert judged(tmp_path, lambda path: None).kind == "accepted"
    assert judged(tmp_path, raised(UsageError("expected a, got b"))).kind == "refused"
    for error in (UsageError(""), ValueError("x"), RecursionError(), MemoryError(), SystemExit(1)):
        assert judged(tmp_path, raised(error)).kind == "fault"
    monkeypatch.setattr(outcome, "MOST_SECONDS", -1.0)
    assert judged(tmp_path, lambda path: None).kind == "fault"


def test_too_much_memory_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(outcome, "MOST_MB", 50.0)
    assert judged(tmp_path, lambda path: len(bytes(10**6))).kind == "accepted"
    assert judged(tmp_path, lambda path: bytearray(b"x") * 10**8).kind == "fault"


@pytest.mark.parametrize("name", ["pictures", "films", "AU tables", "projects", "flow sets"])
def test_an_input_is_the_same_for_the_same_seed(tmp_path, name):
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        (folder / "case").mkdir(parents=True)
        READERS[name].write(folder / "case", Random("0/x/3"))
        written.append(sorted(str(path.relative_to(folder)) for path in folder.rglob("*")))
    assert written[0] == written[1]
