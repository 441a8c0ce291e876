"""How well micro-expressions are recognised, with and without generated flow maps, and how real those look."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np

from mien.datasets.splits import balanced_folds, check_disjoint, leave_one_subject_out
from mien.errors import DatasetError, MissingExtraError
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import confusion, paired_gain, uar, uf1
from mien.recognition.generated import CODES_OF, codes_drawn_from, read_generated
from mien.recognition.options import RecognitionOptions

PARTS = ("smic", "casme2", "samm")
"""The composite's, in the order of its published tables."""

DETERMINISTIC = ("kernel", "svm")
"""Models in which nothing is random: one run stands for all seeds."""

KEYS = ("model", "seeds", "full", "confusion", "leak", "without", "gain")
"""What figures are told under, beside the names of data sets."""

REALISM_FOLDS = 5


def evaluate_recognition(
    flows: str | os.PathLike[str], options: RecognitionOptions
) -> dict[str, Any]:
    """Recognise each subject's clips by what all others taught.

    Args:
        flows: an ``.npz`` of flow maps (:class:`mien.io.flow_sets.FlowSet`).
        options: which recogniser, and what it learns from.

    Returns:
        ``model``, ``seeds``, ``full`` and each data set of the file with ``uf1`` and ``uar``, means over
        seeds; ``confusion``, for each of those the clips of each class (rows) taken for each
        (columns), means over seeds; with generated maps also ``without``, the same without them, and
        ``gain``.

    Raises:
        DatasetError: no valid file, one subject only, a class without clips or without the generated
            maps that alone are learned from, a data set named as a figure is, or generated maps of a
            subject, or with codes of a data set, that is tested.
        MissingExtraError: what the model needs is not installed.
    """
    real = FlowSet.from_npz(flows)
    _check(real)
    generated = None if options.augment is None else read_generated(options.augment)
    if generated is not None:
        _check_generated(real, generated, options)
    fold = np.unique(real.subject, return_inverse=True)[1]
    assert len(leave_one_subject_out(real.subject.tolist())) == fold.max() + 1
    said = _runs(real, fold, generated, options)
    name: str = options.model
    if options.leak:
        name = f"{name} LEAK, no result: each fold's epoch was chosen by its test subject"
    figures = _figures(real, said, name)
    if options.leak:
        figures["leak"] = True
    if generated is not None and options.train == "real":
        plain = _runs(real, fold, None, options)
        gain = paired_gain(real.label, said, plain, fold)
        figures["without"] = _figures(real, plain, name)
        figures["gain"] = {"mean": gain.mean, "low": gain.low, "high": gain.high}
    return figures


def evaluate_realism(
    flows: str | os.PathLike[str], generated: str, seed: int = 0
) -> dict[str, Any]:
    """Say how well an RBF-SVM tells generated flow maps from real ones, five folds by subject.

    Args:
        flows: an ``.npz`` of real flow maps.
        generated: ``rig:N``, an ``.npz``, or a folder with ``flows.npz``.
        seed: of the folds, of the rig's maps, and of which maps are taken.

    Raises:
        UsageError: ``rig:N`` without a number.
        DatasetError: no valid files, fewer people than folds, or somebody who is in both.
        MissingExtraError: scikit-learn is not installed.
    """
    from scipy.stats import rankdata

    from mien.recognition.svm import svm_left_out_scores

    real, made = FlowSet.from_npz(flows), read_generated(generated, seed)
    check_disjoint(real=real.subject.tolist(), generated=made.subject.tolist())
    for kind, part in (("real", real), ("generated", made)):
        if len(part.subjects) < REALISM_FOLDS:
            raise DatasetError(
                f"expected {kind} maps of {REALISM_FOLDS} people or more, a fold's at least, got "
                f"{len(part.subjects)}"
            )
    rng = np.random.default_rng(seed)
    if len(made) > len(real):  # as many of each: an AUC hardly minds, the machine's time does
        made = made.take(np.sort(rng.permutation(len(made))[: len(real)]))
    both = FlowSet.joined([real, made])
    fold = np.zeros(len(both), np.int64)
    # Each kind is dealt out for itself, so that every fold has both.
    for part, start in ((real, 0), (made, len(real))):
        for number, split in enumerate(balanced_folds(part.subject.tolist(), REALISM_FOLDS, seed)):
            fold[start + np.array(split.test)] = number
    is_made = np.arange(len(both)) >= len(real)
    scores = svm_left_out_scores(both.flow, is_made.astype(np.int64), fold, seed)[:, 0]
    ranks = rankdata(scores)[is_made].sum()
    n = int(is_made.sum())
    auc = (ranks - n * (n + 1) / 2) / (n * (len(both) - n))
    return {"auc": float(auc), "real": len(real), "generated": n}


