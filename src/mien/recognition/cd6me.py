"""CD6ME, the cross-data-set protocol of the benchmark MEB: 12 AUs, one data set left out at a time.

Varanka et al., "Data Leakage and Evaluation Issues in Micro-Expression Analysis", IEEE TAC 15(1), 2024,
doi:10.1109/TAFFC.2023.3265063. Unlike in MEB's own labels, a doubtful AU (``ref(7B)``, 4DME's ``(k)``, an "or" group)
counts neither as present nor as absent, and a clip without a code is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mien.errors import DatasetError
from mien.metrics.detection import auc
from mien.metrics.multilabel import Counts
from mien.recognition.au_columns import COLUMNS, Targets
from mien.recognition.au_scores import Run

AUS = (
    *("AU1", "AU2", "AU4", "AU5", "AU6", "AU7"),
    *("AU9", "AU10", "AU12", "AU14", "AU15", "AU17"),
)
"""The AUs that are scored."""

PUBLISHED_CLIPS = {
    "casme": 189,
    "casme2": 256,
    "samm": 159,
    "dme4": 267,
    "mmew": 300,
    "casme3": 860,
}
"""The number of MEB's clips of each data set, by Mien's name of the data set."""

_WHERE = [COLUMNS.index(name) for name in AUS]


def check_datasets(names: Sequence[str]) -> None:
    """Refuse data sets that the protocol does not have.

    Raises:
        DatasetError: There is another data set, or fewer than two.
    """
    strange = sorted(set(names) - set(PUBLISHED_CLIPS))
    if strange:
        raise DatasetError(
            f"expected data sets of CD6ME ({', '.join(PUBLISHED_CLIPS)}), got {strange[0]}"
        )
    if len(set(names)) < 2:
        raise DatasetError(
            f"expected clips of two data sets or more with --protocol cd6me, got only {names[0]}"
        )


def scored_targets(targets: Targets) -> Targets:
    """Return targets in which all columns but those of :data:`AUS` are unknown, so that they are not learned."""
    kept = np.full_like(targets, -1)
    kept[:, _WHERE] = targets[:, _WHERE]
    return kept


def cd6me_figures(
    runs: Sequence[Run],
    plain: Sequence[Run],
    targets: Targets,
    dataset: np.ndarray,
    person: np.ndarray,
) -> dict[str, Any]:
    """Return MEB's figures.

    Args:
        runs: Runs of a detector: for each seed, one run for each data set that is left out.
        plain: The same runs without generated maps; empty if ``runs`` used none.
        targets: AUs of the clips.
        dataset: (clips,) each clip's data set.
        person: (clips,) the number of the person in each clip, from 0.

    Returns:
        ``f1`` and ``macro_f1``, each with ``aus`` (F1 over the clips of all data sets together, mean over AUs) and
        ``datasets`` (mean over AUs in each data set, then over data sets). ``auc``: mean over the AUs that some clips
        of a data set have and some lack, then over data sets. ``aus`` and ``datasets``: the figures of each AU and of
        each data set. All are means over seeds. With ``plain`` also ``without``, and ``gain`` in the ``aus`` of ``f1``
        with its 95 % interval.
    """
    made = _figures(runs, targets, dataset)
    if plain:
        made["without"] = _figures(plain, targets, dataset)
        made["gain"] = _gain(runs, plain, targets, dataset, person)
    return made


def _by_seed(runs: Sequence[Run], dataset: np.ndarray) -> list[Sequence[Run]]:
    each = len(np.unique(dataset))
    return [runs[start : start + each] for start in range(0, len(runs), each)]


def _found(runs: Sequence[Run]) -> np.ndarray:
    """Return (clips, AUs) bool: each clip's predicted AUs, by the detector that was not trained on its data set."""
    found = np.zeros((len(runs[0].told.scores), len(AUS)), bool)
    for run in runs:
        mine = np.ix_(run.part.tested, np.array(_WHERE))
        found[run.part.tested] = run.told.scores[mine] >= run.told.threshold[mine]
    return found


def _figures(runs: Sequence[Run], targets: Targets, dataset: np.ndarray) -> dict[str, Any]:
    names = list(dict.fromkeys(run.part.test[0] for run in runs))
    true, known = targets[:, _WHERE] == 1, targets[:, _WHERE] >= 0
    # Rows: all clips, then each data set's.
    times = np.stack([np.ones(len(true)), *(dataset == name for name in names)])
    seeds = _by_seed(runs, dataset)
    counts = [Counts.of(_found(one), true, known, times) for one in seeds]
    f1 = np.mean([one.f1() for one in counts], axis=0)
    macro = np.mean([one.macro_f1() for one in counts], axis=0)
    # Which areas are NaN depends on the clips alone, so it is equal for all seeds.
    area = np.mean([[_areas(run, targets) for run in one] for one in seeds], axis=0)
    means = np.array([_mean(row) for row in area])
    return {
        "f1": {"aus": _round(f1[0].mean()), "datasets": _round(f1[1:].mean())},
        "macro_f1": {"aus": _round(macro[0].mean()), "datasets": _round(macro[1:].mean())},
        "auc": _round(_mean(means)),
        "aus": {
            name: {
                "positives": int((true & known)[:, n].sum()),
                "f1": _round(f1[0, n]),
                "macro_f1": _round(macro[0, n]),
                "auc": _round(_mean(area[:, n])),
            }
            for n, name in enumerate(AUS)
        },
        "datasets": {
            name: {
                "clips": int((dataset == name).sum()),
                "published_clips": PUBLISHED_CLIPS[name],
                "f1": _round(f1[n + 1].mean()),
                "macro_f1": _round(macro[n + 1].mean()),
                "auc": _round(means[n]),
            }
            for n, name in enumerate(names)
        },
    }


def _areas(run: Run, targets: Targets) -> list[float]:
    """Return each AU's AUC in the data set that is left out; NaN where all or none of its clips have it."""
    made = []
    for column in _WHERE:
        rows = np.flatnonzero(run.part.tested & (targets[:, column] >= 0))
        positive = targets[rows, column] == 1
        mixed = positive.any() and not positive.all()
        made.append(float(auc(run.told.scores[rows, column], positive)[0]) if mixed else np.nan)
    return made


def _gain(
    runs: Sequence[Run],
    plain: Sequence[Run],
    targets: Targets,
    dataset: np.ndarray,
    person: np.ndarray,
    draws: int = 2000,
) -> dict[str, float | None]:
    """Return the gain in the F1 of AUs, by a paired bootstrap over people; seeds are averaged first."""
    people = int(person.max()) + 1
    drawn = np.random.default_rng(0).multinomial(people, [1 / people] * people, size=draws)
    times = np.concatenate([np.ones((1, people), np.int64), drawn])[:, person]
    true, known = targets[:, _WHERE] == 1, targets[:, _WHERE] >= 0

    def means(every: Sequence[Run]) -> np.ndarray:
        """Return the mean F1 of each draw."""
        f1 = [
            Counts.of(_found(one), true, known, times).f1().mean(1)
            for one in _by_seed(every, dataset)
        ]
        mean: np.ndarray = np.mean(f1, axis=0)
        return mean

    gains = means(runs) - means(plain)
    low, high = np.quantile(gains[1:], (0.025, 0.975))
    return {"mean": _round(gains[0]), "low": _round(low), "high": _round(high)}


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _round(value: float) -> float | None:
    """Round to six decimals; None for NaN."""
    return None if np.isnan(value) else round(float(value), 6)
