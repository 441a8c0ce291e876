"""The base class of trainers whose networks learn from two pictures of a face."""

from __future__ import annotations

from typing import TypeVar

from mien.errors import UsageError
from mien.training.core.base_trainer import BaseTrainer, Critic
from mien.training.core.trained_network import Net
from mien.training.faces.face_set import FaceSet
from mien.training.motion.batches import MotionBatch, make_motion_batch, motion_of
from mien.training.motion.pair_recipe import PairRecipe
from mien.training.motion.validation import draw_held_out

Recipe = TypeVar("Recipe", bound=PairRecipe)


class PairTrainer(BaseTrainer[Recipe, Net, Critic, MotionBatch]):
    """Checks face sets, and draws and places pairs of pictures with their motion."""

    part = "net"
    field = "network"

    @staticmethod
    def check_faces(recipe: Recipe, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on.

        Raises:
            UsageError: A set has no motion, not the motion that exact pairs need, or pictures of another size.
        """
        for faces in (train, validation):
            motion_of(faces)
            if recipe.pairs == "exact" and faces.way_back is None:
                raise UsageError(
                    "expected a face set with the motion of each pixel for pairs exact, got another: "
                    "make one with --kind flow, or add --set pairs=from_original"
                )
            faces.check_size(recipe.image_px, recipe.seen_field)

    @staticmethod
    def draw(recipe: Recipe, faces: FaceSet, number: int) -> MotionBatch:
        """Draw training batch ``number``."""
        return make_motion_batch(
            faces,
            points=recipe.seen.points,
            with_points=recipe.seen.has_prior,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            step=number,
            augmentation=recipe.augmentation,
            pairs=recipe.pairs,
            order=recipe.order,
            tracked=recipe.tracks_points,
        )

    def draw_held_out(self, faces: FaceSet) -> list[MotionBatch]:
        """Draw the batches that every validation of the run uses."""
        return draw_held_out(self.recipe, faces)

    def place(self, batch: MotionBatch) -> MotionBatch:
        """Move a batch to the trainer's device."""
        return batch.to(self.fabric.device)
