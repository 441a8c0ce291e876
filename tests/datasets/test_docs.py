"""docs/datasets.md names the data sets and columns that are read."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from mien.datasets import casme2, casme3, dfme, dme4, folder, mmew, samm, smic
from mien.datasets.registry import DATASETS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "datasets.md").read_text(encoding="utf-8")
MODULES = (casme2, casme3, dfme, dme4, folder, mmew, samm, smic)  # casme_sq has no header


def rows(name):
    return [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_documented(name):
    table, *_ = rows(name)
    file = re.findall(r"`([^`]+)`", table.split("|")[2])[0]
    assert any(fnmatch(Path(file).stem.casefold(), form) for form in DATASETS[name].tables)
    if DATASETS[name].fps.isdigit():
        assert table.split("|")[3].strip() == DATASETS[name].fps
    doi = DATASETS[name].paper.rpartition("doi:")[2]
    assert len(rows(name)) == (3 if doi else 2) and doi in rows(name)[-1]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_column_is_documented(module):
    name = module.__name__.rpartition(".")[2]
    named = set(re.findall(r"`([^`]+)`", rows(name)[1].split("|")[2]))
    assert {spellings[0] for spellings in module.COLUMNS.values()} <= named
