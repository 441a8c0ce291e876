from __future__ import annotations

import json
import shutil
import sys
import tomllib
from pathlib import Path

import mlcroissant
import pytest

from mien.cli.main import main
from tests.produce.sets import hashes, write_people


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Portraits and a small plan of pairs."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "people").mkdir()
    write_people(folder / "people")
    (folder / "plan.toml").write_text(
        'portraits = "people"\ncount = 12\nshard = 5\nseed = 5\nkind = "pairs"\nsize = 80\nturn = 4\n'
    )
    return folder


@pytest.fixture(scope="module")
def finished(place: Path) -> Path:
    out = place / "finished"
    assert main(["produce", "plan", str(place / "plan.toml"), "--out", str(out)]) == 0
    assert main(["produce", "run", str(out), "--workers", "2"]) == 0
    return out


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    record = json.loads(capsys.readouterr().out)
    assert isinstance(record, dict)
    return record


def test_a_dry_run_writes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = place / "dry"
    words = ["produce", "plan", str(place / "plan.toml"), "--out", str(out), "--dry-run"]
    assert main([*words, "--json"]) == 0
    cost = said(capsys)
    assert (cost["samples"], cost["shards"], cost["measured"], cost["failed"]) == (12, 3, 12, 0)
    assert cost["balance"]["label"] == {"negative": 0.3333, "positive": 0.3333, "surprise": 0.3333}  # type: ignore[index]
    assert 0 < cost["gib"] < 0.01 and 0 < cost["core_hours"] < 0.1  # type: ignore[operator]
    assert main(words) == 0
    assert "core hours" in capsys.readouterr().out and not out.exists()


def test_the_estimate_fits_what_comes(
    place: Path, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["produce", "plan", str(place / "plan.toml"), "--out", str(place / "x"), "--dry-run"]
    assert main([*words, "--json"]) == 0
    estimated = float(said(capsys)["gib"]) * 2**30  # type: ignore[arg-type]
    size = sum(path.stat().st_size for path in (finished / "shards").iterdir())
    assert 0.7 < estimated / size < 1.3


def test_status_of_a_set(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["produce", "status", str(finished), "--json"]) == 0
    status = said(capsys)
    assert (status["shards"], status["finished"], status["made"], status["running"]) == (
        3,
        3,
        12,
        0,
    )
    assert main(["produce", "status", str(finished)]) == 0
    assert "3 of 3 shards (100.0%), 12 samples, 0 failed" in capsys.readouterr().out


def test_status_tells_the_rate_and_the_time_left(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import os

    folder = tmp_path / "set"
    shutil.copytree(finished, folder)
    (folder / "shards" / "shard-000002.json").unlink()
    for shard, seconds in ((0, 1000), (1, 1010)):
        os.utime(folder / "shards" / f"shard-00000{shard}.json", (seconds, seconds))
    assert main(["produce", "status", str(folder), "--json"]) == 0
    status = said(capsys)
    assert (status["per_second"], status["seconds_left"]) == (0.5, 4)  # 5 samples in 10 s, 2 to go
    assert main(["produce", "status", str(folder)]) == 0
    assert "0.5 samples a second, 0 min 4 s left" in capsys.readouterr().out


def test_verify_says_what_is_wrong(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["produce", "verify", str(finished), "--sample", "2"]) == 0
    assert capsys.readouterr().out.startswith("whole: 3 of 3 shards checked, 12 samples")
    folder = tmp_path / "set"
    shutil.copytree(finished, folder)
    (folder / "shards" / "shard-000001.json").unlink()
    assert main(["produce", "verify", str(folder), "--sample", "0"]) == 2
    assert "shard-000001 is not finished: mien produce run" in capsys.readouterr().out
    assert main(["produce", "verify", str(folder), "--sample", "0", "--json"]) == 2
    assert said(capsys)["checked"] == 2


def test_extend_and_retry(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "set"
    shutil.copytree(finished, folder)
    assert main(["produce", "extend", str(folder), "--count", "16"]) == 0
    assert "16 pairs in 4 shards" in capsys.readouterr().out
    assert main(["produce", "retry", str(folder), "--workers", "1", "--json"]) == 0
    record = said(capsys)
    assert (record["made"], record["samples"], record["kept"], record["failed"]) == (2, 6, 2, 0)
    assert main(["produce", "extend", str(folder), "--count", "3"]) == 2


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated"
)  # in rdflib, which mlcroissant uses
@pytest.mark.filterwarnings("ignore:The inplace keyword")  # in mlcroissant
def test_an_export_is_valid_croissant(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "set"
    shutil.copytree(finished, folder)
    words = ["produce", "export", str(folder), "--name", "Two people", "--licence", "CC0-1.0"]
    words += ["--portraits-from", "Pictures of one astronaut."]
    assert main([*words, "--json"]) == 0
    assert said(capsys)["files"] == ["croissant.json", "README.md"]
    dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    rows = sorted(row["rows/index"] for row in dataset.records("rows"))
    assert rows == list(range(12))
    card = (folder / "README.md").read_text()
    plan = tomllib.loads(card.partition("```toml\n")[2].partition("```")[0])
    assert (plan["kind"], plan["count"], plan["splits"]) == ("pairs", 12, {"train": 1.0})
    assert "12 pairs of 2 people" in card and "train: 2 people." in card
    for text in (
        'license: "cc0-1.0"',
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
        "Pictures of one astronaut.",
        "| label: negative | 4 |",
        "nobody made them",
    ):
        assert text in card
    assert main(words) == 0  # again: its own files are replaced
    (folder / "README.md").write_text("mine")
    assert main(words) == 2 and (folder / "README.md").read_text() == "mine"
    (folder / "shards" / "shard-000001.json").unlink()
    capsys.readouterr()
    assert main(words) == 2
    assert "expected a finished set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan", "gone.toml", "--out", "o"], "gone.toml: it does not exist"),
        (["plan", "plan.toml", "--out", "people"], "expected a new or empty folder for the set"),
        (["run", "people"], "expected a set that mien produce plan began"),
        (["status", "people"], "expected a set that mien produce plan began"),
        (["verify", "people"], "expected a set that mien produce plan began"),
        (["run", "finished", "--workers", "0"], "expected --workers of 1 or more"),
        (["run", "finished", "--shards", "2:9"], "expected --shards within 0:3"),
        (["run", "finished", "--address", "auto"], "--address needs --executor ray"),
        (["run", "finished", "--job", "a=b"], "--job needs --executor slurm"),
        (["run", "finished", "--executor", "slurm", "--job", "x"], "expected --job NAME=VALUE"),
        (["verify", "finished", "--sample", "-1"], "expected --sample of 0 or more"),
        (["extend", "finished", "--count", "0"], "expected --count from 1"),
        (["make"], "expected one of plan, run"),
    ],
)
def test_what_is_refused(
    words: list[str],
    says: str,
    place: Path,
    finished: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(place)
    before = hashes(finished)
    assert main(["produce", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith("mien: error: ") and says in err and err.count("\n") == 1
    assert hashes(finished) == before


def test_without_the_extra(
    finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["produce", "run", str(finished)]) == 2
    said = capsys.readouterr().err
    assert "mien produce needs pyarrow, which is not installed: " in said
    assert "pip install" in said and "[produce]" in said
