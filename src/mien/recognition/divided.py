"""Evaluate recognition across data sets, or from a few people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mien.errors import DatasetError
from mien.io.flow_sets import FlowSet, LabelNumbers
from mien.metrics.recognition import confusion, paired_gain, uar, uf1
from mien.recognition.names import NET_NAMES
from mien.recognition.options import RecognitionOptions
from mien.recognition.protocol import Part, Protocol, parts_of
from mien.recognition.scores import model_scores


@dataclass(frozen=True)
class _Run:
    """One division, and the predicted class of every clip, with and without generated maps.

    The predictions have no meaning for clips that are not tested.
    """

    part: Part
    predicted: LabelNumbers = field(repr=False)
    plain: LabelNumbers | None = field(repr=False)


def evaluate_divided(
    real: FlowSet, generated: FlowSet | None, options: RecognitionOptions
) -> dict[str, Any]:
    """Recognise the tested clips of each division with a model trained on its other clips.

    Args:
        real: Real clips.
        generated: Generated maps, if there are any.
        options: Which recogniser, what it is trained on, and ``protocol`` ``cross`` or ``few:K``.

    Returns:
        ``model``, ``seeds`` (the number of runs: one if nothing is random), ``protocol``; ``full`` with ``uf1`` and
        ``uar``, and ``confusion``: means over runs and,
        for ``cross``, over the runs that train on a single data set. If generated maps are used beside real ones also
        ``without`` and ``gain``. For ``cross`` also ``parts``: these figures for each choice of data sets.

    Raises:
        DatasetError: The data sets or people to train on do not show all classes.
    """
    seeds = options.seeds if _is_random(options) else 1
    runs = _runs(real, generated, options, seeds)
    person = np.unique(real.subject, return_inverse=True)[1].astype(np.int64)
    head = {"model": options.model, "seeds": seeds, "protocol": options.protocol}
    figures = head | _figures([run for run in runs if len(run.part.train) <= 1], real, person)
    if Protocol.parse(options.protocol).kind == "cross":
        figures["parts"] = [
            {"train": list(train), "test": list(mine[0].part.test)} | _figures(mine, real, person)
            for train in dict.fromkeys(run.part.train for run in runs)
            if (mine := [run for run in runs if run.part.train == train])
        ]
    return figures


def _is_random(options: RecognitionOptions) -> bool:
    """Return whether runs with different seeds differ."""
    return Protocol.parse(options.protocol).is_random or options.model in NET_NAMES


def _runs(
    real: FlowSet, generated: FlowSet | None, options: RecognitionOptions, seeds: int
) -> list[_Run]:
    protocol = Protocol.parse(options.protocol)
    runs: list[_Run] = []
    for seed in range(seeds):
        for part in parts_of(real, protocol, seed, real.label):
            _check_classes(real, part)
            plain = None
            if generated is not None and options.train == "real":
                plain = _predicted(real, part, None, options, seed)
            runs.append(_Run(part, _predicted(real, part, generated, options, seed), plain))
    return runs


def _predicted(
    real: FlowSet, part: Part, generated: FlowSet | None, options: RecognitionOptions, seed: int
) -> LabelNumbers:
    # Fold 1 is scored by a model trained on fold 0. The scores of fold 0 are not used.
    fold = part.tested.astype(np.int64)
    classes: LabelNumbers = model_scores(real, fold, generated, options, seed).argmax(1)
    return classes


def _check_classes(real: FlowSet, part: Part) -> None:
    """Refuse a division whose training clips lack a class."""
    for number, name in enumerate(real.counts):
        if not (real.label[~part.tested] == number).any():
            raise DatasetError(
                f"expected {name} clips in {' and '.join(part.train)} to learn from, got none"
            )


def _figures(runs: Sequence[_Run], real: FlowSet, person: np.ndarray) -> dict[str, Any]:
    """Return means over runs, and the gain."""
    tested = [run.part.tested for run in runs]
    figures = _means(real, [run.predicted for run in runs], tested)
    plain = [run.plain for run in runs if run.plain is not None]
    if plain:
        figures["without"] = _means(real, plain, tested)
        predicted = [run.predicted for run in runs]
        gain = paired_gain(real.label, predicted, plain, person, tested=tested)
        figures["gain"] = {"mean": gain.mean, "low": gain.low, "high": gain.high}
    return figures


def _means(
    real: FlowSet, predicted: Sequence[LabelNumbers], tested: Sequence[np.ndarray]
) -> dict[str, Any]:
    counts = np.array(
        [
            confusion(real.label[mask], one[mask])
            for one, mask in zip(predicted, tested, strict=True)
        ]
    )
    return {
        "full": {"uf1": float(uf1(counts).mean()), "uar": float(uar(counts).mean())},
        "confusion": {"full": counts.mean(0).tolist()},
    }
