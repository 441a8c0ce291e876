from __future__ import annotations

from dataclasses import replace

import pytest

from mien.au.catalog import RIG_NAMES
from mien.flow_pairs.plan import plan_pair
from tests.flow_pairs.conftest import QUICK


def test_a_pair_depends_on_its_number_and_the_seed_alone() -> None:
    first = plan_pair(3, 2, QUICK)
    assert first == plan_pair(3, 2, replace(QUICK, count=100))
    assert first != plan_pair(3, 2, replace(QUICK, seed=1))
    assert first.intensities != plan_pair(5, 2, QUICK).intensities
    assert (first.name, first.subject) == ("000003", 1)


def test_aus_are_those_of_the_rig_within_facs_levels() -> None:
    drawn = [plan_pair(number, 1, QUICK) for number in range(200)]
    assert all(set(pair.intensities) <= set(RIG_NAMES) and pair.intensities for pair in drawn)
    assert all(0 < value <= 5 for pair in drawn for value in pair.intensities.values())
    assert {pair.label for pair in drawn} == {"negative", "positive", "surprise"}
    assert 0.2 < sum("AU45L" in pair.intensities for pair in drawn) / 200 < 0.6
    still = [plan_pair(number, 1, replace(QUICK, head=False)) for number in range(200)]
    assert sum("AU45L" in pair.intensities for pair in still) < 10
    smiles = [pair for pair in still if "AU12L" in pair.intensities]
    assert sum(pair.label == "positive" for pair in smiles) > 0.6 * len(smiles) > 0


@pytest.mark.parametrize(
    ("off", "is_zero"),
    [
        ("head", lambda film: film.drift_cm == (0, 0, 0, 0)),
        ("noise", lambda film: film.noise_levels == 0),
        ("light", lambda film: film.flicker == 0),
    ],
)
def test_what_is_off_is_not_filmed(off: str, is_zero) -> None:
    film = plan_pair(0, 1, replace(QUICK, **{off: False})).film
    assert film is not None and is_zero(film)
    whole = plan_pair(0, 1, QUICK).film
    assert whole is not None and not is_zero(whole)


def test_nothing_is_filmed_with_everything_off() -> None:
    assert plan_pair(0, 1, replace(QUICK, head=False, noise=False, light=False)).film is None
