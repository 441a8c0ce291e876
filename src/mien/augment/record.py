"""Record the options of a data set's folder, so that only a run with the same options continues it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mien.augment.options import AugmentOptions
from mien.augment.portraits import PortraitFile
from mien.datasets.registry import load_dataset
from mien.engines.base import Engine
from mien.errors import OutputError, UsageError
from mien.io.atomic import atomic_file
from mien.io.clip_hash import sha256_file
from mien.io.digital_source import DIGITAL_SOURCE_URI
from mien.io.json_file import read_json
from mien.version import __version__

RECORD_NAME = "augment.json"
"""The record's file; a run with other options is refused in its folder."""

MACHINE = ("device", "precision")
"""Entries of an engine's record that are left out, because another machine may continue a run."""


def augment_record(
    options: AugmentOptions, files: Sequence[PortraitFile], engine: Engine
) -> dict[str, Any]:
    """Return everything that determines clips and maps: options, portraits and the engine's weights."""
    record = options_record(options)
    record["portraits"] = [[f.input_file.name, f.input_file.sha256] for f in files]
    network = {name: value for name, value in engine.record().items() if name not in MACHINE}
    return record | ({"network": network} if network else {})


def options_record(options: AugmentOptions) -> dict[str, Any]:
    """Return the part of `augment_record` that comes from the options alone."""
    record = {
        "synthetic": True,
        "digital_source_type": DIGITAL_SOURCE_URI + options.spec.digital_source,
        "mien_version": __version__,
        **options.to_json(),
    }
    record["flow"] = options.flow
    if options.drivers is not None:
        record["drivers_sha256"] = sha256_file(load_dataset("folder", options.drivers).annotations)
    return record


def begin_folder(folder: Path, record: dict[str, Any]) -> None:
    """Start a folder, or check that it was started with the same record.

    Args:
        folder: The data set's folder; made if it is missing.
        record: The result of `augment_record`.

    Raises:
        UsageError: The folder was started with another record.
        OutputError: The folder has other files in it, or cannot be written.
    """
    place = folder / RECORD_NAME
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"expected a folder for the data set, got the file {folder}")
    if not place.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise OutputError(
                f"expected a new or empty folder, or one that mien augment began, got {folder}"
            )
        write_text(place, json.dumps(record, indent=1) + "\n")
        return
    check_same(folder, record)


def check_same(folder: Path, record: dict[str, Any]) -> None:
    """Refuse a folder that was started with another record; a folder without a record passes.

    Args:
        folder: The data set's folder.
        record: What `augment_record` returns, or some of its entries; only these are compared.

    Raises:
        UsageError: The folder was started with another record.
        OutputError: The folder's record cannot be read.
    """
    place = folder / RECORD_NAME
    if not place.is_file():
        return
    before = read_json(place, OutputError, "choose another folder")
    if not isinstance(before, dict):
        raise OutputError(
            f"expected the record of mien augment in {place}, got another JSON: choose another folder"
        )
    now = json.loads(json.dumps(record))
    for name in now:
        if before.get(name) != now[name]:
            got = (
                ""
                if name in ("portraits", "network")
                else f": {before.get(name)!r} then, {now[name]!r} now"
            )
            raise UsageError(
                f"{folder} was begun with another {name.replace('_', '-')}{got}; choose another folder"
            )


def check_count(folder: Path, asked: int, clips: int) -> None:
    """Refuse fewer clips than a folder has: the other files would stay, but would not be in the manifest.

    Args:
        folder: The data set's folder, for the message.
        asked: Number of clips that the run is to make.
        clips: Number of clips in the folder.

    Raises:
        UsageError: ``asked`` is smaller than ``clips``.
    """
    if clips > asked:
        raise UsageError(
            f"{folder} has {clips} clips already, expected --count of at least that, got {asked}: choose "
            "another folder for fewer clips"
        )


def holds(path: Path, text: str) -> bool:
    """Return whether a file has exactly this text."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def write_text(path: Path, text: str) -> None:
    """Write a text file completely or not at all.

    Raises:
        OutputError: The file cannot be written.
    """
    # The folder is Mien's, because its record is there.
    with atomic_file(path, is_own=lambda _: True) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
