"""What `mien dataset list` says of a data set is what its reader asks for."""

from __future__ import annotations

import re

import pytest

from mien.datasets import casme2, casme3, dfme, dme4, folder, mmew, samm, smic
from mien.datasets.registry import DATASETS

MODULES = (casme2, casme3, dfme, dme4, folder, mmew, samm, smic)  # casme_sq has no header


@pytest.mark.parametrize("name", DATASETS)
def test_names_are_the_registry_s_and_papers_have_a_doi(name):
    published = DATASETS[name]
    assert published.name == name
    assert name == "folder" or re.search(r"doi:10\.\d{4}/\S+$", published.paper)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_column_is_listed(module):
    name = module.__name__.rpartition(".")[2]
    for first, *_ in module.COLUMNS.values():
        assert re.search(rf"(?<!\w){re.escape(first)}(?!\w)", DATASETS[name].columns), first
