"""Evaluate AU detectors on real flow maps, with and without generated ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from mien.errors import DatasetError
from mien.io.flow_sets import FlowSet
from mien.recognition.au_codes import read_au_codes
from mien.recognition.au_columns import Targets, targets_of
from mien.recognition.au_kernel import AUKernelRecipe, Told, generated_scores, left_out_scores
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.au_scores import Run, figures_of, gain_of, means_of, scored_columns
from mien.recognition.checks import check_codes
from mien.recognition.generated import read_generated, rig_count
from mien.recognition.protocol import Part, Protocol, parts_of


def evaluate_au_detection(
    flows: str | os.PathLike[str], options: AUDetectionOptions
) -> dict[str, Any]:
    """Detect AUs in real clips that the detector never saw the people of.

    Args:
        flows: An ``.npz`` of flow maps.
        options: What is learned from, and who is tested.

    Returns:
        ``protocol``, ``train``, ``seeds``, ``clips`` and ``people``; the figures of
        :func:`mien.recognition.au_scores.figures_of`; for ``cross`` also ``parts``, with ``train``, ``test`` and the
        means of each. The figures are then means over the single data sets that are learned from. With generated maps
        also ``without``, the same figures of real maps alone, ``gain`` in mean AUC, and ``with_unseen``: means and gain
        over all AUs that are tested, even where no real training clip has them. Each part has its own ``gain``.

    Raises:
        DatasetError: No valid file, no codes, generated maps without AUs or with codes of a tested data set, or no
            AU that can be scored.
    """
    real, targets = _coded(FlowSet.from_npz(flows), options)
    if options.augment is not None:
        check_codes(real, options.augment)  # before maps are made, which takes a while
    runs, plain = _runs(real, targets, options)
    if not any(scored_columns(targets, run.part) for run in runs or plain):
        raise DatasetError(
            "expected an AU that 8 tested clips have and training clips too, got none: more clips with codes"
        )
    person = _numbers(real.subject)
    # Across data sets, the means are over the single ones that are learned from.
    one, alone = ([run for run in each if len(run.part.train) <= 1] for each in (runs, plain))
    made: dict[str, Any] = {
        "protocol": options.protocol,
        "train": options.learned,
        "seeds": options.seeds,
        "clips": len(real),
        "people": len(real.subjects),
        **figures_of(one or alone, targets),
    }
    if runs:
        made["without"] = figures_of(alone, targets)
        made["gain"] = _gain(one, alone, targets, person)
        made["with_unseen"] = {
            **means_of(one, targets, unseen=True),
            "without": means_of(alone, targets, unseen=True),
            "gain": _gain(one, alone, targets, person, unseen=True),
        }
    if Protocol.parse(options.protocol).kind == "cross":
        made["parts"] = _parts(runs, plain, targets, person)
    return made


def _coded(real: FlowSet, options: AUDetectionOptions) -> tuple[FlowSet, Targets]:
    """Return the clips that have codes, and their AUs."""
    if options.codes is None and real.aus is None:
        raise DatasetError(
            "expected FACS codes in the flow maps' file or with --codes FILE.csv, got none"
        )
    labels = real.aus if options.codes is None else read_au_codes(options.codes, real)
    assert labels is not None
    coded = np.flatnonzero((labels.present >= 0).any(1))
    return real.take(coded), targets_of(labels.take(coded))


def _runs(
    real: FlowSet, targets: Targets, options: AUDetectionOptions
) -> tuple[list[Run], list[Run]]:
    """Return the runs with generated maps (none without them), and those of real maps alone."""
    recipe, protocol = AUKernelRecipe(), Protocol.parse(options.protocol)
    person = _numbers(real.subject)
    source = options.augment
    runs: list[Run] = []
    plain: list[Run] = []
    told: Told | None = None
    alone: list[Run] = []
    for seed in range(options.seeds):
        if source is not None and (told is None or rig_count(source) is not None):
            told = _told_by_generated(real, source, seed, recipe)
        elif seed and not protocol.is_random:
            break  # nothing is random: one run stands for all seeds
        if not alone or protocol.is_random:
            parts = parts_of(real, protocol, seed)
            alone = [
                Run(part, left_out_scores(real.flow, targets, person, part.fold, recipe))
                for part in parts
            ]
        plain += alone
        if told is not None:
            runs += [_with_generated(real, targets, run.part, told, options) for run in alone]
    return runs, plain


def _with_generated(
    real: FlowSet, targets: Targets, part: Part, told: Told, options: AUDetectionOptions
) -> Run:
    """Return a run that learns from generated maps, and from real ones unless those are left out."""
    if options.learned == "generated":
        return Run(part, told)
    person = _numbers(real.subject)
    recipe = AUKernelRecipe()
    return Run(part, left_out_scores(real.flow, targets, person, part.fold, recipe, told))


def _told_by_generated(real: FlowSet, source: str, seed: int, recipe: AUKernelRecipe) -> Told:
    made = read_generated(source, seed)
    if both := set(real.subjects) & set(made.subjects):
        raise DatasetError(
            f"expected generated maps without a test subject, got {min(both)} in both sets"
        )
    if made.aus is None:
        raise DatasetError(
            f"expected generated maps with AUs, got none in {source}: make them again with this version"
        )
    aims = targets_of(made.aus)
    return generated_scores(real.flow, made.flow, aims, _numbers(made.subject), recipe)


def _numbers(names: np.ndarray) -> np.ndarray:
    """Return the number of each name, from 0 in the order of names."""
    numbers: np.ndarray = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return numbers


def _gain(
    runs: Sequence[Run],
    plain: Sequence[Run],
    targets: Targets,
    person: np.ndarray,
    unseen: bool = False,
) -> dict[str, float]:
    gain = gain_of(runs, plain, targets, person, unseen=unseen)
    return {name: round(getattr(gain, name), 6) for name in ("mean", "low", "high")}


def _parts(
    runs: Sequence[Run], plain: Sequence[Run], targets: Targets, person: np.ndarray
) -> list[dict[str, Any]]:
    """Return the figures of each division across data sets."""
    made = []
    for train in dict.fromkeys(run.part.train for run in plain):
        mine, alone = ([run for run in each if run.part.train == train] for each in (runs, plain))
        if not scored_columns(targets, alone[0].part):
            continue
        figures = figures_of(mine or alone, targets)
        one: dict[str, Any] = {"train": list(train), "test": list(alone[0].part.test)}
        one |= {name: figures[name] for name in ("auc", "f1", "mcc")}
        if mine:
            other = figures_of(alone, targets)
            one["without"] = {name: other[name] for name in ("auc", "f1", "mcc")}
            one["gain"] = _gain(mine, alone, targets, person)
        made.append(one)
    return made
