"""Load a data set: match its annotations with its frames. Nothing is dropped silently."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from mien.au.emotions import LABEL_OF_EMOTION
from mien.datasets.annotation import Annotation
from mien.datasets.coded_unit import FacsCode
from mien.datasets.codes import parse_facs
from mien.datasets.dataset import Dataset
from mien.datasets.folder_tree import FolderTree
from mien.datasets.frames import FrameFiles
from mien.datasets.labels import label_of, parse_emotion
from mien.datasets.problems import Problem
from mien.datasets.publication import Publication
from mien.datasets.sample import Sample
from mien.datasets.table_files import read_sheets
from mien.errors import DatasetError


def load(
    publication: Publication,
    root: Path,
    *,
    annotations: Path | None = None,
    frames: Path | None = None,
) -> Dataset:
    """Load a copy of a data set.

    Args:
        publication: How it was published.
        root: The copy's folder; annotations and frames may be anywhere below.
        annotations: The annotation file; needed if several files below the root have a matching name.
        frames: The folder to look for frames in; needed if the root has several copies of them.

    Raises:
        DatasetError: No such folder, no annotation file or several, a missing column, or several
            folders for one clip.
        MissingExtraError: The annotations are a spreadsheet and openpyxl is not installed.
    """
    tree = FolderTree(root)
    table = annotations or find_table(tree, publication)
    if not table.is_file():
        raise DatasetError(f"expected the annotations of {publication.title}, got no file {table}")
    places = tree if frames is None else FolderTree(frames)
    samples: list[Sample] = []
    problems: list[Problem] = []
    for read in publication.read(read_sheets(table)):
        if isinstance(read, Problem):
            problems.append(read)
        else:
            samples.append(_assemble(publication.name, read, places, problems))
    if not samples:
        raise DatasetError(
            f"expected micro-expressions in {table}, got none"
            + (f"; first: {problems[0]}" if problems else "")
        )
    return Dataset(publication.name, root, table, tuple(samples), tuple(problems))


def find_table(tree: FolderTree, publication: Publication) -> Path:
    """Find the annotation file below a root.

    Raises:
        DatasetError: None, or several.
    """
    found = [
        path
        for path in tree.tables
        if any(fnmatch(path.stem.casefold(), pattern) for pattern in publication.tables)
    ]
    wanted = " or ".join(publication.tables)
    if not found:
        raise DatasetError(
            f"expected the annotations of {publication.title} ({wanted}, .xlsx or .csv) below "
            f"{tree.root}, got none: is it the right folder?"
        )
    if len(found) > 1:
        raise DatasetError(
            f"expected one annotation file of {publication.title} below {tree.root}, got "
            f"{' and '.join(str(path.relative_to(tree.root)) for path in found[:4])}: "
            "choose one with annotations (--annotations FILE)"
        )
    return found[0]


def _assemble(
    name: str, annotation: Annotation, places: FolderTree, problems: list[Problem]
) -> Sample:
    """Make a sample from an annotation; append its problems to ``problems``."""
    where = f"{name}/{annotation.subject}/{annotation.clip}"
    path, frames = _locate(annotation, places, where, problems)
    emotions = parse_emotion(annotation.emotion)
    sample = Sample(
        dataset=name,
        subject=annotation.subject,
        clip=annotation.clip,
        path=path,
        frames=frames,
        onset=annotation.onset,
        apex=annotation.apex,
        offset=annotation.offset,
        fps=annotation.fps,
        facs=_code(annotation, where, problems),
        emotions=emotions,
        label=annotation.label or label_of(emotions),
        where=annotation.where,
    )
    if sample.facs.unknown:
        numbers = ", ".join(f"AU{number}" for number in sample.facs.unknown)
        text = f"{numbers} of {annotation.code!r} not in Mien's catalogue; kept by number"
        problems.append(Problem("unknown AU", sample.id, text))
    strange = [emotion for emotion in emotions if emotion not in LABEL_OF_EMOTION]
    if strange or (not emotions and annotation.label is None):
        got = " and ".join(map(repr, strange)) or "none"
        text = f"expected an emotion such as disgust, got {got} in {annotation.where}"
        problems.append(Problem("unknown emotion", sample.id, text))
    return sample


def _locate(
    annotation: Annotation, places: FolderTree, where: str, problems: list[Problem]
) -> tuple[Path | None, FrameFiles | None]:
    """Find a clip's video or folder, and the frames in the folder."""
    path = annotation.file
    if path is None:
        path = places.find_one(annotation.folders)
    elif not _exists(path):
        path = None
    if path is None or path.is_file():
        return path, None
    try:
        return path, places.frames(path)
    except DatasetError as error:
        problems.append(Problem("unreadable frames", where, str(error)))
        return None, None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file can have, such as one of 5,000 letters
        return False


def _code(annotation: Annotation, where: str, problems: list[Problem]) -> FacsCode:
    try:
        return parse_facs(annotation.code)
    except DatasetError as error:
        problems.append(Problem("unreadable code", where, f"{error} in {annotation.where}"))
        return FacsCode(annotation.code, ())
