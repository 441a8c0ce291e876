"""From a data set's annotations and folders to samples; what cannot be read is told, never dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from mien.datasets.codes import FacsCode, parse_facs
from mien.datasets.frames import FolderTree, FrameFiles
from mien.datasets.labels import LABEL_OF_EMOTION, Label, label_of, parse_emotion
from mien.datasets.problems import Problem
from mien.datasets.sample import Sample
from mien.datasets.tables import Columns, Row, Sheet, pick_sheet, read_sheets
from mien.errors import DatasetError, MienError


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """What one row says of one micro-expression, before its frames are looked for.

    Attributes:
        where: file and line, for messages.
        subject: as the data set's folders call it.
        clip: names the micro-expression among the subject's.
        folders: ends of the path of its folder of frames, the most specific first.
        onset: number of the frame where it begins.
        apex: number of the frame of the largest motion, or None.
        offset: number of the frame where it ends, or None.
        fps: frames a second.
        code: the FACS code as it stands.
        emotion: the emotion as it stands.
        label: the class where the table itself gives one; else it follows from the emotion.
        file: the video or folder where the table itself names one.
    """

    where: str
    subject: str
    clip: str
    folders: tuple[tuple[str, ...], ...] = ()
    onset: int
    apex: int | None
    offset: int | None
    fps: Fraction
    code: str = ""
    emotion: str = ""
    label: Label | None = None
    file: Path | None = None


Reading: TypeAlias = Iterator[Annotation | Problem]
"""What a data set's reader yields: a problem for each row that it cannot read."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """How a data set was published.

    Attributes:
        name: what Mien calls it.
        title: what its makers call it.
        tables: patterns of the annotation file's name, case aside; ``.xlsx`` and ``.csv`` both do.
        layout: where the frames are, for people.
        fps: the frame rate, for people.
        paper: what to cite.
        read: from the table's sheets to annotations.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    layout: str
    fps: str
    paper: str
    read: Callable[[list[Sheet]], Reading]


@dataclass(frozen=True)
class Dataset:
    """The samples of one copy.

    Attributes:
        name: what Mien calls the data set.
        root: the copy.
        annotations: the table that was read.
        samples: in the table's order.
        problems: rows, codes and emotions that could not be read, and AUs that Mien does not know.
    """

    name: str
    root: Path
    annotations: Path
    samples: tuple[Sample, ...] = field(repr=False)
    problems: tuple[Problem, ...] = field(repr=False)

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.samples)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that have a sample, sorted."""
        return tuple(sorted({sample.subject for sample in self.samples}))


def load(
    publication: Publication,
    root: Path,
    *,
    annotations: Path | None = None,
    frames: Path | None = None,
) -> Dataset:
    """Read a copy of a data set.

    Args:
        publication: how it was published.
        root: the copy's folder; annotations and frames may be anywhere below.
        annotations: the annotation file, where several below the root have such a name.
        frames: the folder to look for frames in, where the root has several copies of them.

    Raises:
        DatasetError: no such folder, no annotation file or several, a missing column, or several
            folders for one clip.
        MissingExtraError: the annotations are a spreadsheet and openpyxl is not installed.
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
            _assemble(publication.name, read, places, samples, problems)
    if not samples:
        raise DatasetError(
            f"expected micro-expressions in {table}, got none"
            + (f"; first: {problems[0]}" if problems else "")
        )
    return Dataset(publication.name, root, table, tuple(samples), tuple(problems))


def find_table(tree: FolderTree, publication: Publication) -> Path:
    """Find the annotation file below a root.

    Raises:
        DatasetError: none, or several.
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


def rows_reader(
    sheets: tuple[str, ...],
    columns: Columns,
    needed: tuple[str, ...],
    annotate: Callable[[Row], Annotation | Iterable[Annotation]],
) -> Callable[[list[Sheet]], Reading]:
    """Return a reader for a table with a header, one row a clip.

    Args:
        sheets: names of the sheet, where the file has several.
        columns: the names that each column may have.
        needed: the columns that must be there.
        annotate: from a row to what it says; its MienError becomes a problem of the row.
    """

    def read(book: list[Sheet]) -> Reading:
        for row in pick_sheet(book, sheets, columns, needed).table(columns, needed):
            yield from annotated(row, annotate)

    return read


def annotated(row: Row, annotate: Callable[[Row], Annotation | Iterable[Annotation]]) -> Reading:
    """Yield what a row says, or the problem that it cannot be read."""
    try:
        said = annotate(row)
        yield from [said] if isinstance(said, Annotation) else said
    except MienError as error:
        yield Problem("unreadable row", row.where, f"{error}; the row is left out")


def numbered(text: str, form: str) -> str:
    """Put a subject that may be a bare number into the form of its folder: ``1`` is ``sub01``.

    Args:
        text: a number, or a name that ends in one.
        form: such as ``sub{:02d}``.

    Raises:
        DatasetError: no number in it.
    """
    digits = "".join(char for char in text if char.isdecimal())
    if not digits or not text.endswith(digits):
        raise DatasetError(f"expected a subject such as {form.format(1)}, got {text!r}")
    return form.format(int(digits))


def _assemble(
    name: str,
    said: Annotation,
    places: FolderTree,
    samples: list[Sample],
    problems: list[Problem],
) -> None:
    where = f"{name}/{said.subject}/{said.clip}"
    path, frames = _locate(said, places, where, problems)
    emotions = parse_emotion(said.emotion)
    sample = Sample(
        dataset=name,
        subject=said.subject,
        clip=said.clip,
        path=path,
        frames=frames,
        onset=said.onset,
        apex=said.apex,
        offset=said.offset,
        fps=said.fps,
        facs=_code(said, where, problems),
        emotions=emotions,
        label=said.label or label_of(emotions),
        where=said.where,
    )
    samples.append(sample)
    if sample.facs.unknown:
        numbers = ", ".join(f"AU{number}" for number in sample.facs.unknown)
        text = f"{numbers} of {said.code!r} not in Mien's catalogue; kept by number"
        problems.append(Problem("unknown AU", sample.id, text))
    strange = [emotion for emotion in emotions if emotion not in LABEL_OF_EMOTION]
    if strange or (not emotions and said.label is None):
        got = " and ".join(map(repr, strange)) or "none"
        text = f"expected an emotion such as disgust, got {got} in {said.where}"
        problems.append(Problem("unknown emotion", sample.id, text))


def _locate(
    said: Annotation, places: FolderTree, where: str, problems: list[Problem]
) -> tuple[Path | None, FrameFiles | None]:
    path = said.file
    if path is None:
        path = places.find_one(said.folders)
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


def _code(said: Annotation, where: str, problems: list[Problem]) -> FacsCode:
    try:
        return parse_facs(said.code)
    except DatasetError as error:
        problems.append(Problem("unreadable code", where, f"{error} in {said.where}"))
        return FacsCode(said.code, ())
