"""Score every test sample with one of the recognisers."""

from __future__ import annotations

from dataclasses import replace

from mien.errors import MissingExtraError
from mien.install import install_command
from mien.io.flow_sets import FlowSet
from mien.recognition.names import NetName
from mien.recognition.options import RecognitionOptions
from mien.recognition.types import Folds, LabelledMaps, Scores


def model_scores(
    real: FlowSet, fold: Folds, generated: FlowSet | None, options: RecognitionOptions, seed: int
) -> Scores:
    """Score each real sample with a recogniser that was not trained on its subject.

    Args:
        real: The samples.
        fold: The number of each sample's subject, from 0.
        generated: Further maps to train on; None to use only real ones.
        options: Which recogniser, and how it uses generated maps.
        seed: Seed of this run; kernel ignores it.

    Raises:
        MissingExtraError: The model needs a package that is not installed.
    """
    extra = None if generated is None else (generated.flow, generated.label)
    if options.model == "kernel":
        return _kernel_scores(real, fold, extra, options)
    if options.model == "svm":
        return _svm_scores(real, fold, extra, options, seed)
    return _net_scores(real, fold, extra, options.model, options, seed)


def _kernel_scores(
    real: FlowSet, fold: Folds, extra: LabelledMaps | None, options: RecognitionOptions
) -> Scores:
    from mien.recognition import kernel

    recipe = kernel.KernelRecipe()
    if extra is not None and options.train == "generated":
        return kernel.kernel_scores(real.flow, extra, recipe)
    return kernel.kernel_left_out_scores(real.flow, real.label, fold, recipe, extra, options.used)


def _svm_scores(
    real: FlowSet, fold: Folds, extra: LabelledMaps | None, options: RecognitionOptions, seed: int
) -> Scores:
    from mien.recognition.svm import svm_left_out_scores, svm_scores

    if extra is not None and options.train == "generated":
        return svm_scores(real.flow, extra, seed)
    return svm_left_out_scores(real.flow, real.label, fold, seed, extra)


def _net_scores(
    real: FlowSet,
    fold: Folds,
    extra: LabelledMaps | None,
    net: NetName,
    options: RecognitionOptions,
    seed: int,
) -> Scores:
    try:
        from mien.recognition.net_folds import first_net, left_out_scores
        from mien.recognition.nets import NetRecipe, net_scores
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"{net} needs {error.name}: {install_command('torch')}") from error
    recipe = NetRecipe(net=net)
    if options.epochs is not None:
        recipe = replace(recipe, epochs=options.epochs)
    samples = (real.flow, real.label, fold)
    if extra is None:
        return left_out_scores(*samples, recipe, seed, leak=options.leak)
    if options.used == "mix" and options.train == "real":
        return left_out_scores(*samples, recipe, seed, extra)
    # Generated maps show no test subject, so all folds can start from one net.
    first = first_net(extra, recipe, seed)
    if options.train == "generated":
        scores: Scores = net_scores(first, real.flow, recipe)[0]
        return scores
    return left_out_scores(*samples, recipe, seed, first=first)
