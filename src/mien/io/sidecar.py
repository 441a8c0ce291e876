"""The sidecar: a JSON beside every output that says how it was made."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from mien.au.frame_rate import parse_fps
from mien.au.track import AUTrack
from mien.errors import BadTrackError, OutputError, UsageError
from mien.io.clip_hash import sha256_file
from mien.io.digital_source import (
    DIGITAL_SOURCE_URI,
    DIGITAL_SOURCES,
    DigitalSource,
    digital_sources_in,
)
from mien.io.json_file import read_json
from mien.io.png_folder import SIDECAR_NAME
from mien.io.sinks import output_kind
from mien.io.track_json import track_from_json, track_to_json
from mien.version import __version__


@dataclass(frozen=True)
class InputFile:
    """A file that went into an output.

    Attributes:
        name: Its name without folders, which are private.
        sha256: Hash of its content, 64 hexadecimal digits.
        sources: The digital source types (IPTC) that the file states of itself; most files state none.

    Raises:
        UsageError: A name with folders, or a hash of another form.
    """

    name: str
    sha256: str
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or Path(self.name).name != self.name:
            raise UsageError(f"expected an input's name without folders, got {self.name!r}")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise UsageError(f"expected a sha256 of 64 hexadecimal digits, got {self.sha256!r}")

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Self:
        """Describe a file.

        Raises:
            UsageError: The file cannot be read.
        """
        digest = sha256_file(path)
        return cls(Path(path).name, digest, digital_sources_in([Path(path)]))

    def to_json(self) -> dict[str, Any]:
        """Return the description as JSON values."""
        marks = [DIGITAL_SOURCE_URI + term for term in self.sources]
        more = {"digital_source_types": marks} if marks else {}
        return {"name": self.name, "sha256": self.sha256, **more}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """Read a description back.

        Raises:
            TypeError: The description is not a JSON object.
            KeyError: A field is missing.
            UsageError: A field has a wrong value.
        """
        if not isinstance(record, Mapping):
            raise TypeError(f"expected an object for each input, got {type(record).__name__}")
        marks = tuple(map(str, record.get("digital_source_types", ())))
        terms = tuple(mark.removeprefix(DIGITAL_SOURCE_URI) for mark in marks)
        return cls(record["name"], record["sha256"], terms)


@dataclass(frozen=True)
class Sidecar:
    """How an output was made.

    Attributes:
        engine: The engine's name, such as ``rig``.
        seed: Seed of all random choices; None if there were none.
        fps: Frames a second of the clip (a GIF plays slower, by the factor ``slowdown`` in ``facts``).
        frames: Number of frames.
        width: Width of the frames, in pixels, without padding.
        height: Height of the frames, in pixels, without padding.
        inputs: The files that went in.
        track: The full AU track; None if the motion does not come from AUs.
        facts: What the format did to the frames, see :class:`mien.io.formats.FormatFacts`.
        settings: All other settings, JSON values by name.
        sha256: Hash of the clip as `mien.io.clip_hash.sha256_clip` computes it; empty until the clip is complete, and
            in sidecars of older versions.
        source: The output's digital source type (IPTC), which says how it was made.
        signed_by: SHA-256 of the certificate with which the output is signed; empty if it is not signed.
        mien_version: Version of Mien that made the output.

    Raises:
        UsageError: A frame rate that is not a fraction above 0, or no frame or pixel.
    """

    engine: str
    seed: int | None
    fps: Fraction
    frames: int
    width: int
    height: int
    inputs: tuple[InputFile, ...] = ()
    track: AUTrack | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""
    source: DigitalSource = "compositeSynthetic"
    signed_by: str = ""
    mien_version: str = __version__

    def __post_init__(self) -> None:
        if not isinstance(self.fps, Fraction) or self.fps <= 0:
            raise UsageError(f"expected fps as a fraction above 0, got {self.fps!r}")
        if min(self.frames, self.width, self.height) < 1:
            raise UsageError(
                f"expected at least one frame and pixel, got {self.frames} frames of "
                f"{self.width}x{self.height}"
            )

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values; ``synthetic`` comes first and is always true."""
        return {
            "synthetic": True,
            "digital_source_type": DIGITAL_SOURCE_URI + self.source,
            "mien_version": self.mien_version,
            "sha256": self.sha256,
            "signed_by": self.signed_by,
            "engine": self.engine,
            "seed": self.seed,
            "fps": f"{self.fps.numerator}/{self.fps.denominator}",
            "frames": self.frames,
            "width": self.width,
            "height": self.height,
            "inputs": [file.to_json() for file in self.inputs],
            "format": dict(self.facts),
            "settings": dict(self.settings),
            "track": None if self.track is None else track_to_json(self.track),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """Read a record back.

        Raises:
            UsageError: The record is not a sidecar, or a field is missing or wrong.
            BadTrackError: Its track is not valid.
        """
        if not isinstance(record, Mapping) or record.get("synthetic") is not True:
            raise UsageError("expected a sidecar that Mien wrote, got one without synthetic: true")
        try:
            return cls(
                engine=str(record["engine"]),
                seed=None if record["seed"] is None else int(record["seed"]),
                fps=parse_fps(record["fps"]),
                frames=int(record["frames"]),
                width=int(record["width"]),
                height=int(record["height"]),
                inputs=tuple(map(InputFile.from_json, record["inputs"])),
                track=None if record["track"] is None else track_from_json(record["track"]),
                facts=dict(record["format"]),
                settings=dict(record["settings"]),
                sha256=str(record.get("sha256", "")),
                signed_by=str(record.get("signed_by", "")),
                source=_source(record.get("digital_source_type")),
                mien_version=str(record["mien_version"]),
            )
        except KeyError as error:
            raise UsageError(f"expected the field {error} in the sidecar, got none") from error
        except (TypeError, ValueError, OverflowError, UsageError) as error:
            raise UsageError(
                f"expected a sidecar of Mien, got one with a wrong value: {error}"
            ) from error


def _source(uri: object) -> DigitalSource:
    """Return the source with an address; ``compositeSynthetic`` for older sidecars, which have no address."""
    if uri is None:
        return "compositeSynthetic"
    term = str(uri).removeprefix(DIGITAL_SOURCE_URI)
    if term not in DIGITAL_SOURCES:
        raise ValueError(f"expected a digital source type that Mien makes, got {uri!r}")
    return term


def sidecar_path(output: str | os.PathLike[str]) -> Path:
    """Return where an output's sidecar is: ``smile.mp4.json``, or ``mien.json`` inside a folder."""
    place = Path(output)
    if output_kind(output) == "png":
        return place / SIDECAR_NAME
    return place.with_name(place.name + ".json")


def sidecar_text(sidecar: Sidecar) -> str:
    """Return the content of a sidecar's file.

    Raises:
        OutputError: A setting is not a JSON value.
    """
    try:
        fields = [
            f" {json.dumps(name)}: {json.dumps(value, allow_nan=False)}"
            for name, value in sidecar.to_json().items()
        ]
    except (TypeError, ValueError) as error:
        raise OutputError(f"expected settings that JSON can hold, got others: {error}") from error
    # One field a line, so that people can read it although the track is long.
    return "{\n" + ",\n".join(fields) + "\n}\n"


def read_sidecar(path: str | os.PathLike[str]) -> Sidecar:
    """Read a sidecar.

    Args:
        path: The JSON file itself, not the clip.

    Raises:
        UsageError: The file is missing or not a sidecar.
    """
    file = Path(path)
    record = read_json(file, UsageError, "choose a sidecar that Mien wrote")
    try:
        return Sidecar.from_json(record)
    except (UsageError, BadTrackError) as error:
        raise UsageError(f"{file}: {error}") from error
