from __future__ import annotations

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.au.emotions import LABEL_OF_EMOTION, LABELS
from mien.au.statistics import statistics_table
from mien.datasets.names import SEEN_DATASETS
from mien.errors import UsageError
from mien.synthesis.coded_moves import coded_moves, draw_intensities
from mien.synthesis.flow_recipe import RigFlowRecipe


def test_only_the_two_data_sets_codes_are_drawn() -> None:
    for name in ("CASME II", "SAMM", "SMIC"):
        with pytest.raises(UsageError, match="clips of other data sets are tested on"):
            RigFlowRecipe(datasets=("DFME", name))
    table = statistics_table()
    for label in LABELS:
        moves, share = coded_moves(SEEN_DATASETS, label)
        rows = sum(
            combination.rows
            for name in SEEN_DATASETS
            for emotion, its_label in LABEL_OF_EMOTION.items()
            if its_label == label
            for combination in table.tables[name].get(emotion, ())
        )
        clips = share * rows
        np.testing.assert_allclose(clips, np.rint(clips), atol=1e-6)
        assert share.sum() == pytest.approx(1) and moves.any(1).all()


def test_only_clips_coded_as_others_are_never_drawn() -> None:
    seen = {emotion for name in SEEN_DATASETS for emotion in statistics_table().tables[name]}
    assert {emotion for emotion in seen if LABEL_OF_EMOTION[emotion] is None} == {"others"}


def test_smiles_are_positive_and_raised_brows_a_surprise() -> None:
    label = np.repeat([0, 1, 2], 600)
    drawn = draw_intensities(label, RigFlowRecipe(), np.random.default_rng(0)) > 0
    share = {name: drawn[:, RIG_NAMES.index(name)].reshape(3, -1).mean(1) for name in RIG_NAMES}
    assert share["AU12R"].argmax() == 1 and share["AU12R"][1] > 0.5
    assert share["AU1R"].argmax() == 2 and share["AU4R"].argmax() == 0
    assert not drawn[:, RIG_NAMES.index("AU45L")].any(), "no code: blinks are a disturbance"
