"""Detectors of AUs with one interface: Mien's kernel machine, and published nets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from jaxtyping import Int8, Int64, UInt8

from mien.errors import MissingExtraError
from mien.install import install_command
from mien.io.flow_sets import FlowMaps
from mien.recognition.au_columns import Targets
from mien.recognition.au_kernel import AUKernelRecipe, Told, generated_scores, left_out_scores
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.types import Folds

if TYPE_CHECKING:
    from mien.models.recognisers.fold_net import FoldNet
    from mien.recognition.nets import NetRecipe

MadeMaps: TypeAlias = UInt8[np.ndarray, "made 28 28 3"]
"""Generated maps."""

MadeTargets: TypeAlias = Int8[np.ndarray, "made columns"]
"""AUs of the generated maps: 1 present, 0 absent, -1 unknown."""

Faces: TypeAlias = Int64[np.ndarray, " made"]
"""The number of the face of each generated map."""


@dataclass(frozen=True)
class Start:
    """What was learned from generated maps.

    Attributes:
        told: Scores of the real maps, by the detector that was trained on generated maps.
        net: The trained net; None for the kernel machine.
    """

    told: Told
    net: FoldNet | None = field(default=None, repr=False)


class AUDetector(Protocol):
    """A detector of AUs."""

    @property
    def is_random(self) -> bool:
        """Whether runs with different seeds differ."""
        ...

    def start(
        self, flow: FlowMaps, made: MadeMaps, targets: MadeTargets, face: Faces, seed: int
    ) -> Start:
        """Train on generated maps.

        Args:
            flow: Real maps, to score.
            made: Generated maps.
            targets: AUs of the generated maps.
            face: The number of the face of each generated map.
            seed: Seed of this run.
        """
        ...

    def left_out(
        self,
        flow: FlowMaps,
        targets: Targets,
        person: Folds,
        fold: Folds,
        seed: int,
        start: Start | None,
    ) -> Told:
        """Score each real map with a detector that was not trained on its fold.

        Args:
            flow: Real maps.
            targets: AUs of the real maps.
            person: The number of the person in each map.
            fold: Each map's fold; -1 for maps that all folds train on, and that are not scored.
            seed: Seed of this run.
            start: The result of `start`, from generated maps; None to train on real maps only.
        """
        ...


@dataclass(frozen=True)
class KernelDetector:
    """Mien's own: :mod:`mien.recognition.au_kernel`."""

    recipe: AUKernelRecipe
    is_random: bool = False

    def start(
        self, flow: FlowMaps, made: MadeMaps, targets: MadeTargets, face: Faces, seed: int
    ) -> Start:
        """See :class:`AUDetector`."""
        return Start(generated_scores(flow, made, targets, face, self.recipe))

    def left_out(
        self,
        flow: FlowMaps,
        targets: Targets,
        person: Folds,
        fold: Folds,
        seed: int,
        start: Start | None,
    ) -> Told:
        """See :class:`AUDetector`; with ``start``, learn the difference from its scores."""
        told = None if start is None else start.told
        return left_out_scores(flow, targets, person, fold, self.recipe, told)


@dataclass(frozen=True)
class NetDetector:
    """A published net: :mod:`mien.recognition.au_nets`."""

    recipe: NetRecipe
    is_random: bool = True

    def start(
        self, flow: FlowMaps, made: MadeMaps, targets: MadeTargets, face: Faces, seed: int
    ) -> Start:
        """See :class:`AUDetector`."""
        from mien.recognition.au_nets import first_au_net, told_by

        net = first_au_net(made, targets, self.recipe, seed)
        return Start(told_by(net, flow, self.recipe), net)

    def left_out(
        self,
        flow: FlowMaps,
        targets: Targets,
        person: Folds,
        fold: Folds,
        seed: int,
        start: Start | None,
    ) -> Told:
        """See :class:`AUDetector`; with ``start``, continue the training of its net on real maps."""
        from mien.recognition.au_nets import net_left_out_scores

        first = None if start is None else start.net
        return net_left_out_scores(flow, targets, fold, self.recipe, seed, first)


def au_detector(options: AUDetectionOptions) -> AUDetector:
    """Return the detector that the options choose.

    Raises:
        MissingExtraError: The detector needs a package that is not installed.
    """
    if options.model == "kernel":
        return KernelDetector(AUKernelRecipe())
    try:
        from mien.recognition.nets import NetRecipe
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{options.model} needs {error.name}: {install_command('torch')}"
        ) from error
    epochs = NetRecipe().epochs if options.epochs is None else options.epochs
    return NetDetector(NetRecipe(net=options.model, epochs=epochs))
