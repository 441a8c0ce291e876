"""Make a face set, or open the one that a run trains on.

Imports nothing heavy before a function is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mien.errors import UsageError
from mien.training.core.recipe import TrainingRecipe
from mien.training.extra import need_training
from mien.training.options import ClipOptions, FaceSetOptions, Kind

if TYPE_CHECKING:
    from mien.training.faces.face_set import FaceSet

FACES_FOLDER = "faces"
"""Folder of the face set that is made for a run, in the folder of the run."""

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with the number of items done and the total."""


def build_faces(
    portraits: Path,
    out: Path,
    kind: Kind,
    *,
    size: int,
    seed: int = 0,
    options: FaceSetOptions | None = None,
    progress: OnProgress | None = None,
) -> FaceSet:
    """Make a face set from a folder of portraits, and open it.

    Args:
        portraits: Folder of pictures; the name without suffix is the identity.
        out: Folder of the set.
        kind: ``rig``, ``flow`` or ``still``.
        size: Side of the pictures, pixels.
        seed: Seed of crops and AU intensities, for ``rig`` and ``flow``.
        options: Views and processes.
        progress: Called with the number of pictures done and the total.

    Raises:
        UsageError: No pictures, or no usable face.
        OutputError: The set cannot be written.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.faces.face_set import FaceSet
    from mien.training.faces.flow_moved import build_flow_faces
    from mien.training.faces.labelled import build_labelled_faces
    from mien.training.faces.rig_moved import build_rig_faces

    options = options or FaceSetOptions()
    workers, views = options.workers, options.views
    if kind == "still":
        build_labelled_faces(portraits, out, size=size, workers=workers, progress=progress)
    else:
        build = build_rig_faces if kind == "rig" else build_flow_faces
        build(portraits, out, views=views, size=size, seed=seed, workers=workers, progress=progress)
    return FaceSet.open(out)


def build_clips(
    source: str,
    out: Path,
    *,
    size: int,
    options: ClipOptions | None = None,
    workers: int = 1,
    progress: OnProgress | None = None,
) -> FaceSet:
    """Make a face set from clips of people, and open it.

    The work can be interrupted at any time. The same call continues it and gives the same result.

    Args:
        source: Folder with one subfolder per person, which holds videos or folders of frames; a set of
            ``mien produce``; or a data set and its root, such as ``casme2:ROOT``.
        out: Folder of the set.
        size: Side of the pictures, pixels.
        options: Labels, crop and part of the clips.
        workers: Number of processes.
        progress: Called with the number of clips done and the total.

    Raises:
        UsageError: No clips, or none that can be used; too few people.
        DatasetError: The copy of the data set cannot be read.
        OutputError: The set cannot be written.
        MissingExtraError: The extra ``train`` is not installed.
    """
    need_training()
    from mien.training.clips.build import build_clip_faces
    from mien.training.faces.face_set import FaceSet

    build_clip_faces(source, out, size=size, options=options, workers=workers, progress=progress)
    return FaceSet.open(out)


def faces_for(
    recipe: TrainingRecipe,
    data: str,
    out: Path,
    *,
    portraits: Path | None = None,
    options: FaceSetOptions | None = None,
    progress: OnProgress | None = None,
) -> FaceSet:
    """Return the face set that a run trains on: the one that `find_faces` finds, or a new one in ``out/faces``.

    Args:
        recipe: Recipe of the run.
        data: Folder of a face set, folder of portraits, or ``rig``.
        out: Folder of the run.
        portraits: Folder of the portraits that the rig moves, for ``rig``.
        options: How to make a set.
        progress: Called with the number of pictures done and the total.

    Raises:
        UsageError: See `find_faces`; or no usable face in the pictures.
        MissingExtraError: A package that the recipe needs is not installed.
    """
    options = options or FaceSetOptions()
    found = find_faces(recipe, data, out, portraits=portraits, options=options)
    if not isinstance(found, PortraitFolder):
        return found
    size = recipe.image_px
    made = out / FACES_FOLDER
    return build_faces(
        found.folder, made, found.kind, size=size, options=options, progress=progress
    )


@dataclass(frozen=True)
class PortraitFolder:
    """Portraits of which a run makes its face set.

    Attributes:
        folder: Folder of the pictures.
        kind: Kind of the face set to make.
        files: The pictures.
    """

    folder: Path
    kind: Kind
    files: tuple[Path, ...]


def find_faces(
    recipe: TrainingRecipe,
    data: str,
    out: Path,
    *,
    portraits: Path | None = None,
    options: FaceSetOptions | None = None,
) -> FaceSet | PortraitFolder:
    """Find what a run trains on: a face set, or the portraits to make one of.

    If ``data`` is a face set, open it. A set in ``out/faces`` is used if the run has a checkpoint, or if the set was
    made from the same pictures with the same settings.

    Args:
        recipe: Recipe of the run.
        data: Folder of a face set, folder of portraits, or ``rig``.
        out: Folder of the run.
        portraits: Folder of the portraits that the rig moves, for ``rig``.
        options: How a set is made.

    Raises:
        UsageError: Nothing usable in ``data``, too few people, single pictures for a recipe that
            needs pairs, or ``portraits`` given without ``rig``.
        MissingExtraError: A package that the recipe needs is not installed.
    """
    need_training()
    from mien.training.core.checkpoint import has_checkpoint
    from mien.training.faces.face_set import RECORD_NAME, FaceSet
    from mien.training.faces.held_out import held_out_people
    from mien.training.faces.pictures import picture_files, pictures_digest

    if (data == "rig") != (portraits is not None):
        raise UsageError("expected --portraits FOLDER with --data rig, and only with it")
    recipe.check_installed()  # before minutes of work
    if portraits is None and (Path(data) / RECORD_NAME).is_file():
        return FaceSet.open(Path(data))
    made = out / FACES_FOLDER
    there = FaceSet.open(made) if (made / RECORD_NAME).is_file() else None
    if there is not None and has_checkpoint(out):
        return there
    options = options or FaceSetOptions()
    kind: Kind = "still" if portraits is None else recipe.moved_kind
    folder = Path(data) if portraits is None else portraits
    files = picture_files(folder)
    if kind == "still" and recipe.needs_pairs:
        raise UsageError(
            f"expected a face set of kind rig or flow, or of clips, or --data rig --portraits FOLDER, got {folder}: "
            f"single pictures do not show {recipe.architecture} how a face moves"
        )
    wanted = {
        "kind": kind,
        "size": recipe.image_px,
        "pictures": pictures_digest(files),
        "views": 1 if kind == "still" else options.views,
    }
    if there is not None and all(there.facts.get(name) == wanted[name] for name in wanted):
        return there
    held_out_people([file.stem for file in files])  # before minutes of work
    return PortraitFolder(folder, kind, tuple(files))
