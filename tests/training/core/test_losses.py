from __future__ import annotations

from types import SimpleNamespace

import torch

from mien.training.core.losses import with_total


def test_the_total_is_weighted():
    weights = SimpleNamespace(one=2.0, other=0.5, unused=100.0)
    terms = {"one": torch.tensor(3.0), "other": torch.tensor(4.0)}
    found = with_total(terms, weights)
    assert {name: float(value) for name, value in found.items()} == {
        "one": 3.0,
        "other": 4.0,
        "total": 8.0,
    }
    assert "total" not in terms
