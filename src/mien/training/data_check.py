"""Look at the data of a run before it begins: what there is, and whether it can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from mien.errors import MienError, UsageError
from mien.training.architectures import find_architecture
from mien.training.core.recipe import TrainingRecipe
from mien.training.face_sets import PortraitFolder, find_faces
from mien.training.faces.cut import cut_face
from mien.training.faces.held_out import held_out_people
from mien.training.faces.pictures import read_rgb
from mien.training.options import FaceSetOptions
from mien.training.run import parts_for


@dataclass(frozen=True)
class DataCheck:
    """What a run would train on.

    Attributes:
        of: What the data are: clips, faces in several views, or portraits to make a face set of.
        people: Number of people.
        held_out: Names of those who are held out.
        count: Number of clips, faces or portraits.
        pictures: Number of pictures: frames, views or portraits.
        size_px: Side of the pictures, pixels; of portraits, that of the face set.
        batch: Size of the first batch, which was read; None for portraits, of which only a first face was found.
    """

    of: Literal["clips", "faces", "portraits"]
    people: int
    held_out: tuple[str, ...]
    count: int
    pictures: int
    size_px: int
    batch: int | None


def check_data(
    recipe: TrainingRecipe,
    data: str,
    out: Path,
    *,
    portraits: Path | None = None,
    options: FaceSetOptions | None = None,
) -> DataCheck:
    """Open the data of a run and read a first batch of it, or a first portrait; write nothing.

    Args:
        recipe: Recipe of the run.
        data: Folder of a face set, folder of portraits, or ``rig``.
        out: Folder of the run.
        portraits: Folder of the portraits that the rig moves, for ``rig``.
        options: How a set is made.

    Raises:
        UsageError: The data do not fit the recipe, or cannot be read.
        MissingExtraError: A package that the recipe needs is not installed.
    """
    found = find_faces(recipe, data, out, portraits=portraits, options=options)
    if isinstance(found, PortraitFolder):
        return _check_portraits(found, recipe)
    learned, held_out = parts_for(recipe, found)
    trainer = find_architecture(recipe.architecture).load().trainer
    trainer.check_faces(recipe, learned, held_out)
    trainer.draw(recipe, learned, 0)
    return DataCheck(
        of="faces" if found.starts is None else "clips",
        people=len(set(found.identities)),
        held_out=_names(held_out.identities[row] for row in held_out.rows),
        count=len(found),
        pictures=int(np.prod(found.images.shape[:2])),
        size_px=found.size,
        batch=recipe.batch_size,
    )


def _names(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(people)))


def _check_portraits(found: PortraitFolder, recipe: TrainingRecipe) -> DataCheck:
    """Check that one portrait at least shows a usable face.

    Raises:
        UsageError: None does.
    """
    for file in found.files:
        try:
            cut_face(read_rgb(file), recipe.image_px)
            break
        except MienError:  # the run leaves it out too
            continue
    else:
        raise UsageError(
            f"expected pictures of faces seen from the front in {found.folder}, got none"
        )
    people = [file.stem for file in found.files]
    out = held_out_people(people)
    return DataCheck(
        of="portraits",
        people=len(set(people)),
        held_out=_names(name for name, is_out in zip(people, out, strict=True) if is_out),
        count=len(people),
        pictures=len(people),
        size_px=recipe.image_px,
        batch=None,
    )