def _check_generated(real: FlowSet, generated: FlowSet, options: RecognitionOptions) -> None:
    if both := set(real.subjects) & set(generated.subjects):
        raise DatasetError(
            f"expected generated maps of nobody who is tested, got {min(both)} in both"
        )
    codes = codes_drawn_from(options.augment or "")
    if seen := [d for d in sorted(set(real.dataset.tolist())) if CODES_OF.get(d) in codes]:
        raise DatasetError(
            f"expected generated maps without codes of clips that are tested, got {seen[0]}'s: "
            "mien augment --datasets makes a set from others'"
        )
    if not len(generated):
        raise DatasetError("expected generated maps, got none")
    for name, count in generated.counts.items():
        if not count and options.train == "generated":
            raise DatasetError(
                f"expected generated maps of every class to learn from alone, got no {name} one"
            )


def _check(real: FlowSet) -> None:
    if taken := set(real.dataset.tolist()) & set(KEYS):
        raise DatasetError(
            f"expected data sets not named as figures are, got {min(taken)!r}: name it otherwise"
        )
    if len(real.subjects) < 2:
        raise DatasetError(
            f"expected clips of two subjects or more to leave one out, got {len(real.subjects)}"
        )
    for name, count in real.counts.items():
        if not count:
            raise DatasetError(f"expected clips of every class, got no {name} one")
    for number, name in enumerate(real.counts):
        people = set(real.subject[real.label == number].tolist())
        if len(people) == 1:
            raise DatasetError(
                f"expected {name} clips of two subjects or more, got only {people.pop()}'s: "
                "without that subject there is nothing to learn the class from"
            )


def _runs(
    real: FlowSet, fold: np.ndarray, generated: FlowSet | None, options: RecognitionOptions
) -> list[np.ndarray]:
    """Return what each seed's run says of every sample."""
    if options.model in DETERMINISTIC:
        return [_scores(real, fold, generated, options, 0).argmax(1)] * options.seeds
    return [
        _scores(real, fold, generated, options, seed).argmax(1) for seed in range(options.seeds)
    ]


def _scores(
    real: FlowSet,
    fold: np.ndarray,
    generated: FlowSet | None,
    options: RecognitionOptions,
    seed: int,
) -> np.ndarray:
    extra = None if generated is None else (generated.flow, generated.label)
    given = (real.flow, real.label, fold)
    if options.model == "kernel":
        from mien.recognition.kernel import (
            KernelRecipe,
            kernel_left_out_scores,
            kernel_scores,
        )

        if extra is not None and options.train == "generated":
            return kernel_scores(real.flow, extra, KernelRecipe())
        return kernel_left_out_scores(*given, KernelRecipe(), extra, options.used)
    if options.model == "svm":
        from mien.recognition.svm import svm_left_out_scores, svm_scores

        if extra is not None and options.train == "generated":
            return svm_scores(real.flow, extra, seed)
        return svm_left_out_scores(*given, seed, extra)
    return _net_scores(given, extra, options, seed)


def _net_scores(
    given: tuple[np.ndarray, np.ndarray, np.ndarray],
    extra: tuple[np.ndarray, np.ndarray] | None,
    options: RecognitionOptions,
    seed: int,
) -> np.ndarray:
    try:
        from mien.recognition.folds import first_net, left_out_scores
        from mien.recognition.nets import NetRecipe, net_scores
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f'{options.model} needs {error.name}: pip install "mien[torch]"'
        ) from error
    recipe = NetRecipe(net=options.model)
    if options.epochs is not None:
        recipe = replace(recipe, epochs=options.epochs)
    if extra is None:
        return left_out_scores(*given, recipe, seed, leak=options.leak)
    if options.used == "mix" and options.train == "real":
        return left_out_scores(*given, recipe, seed, extra)
    # Generated maps know nobody who is tested, so one net begins all folds.
    first = first_net(extra, recipe, seed)
    if options.train == "generated":
        return net_scores(first, given[0], recipe)[0]
    return left_out_scores(*given, recipe, seed, first=first)


def _figures(real: FlowSet, said: list[np.ndarray], model: str) -> dict[str, Any]:
    here = real.dataset
    masks = {"full": np.ones(len(real), bool)}
    names = [name for name in PARTS if name in here] + sorted(set(here.tolist()) - set(PARTS))
    masks |= {name: here == name for name in names}
    figures: dict[str, Any] = {"model": model, "seeds": len(said)}
    confusions = {}
    for name, mask in masks.items():
        counts = np.array([confusion(real.label[mask], one[mask]) for one in said])
        figures[name] = {"uf1": float(uf1(counts).mean()), "uar": float(uar(counts).mean())}
        confusions[name] = counts.mean(0).tolist()
    return figures | {"confusion": confusions}
