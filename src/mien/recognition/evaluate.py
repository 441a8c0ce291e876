"""Evaluate recognition, with and without generated flow maps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from mien.datasets.names import COMPOSITE_PARTS
from mien.datasets.splits import leave_one_subject_out
from mien.io.flow_sets import FlowSet, LabelNumbers
from mien.metrics.recognition import confusion, paired_gain, uar, uf1
from mien.recognition.checks import check_codes, check_generated, check_real
from mien.recognition.divided import evaluate_divided
from mien.recognition.generated import read_generated
from mien.recognition.names import NET_NAMES
from mien.recognition.options import RecognitionOptions
from mien.recognition.scores import model_scores
from mien.recognition.types import Folds


def evaluate_recognition(
    flows: str | os.PathLike[str], options: RecognitionOptions
) -> dict[str, Any]:
    """Recognise each subject's clips with a model trained on all other subjects.

    Args:
        flows: An ``.npz`` of flow maps (:class:`mien.io.flow_sets.FlowSet`).
        options: Which recogniser, and what it is trained on.

    Returns:
        ``model``; ``seeds``, the number of runs, which is one if nothing is random; ``full`` and each data set of the
        file with ``uf1`` and ``uar``, means over runs; ``confusion``: for ``full`` and each data set the number of
        clips of each class (rows) that were recognised as each class (columns), means over runs. If generated maps are
        used beside real ones also ``without``, the result without them, and ``gain``; with ``leak`` also ``leak``. For
        another protocol than ``loso`` see :func:`mien.recognition.divided.evaluate_divided`.

    Raises:
        DatasetError: The file is not valid, or a check of :mod:`mien.recognition.checks` refuses it.
        MissingExtraError: The model needs a package that is not installed.
    """
    real = FlowSet.from_npz(flows)
    check_real(real)
    generated = None
    if options.augment is not None:
        check_codes(real, options.augment)  # before maps are made, which takes a while
        generated = read_generated(options.augment)
        check_generated(real, generated, options)
    if options.protocol != "loso":
        return evaluate_divided(real, generated, options)
    fold = _subject_folds(real)
    predicted = _predictions(real, fold, generated, options)
    name: str = options.model
    if options.leak:
        name = f"{name} LEAK, no result: each fold's epoch was chosen by its test subject"
    figures = _figures(real, predicted, name)
    if options.leak:
        figures["leak"] = True
    if generated is not None and options.train == "real":
        plain = _predictions(real, fold, None, options)
        gain = paired_gain(real.label, predicted, plain, fold)
        figures["without"] = _figures(real, plain, name)
        figures["gain"] = {"mean": gain.mean, "low": gain.low, "high": gain.high}
    return figures


def _subject_folds(real: FlowSet) -> Folds:
    """Return the number of each sample's subject, from 0 in the order of names."""
    fold: Folds = np.unique(real.subject, return_inverse=True)[1].astype(np.int64)
    # The number of splits by subject, which check that nobody is in two parts, must agree.
    assert len(leave_one_subject_out(real.subject.tolist())) == fold.max() + 1
    return fold


def _predictions(
    real: FlowSet, fold: Folds, generated: FlowSet | None, options: RecognitionOptions
) -> list[LabelNumbers]:
    """Return each seed's predicted class of every sample."""
    if options.model not in NET_NAMES:  # nothing is random: all seeds would give the same run
        return [model_scores(real, fold, generated, options, 0).argmax(1)]
    return [
        model_scores(real, fold, generated, options, seed).argmax(1)
        for seed in range(options.seeds)
    ]


def _figures(real: FlowSet, predicted: Sequence[LabelNumbers], model: str) -> dict[str, Any]:
    """Return the figures of all clips and of each data set, means over seeds."""
    dataset = real.dataset
    others = sorted(set(dataset.tolist()) - set(COMPOSITE_PARTS))
    names = [name for name in COMPOSITE_PARTS if name in dataset] + others
    masks = {"full": np.ones(len(real), bool)} | {name: dataset == name for name in names}
    figures: dict[str, Any] = {"model": model, "seeds": len(predicted)}
    confusions = {}
    for name, mask in masks.items():
        counts = np.array([confusion(real.label[mask], one[mask]) for one in predicted])
        figures[name] = {"uf1": float(uf1(counts).mean()), "uar": float(uar(counts).mean())}
        confusions[name] = counts.mean(0).tolist()
    return figures | {"confusion": confusions}
