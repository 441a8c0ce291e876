"""The mark of synthetic media for a clip; it depends on the engine and on the marks of the input files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from mien.engines.spec import EngineSpec
from mien.io.digital_source import DigitalSource, combined, digital_sources_in
from mien.io.mark import SyntheticMark
from mien.io.sidecar import InputFile


def clip_source(spec: EngineSpec, inputs: Sequence[InputFile]) -> DigitalSource:
    """Return the digital source type of a clip.

    Args:
        spec: The engine that makes the clip.
        inputs: The input files.
    """
    return combined(spec.digital_source, (term for file in inputs for term in file.sources))


def clip_mark(spec: EngineSpec, inputs: Sequence[InputFile]) -> SyntheticMark:
    """Return the mark of a clip; the arguments are those of `clip_source`."""
    ingredients = tuple(file.sha256 for file in inputs)
    return SyntheticMark(source=clip_source(spec, inputs), ingredients=ingredients)


def source_from(own: DigitalSource, files: Iterable[Path]) -> DigitalSource:
    """Return the digital source type of a picture or clip that is drawn from clips.

    Args:
        own: The type if the clips are not marked.
        files: The clips: files or folders of frames.
    """
    every = (
        part for file in files for part in (sorted(file.iterdir()) if file.is_dir() else [file])
    )
    return combined(own, digital_sources_in(part for part in every if part.is_file()))
