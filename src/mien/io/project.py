"""A project file: everything that a clip is made from, so that it opens again to the same pixels.

The picture and the driver stay files of their own. A project names each by a path, relative to
itself where that is possible, and by the hash of its content: another picture under the same name
is refused rather than rendered.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from mien.au.envelope import Envelope
from mien.au.frame_rate import parse_fps
from mien.errors import MienError, OutputError, UsageError
from mien.io.atomic import atomic_file
from mien.io.sidecar import sha256_file
from mien.version import __version__

VERSION = 1
"""Of the format; a file of a later one is refused."""

_MOTIONS = ("envelopes", "transfer")


@dataclass(frozen=True)
class FileReference:
    """A file that a project uses.

    Attributes:
        path: where it is, from the project's own folder, with forward slashes; or absolute.
        sha256: hash of its content, 64 hexadecimal digits.

    Raises:
        UsageError: an empty path, or no such hash.
    """

    path: str
    sha256: str

    def __post_init__(self) -> None:
        if not isinstance(self.path, str) or not self.path or "\0" in self.path:
            raise UsageError(f"expected the path of a file, got {self.path!r}")
        digits = self.sha256 if isinstance(self.sha256, str) else ""
        if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
            raise UsageError(f"expected a sha256 of 64 hexadecimal digits, got {self.sha256!r}")

    @classmethod
    def of(cls, file: str | os.PathLike[str], project: str | os.PathLike[str]) -> FileReference:
        """Refer to a file from a project that is, or will be, at a path."""
        target, folder = Path(file).resolve(), Path(project).resolve().parent
        try:
            path = Path(os.path.relpath(target, folder)).as_posix()
        except ValueError:  # another drive
            path = target.as_posix()
        return cls(path, sha256_file(target))

    def found(self, project: str | os.PathLike[str]) -> Path:
        """Return the file, seen from a project at a path.

        Raises:
            UsageError: it is not there, or is another than when the project was saved.
        """
        file = Path(project).resolve().parent / self.path
        if not file.is_file():
            raise UsageError(
                f"the project {Path(project).name} wants {self.path} beside it, got no such file: "
                "put it back there"
            )
        if sha256_file(file) != self.sha256:
            raise UsageError(
                f"the project {Path(project).name} was made with another {self.path} (its content "
                "differs): put the original back"
            )
        return file

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return self.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, kw_only=True)
class DesignProject:
    """A portrait, and an expression designed for it.

    Attributes:
        portrait: the picture.
        envelopes: what moves and when; may be empty, for a project just begun.
        duration_seconds: the clip's length, not shorter than the last envelope's offset.
        fps: frames a second.
        engine: what makes the frames.
        options: further options of `mien.generate.options.RenderOptions`, JSON values by name.
        face: which of several faces: its number from the left, from 1, or ``largest``.
        seed: of the draw that the envelopes began as; None where they began otherwise.
        emotion: of that draw.
        name: what to call it; may be empty.

    Raises:
        UsageError: a value of the wrong kind or out of its range.
    """

    portrait: FileReference
    envelopes: tuple[Envelope, ...]
    duration_seconds: float
    fps: Fraction
    engine: str = "rig"
    options: Mapping[str, Any] = field(default_factory=dict)
    face: int | str | None = None
    seed: int | None = None
    emotion: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "envelopes", tuple(self.envelopes))
        object.__setattr__(self, "duration_seconds", _seconds(self.duration_seconds))
        object.__setattr__(self, "fps", parse_fps(self.fps))
        object.__setattr__(self, "options", dict(self.options))
        _check_words(self)
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise UsageError(f"expected a seed of 0 or more, got {self.seed!r}")
        if self.emotion is not None and not isinstance(self.emotion, str):
            raise UsageError(f"expected an emotion's name, got {self.emotion!r}")
        if self.tail_seconds < -1e-9:
            raise UsageError(
                f"the expression ends at {self.offset_seconds:g} s, after the clip's end at "
                f"{self.duration_seconds:g} s: make the clip longer"
            )

    @property
    def offset_seconds(self) -> float:
        """When the last AU is gone; 0 where none moves."""
        return max((envelope.offset_seconds for envelope in self.envelopes), default=0.0)

    @property
    def tail_seconds(self) -> float:
        """Neutral time between that and the clip's end.

        Rounded to 13 decimals, which moves no frame: people read it in commands, and 0.5 - 0.29 is
        0.21000000000000002.
        """
        return round(self.duration_seconds - self.offset_seconds, 13)

    def motion_to_json(self) -> dict[str, Any]:
        """Return what moves, as JSON values."""
        return {
            "kind": "envelopes",
            "envelopes": [envelope.to_dict() for envelope in self.envelopes],
            "duration_seconds": self.duration_seconds,
            "fps": str(self.fps),
            "seed": self.seed,
            "emotion": self.emotion,
        }


@dataclass(frozen=True, kw_only=True)
class TransferProject:
    """A portrait, and a clip whose motion it receives.

    Attributes:
        portrait: the picture.
        driver: the clip.
        engine: what carries the motion.
        options: further options of `mien.transfer.options.TransferOptions`, JSON values by name.
        face: which face of the portrait, if there are several.
        name: what to call it; may be empty.

    Raises:
        UsageError: a value of the wrong kind.
    """

    portrait: FileReference
    driver: FileReference
    engine: str = "mesh"
    options: Mapping[str, Any] = field(default_factory=dict)
    face: int | str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", dict(self.options))
        _check_words(self)

    def motion_to_json(self) -> dict[str, Any]:
        """Return what moves, as JSON values."""
        return {"kind": "transfer", "driver": _reference_to_json(self.driver)}


Project: TypeAlias = DesignProject | TransferProject


def project_to_json(project: Project) -> dict[str, Any]:
    """Return a project as JSON values."""
    return {
        "mien_project": VERSION,
        "mien_version": __version__,
        "name": project.name,
        "portrait": _reference_to_json(project.portrait),
        "face": project.face,
        "motion": project.motion_to_json(),
        "engine": project.engine,
        "options": dict(project.options),
    }


def project_from_json(record: Any) -> Project:
    """Read a project back; see `project_to_json`.

    Raises:
        MienError: another file, a later version, or values that make no project.
    """
    version = record.get("mien_project") if isinstance(record, Mapping) else None
    if type(version) is not int:
        raise UsageError("expected a project of the studio, got a JSON without mien_project")
    if version != VERSION:
        raise UsageError(
            f"expected a project of version {VERSION}, got version {version}: install a newer Mien"
        )
    try:
        motion = record["motion"]
        kind = motion["kind"]
        common = {
            "portrait": _reference_from_json(record["portrait"]),
            "engine": record["engine"],
            "options": record["options"],
            "face": record["face"],
            "name": record["name"],
        }
        if kind == "transfer":
            common["options"] = _renamed(common["options"])
            return TransferProject(driver=_reference_from_json(motion["driver"]), **common)
        if kind == "envelopes":
            envelopes = tuple(Envelope.from_dict(item) for item in motion["envelopes"])
            rest = {key: motion[key] for key in ("duration_seconds", "fps", "seed", "emotion")}
            return DesignProject(envelopes=envelopes, **rest, **common)
    except KeyError as error:
        raise UsageError(f"expected the field {error} in the project, got none") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"a field of the project has a wrong value: {error}") from error
    raise UsageError(f"expected a motion of kind {' or '.join(_MOTIONS)}, got {kind!r}")


def read_project(path: str | os.PathLike[str]) -> Project:
    """Read a project file.

    Raises:
        MienError: it is missing, no project, or of a later version.
    """
    file = Path(path)
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the project {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"expected a project, got {file}, which is no JSON") from error
    try:
        return project_from_json(record)
    except MienError as error:
        raise type(error)(f"{file.name}: {error}") from error


def write_project(path: str | os.PathLike[str], project: Project) -> Path:
    """Write a project file, whole or not at all.

    Raises:
        OutputError: not a ``.json``, or the place cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ".json":
        raise OutputError(f"expected a project ending in .json, got {target.name}")
    text = json.dumps(project_to_json(project), indent=1, ensure_ascii=False, allow_nan=False)
    with atomic_file(target) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
    return target


def _reference_to_json(file: FileReference) -> dict[str, str]:
    return {"path": file.path, "sha256": file.sha256}


def _reference_from_json(record: Any) -> FileReference:
    return FileReference(record["path"], record["sha256"])


def _renamed(options: Any) -> dict[str, Any]:
    """Return a transfer's options under today's names: mode "none" was once called "recode"."""
    known = dict(options)
    if known.get("recode") == "recode":
        known["recode"] = "none"
    return known


def _seconds(value: Any) -> float:
    wrong = isinstance(value, bool) or not isinstance(value, int | float)
    if wrong or not 0 < value < math.inf:
        raise UsageError(f"expected a duration above 0 seconds, got {value!r}")
    return float(value)


def _check_words(project: Project) -> None:
    for name in ("engine", "name"):
        if not isinstance(getattr(project, name), str):
            raise UsageError(f"expected text as {name}, got {getattr(project, name)!r}")
    face = project.face
    if not (face is None or face == "largest" or (type(face) is int and face >= 1)):
        raise UsageError(f'expected a face\'s number from 1 or "largest", got {face!r}')
