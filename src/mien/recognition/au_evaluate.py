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
from mien.recognition.au_detectors import AUDetector, Start, au_detector
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.au_scores import Run, figures_of, gain_of, means_of, scored_columns
from mien.recognition.cd6me import cd6me_figures, check_datasets, scored_targets
from mien.recognition.checks import check_codes
from mien.recognition.generated import read_generated, rig_count
from mien.recognition.protocol import Protocol, parts_of


def evaluate_au_detection(
    flows: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], options: AUDetectionOptions
) -> dict[str, Any]:
    """Detect AUs in real clips of people on whom the detector was not trained.

    Args:
        flows: An ``.npz`` of flow maps, or several.
        options: What to train on, and who is tested.

    Returns:
        ``protocol``, ``model``, ``train``, ``seeds`` (the number of runs: one if nothing is
        random), ``clips`` and ``people``. For ``cd6me`` also the figures of
        :func:`mien.recognition.cd6me.cd6me_figures`. For other protocols the figures of
        :func:`mien.recognition.au_scores.figures_of`; with generated maps also ``without`` (the figures of real maps
        alone), ``gain`` (in mean AUC) and ``with_unseen`` (means and gain over all AUs that are tested, including those
        that no real training clip has). For ``cross`` the figures are means over the runs that train on a single data
        set, and ``parts`` has ``train``, ``test``, the means and, with generated maps, the ``gain`` of each division.

    Raises:
        DatasetError: A file is not valid, there are no codes, the generated maps have no AUs, show a test subject or
            have codes of a tested data set, or no AU can be scored.
    """
    files = [flows] if isinstance(flows, str | os.PathLike) else flows
    real, targets = _coded(FlowSet.joined(FlowSet.from_npz(file) for file in files), options)
    is_cd6me = Protocol.parse(options.protocol).kind == "cd6me"
    if is_cd6me:
        check_datasets(real.dataset.tolist())
        targets = scored_targets(targets)
    if options.augment is not None:
        check_codes(real, options.augment)  # before maps are made, which takes a while
    runs, plain, seeds = _runs(real, targets, options)
    person = _numbers(real.subject)
    head = {
        "protocol": options.protocol,
        "model": options.model,
        "train": options.learned,
        "seeds": seeds,
        "clips": len(real),
        "people": len(real.subjects),
    }
    if is_cd6me:
        with_it, without = (runs, plain) if runs else (plain, [])
        return head | cd6me_figures(with_it, without, targets, real.dataset, person)
    if not any(scored_columns(targets, run.part) for run in runs or plain):
        raise DatasetError(
            "expected an AU in 8 tested clips and in a training clip, got none: add clips with codes"
        )
    # Across data sets, the means are over the runs that train on a single data set.
    one, alone = ([run for run in each if len(run.part.train) <= 1] for each in (runs, plain))
    made: dict[str, Any] = head | figures_of(one or alone, targets)
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
) -> tuple[list[Run], list[Run], int]:
    """Return the runs with generated maps (maybe none), those with real maps alone, and the number of seeds."""
    detector, protocol = au_detector(options), Protocol.parse(options.protocol)
    person = _numbers(real.subject)
    source = options.augment
    runs: list[Run] = []
    plain: list[Run] = []
    start: Start | None = None
    alone: list[Run] = []
    seeds = 0
    is_random = protocol.is_random or detector.is_random
    for seed in range(options.seeds):
        if source is not None and (
            start is None or detector.is_random or rig_count(source) is not None
        ):
            start = _learned_first(real, source, seed, detector, protocol)
        elif seed and not is_random:
            break  # nothing is random: all seeds would give the same run
        seeds = seed + 1
        if not alone or is_random:
            alone = [
                Run(part, detector.left_out(real.flow, targets, person, part.fold, seed, None))
                for part in parts_of(real, protocol, seed)
            ]
        plain += alone
        if start is None:
            continue
        for part in (run.part for run in alone):
            told = start.told
            if options.learned == "both":
                told = detector.left_out(real.flow, targets, person, part.fold, seed, start)
            runs.append(Run(part, told))
    return runs, plain, seeds


def _learned_first(
    real: FlowSet, source: str, seed: int, detector: AUDetector, protocol: Protocol
) -> Start:
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
    if protocol.kind == "cd6me":
        aims = scored_targets(aims)
    return detector.start(real.flow, made.flow, aims, _numbers(made.subject), seed)


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
    """Return the figures of each division across data sets in which an AU can be scored."""
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
