"""The trainer of AVD."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from mien.engines.motion_net.networks import load_motion_net
from mien.engines.weights import read_card
from mien.errors import UsageError
from mien.models.avd import Avd
from mien.models.mraa import Mraa
from mien.models.names import MRAA
from mien.models.regions import Regions
from mien.training.avd.losses import mean_distance, region_losses, stretched
from mien.training.avd.recipe import AvdRecipe, digest_of
from mien.training.core.losses import with_total
from mien.training.core.validation import SHEET_ROWS, tiled
from mien.training.motion.batches import MotionBatch
from mien.training.motion.pair_trainer import PairTrainer
from mien.types import RGBImage


class AvdTrainer(PairTrainer[AvdRecipe, Avd, nn.Module]):
    """Trains AVD on the regions that a trained MRAA finds; MRAA itself does not change.

    AVD gets the regions of the source, and those of the driving picture after a random stretch.
    It learns to return the driving picture's unstretched regions, so it must take the shape from the source.
    """

    def __init__(self, recipe: AvdRecipe, fabric: Fabric, total_steps: int) -> None:
        super().__init__(recipe, fabric, total_steps)
        self._mraa = _regions_finder(recipe, fabric.device)

    @staticmethod
    def build_net(recipe: AvdRecipe) -> Avd:
        """Build the network with its first weights."""
        return Avd(recipe.network)

    @staticmethod
    def build_critic(recipe: AvdRecipe) -> nn.Module:
        """Refuse: no recipe of AVD has a critic."""
        raise NotImplementedError("AVD has no critic")

    def learn(self, batch: MotionBatch) -> dict[str, Tensor]:
        """Do one step; return its losses as ``net/NAME``."""
        batch = self.place(batch)
        self.net.train()
        source, driving = self._regions(batch)
        with self.fabric.autocast():
            made = self.net(source, stretched(driving, self._factors(len(batch.source))))
            terms = with_total(region_losses(made, driving), self.recipe.weights)
        losses = self._update(self._net, terms)
        self._follow(self.step)
        self.step += 1
        return losses

    @torch.no_grad()
    def validate(self, batches: list[MotionBatch]) -> dict[str, float]:
        """Measure the kept network on held-out people.

        Returns:
            The losses without a stretch, as ``shift`` and ``affine``; and ``shift_left``, the mean
            distance of the result's places to those of the driving picture, divided by the distance
            of the source's places to them (1: no motion, 0: perfect).
        """
        rows = []
        self.kept.eval()
        for batch in batches:
            source, driving = self._regions(batch)
            made = self.kept(source, driving)
            row = {name: float(loss) for name, loss in region_losses(made, driving).items()}
            away = float(mean_distance(source, driving))
            rows.append(row | {"shift_left": float(mean_distance(made, driving)) / max(away, 1e-6)})
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    @torch.no_grad()
    def sample_sheet(self, batch: MotionBatch) -> RGBImage:
        """Draw one face per row: source, driving, and the source as MRAA moves it to AVD's regions."""
        self.kept.eval()
        rows = slice(SHEET_ROWS)
        points = batch.source_points
        seen = self._mraa.encode_source(
            batch.source[rows], None if points is None else points[rows]
        )
        source, driving = self._regions(batch)
        made = self.kept(source, driving)
        moved = self._mraa.animate(seen, Regions(*(part[rows] for part in made))).images
        return tiled([batch.source[rows], batch.driving[rows], moved])

    @torch.no_grad()
    def _regions(self, batch: MotionBatch) -> tuple[Regions, Regions]:
        """Return the regions of the sources and of the driving pictures."""
        return (
            self._mraa.detect(batch.source, batch.source_points),
            self._mraa.detect(batch.driving, batch.driving_points),
        )

    def _factors(self, count: int) -> Tensor:
        """Draw (B, 2) random stretches; deterministic per seed, step and device."""
        recipe = self.recipe
        rng = np.random.default_rng([recipe.seed, self.step, self.fabric.global_rank])
        drawn = rng.uniform(1 - recipe.random_scale, 1 + recipe.random_scale, (count, 2))
        return torch.from_numpy(drawn.astype(np.float32)).to(self.fabric.device)


def _regions_finder(recipe: AvdRecipe, device: torch.device) -> Mraa:
    """Load the MRAA network of a recipe.

    Raises:
        UsageError: The recipe names no MRAA network, or its weights are no longer those of the recipe.
    """
    recipe.check_installed()
    folder = Path(recipe.mraa)
    if digest_of(read_card(folder, MRAA).shards) != recipe.mraa_digest:
        raise UsageError(
            f"expected the weights of MRAA with which the recipe was made in {folder}, got others: "
            "begin another run with --mraa"
        )
    net = load_motion_net(MRAA, folder, "cpu")
    assert isinstance(net, Mraa)
    return net.to(device)
