"""The manifest of a shard: one row for each sample, made or failed, as Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import MissingExtraError
from mien.install import install_command

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MADE, FAILED = "made", "failed"

COLUMNS: tuple[tuple[str, str], ...] = (
    ("key", "string"),
    ("index", "int64"),
    ("status", "string"),
    ("reason", "string"),
    ("kind", "string"),
    ("split", "string"),
    ("subject", "string"),
    ("label", "string"),
    ("emotion", "string"),
    ("aus", "string"),
    ("au_names", "list<string>"),
    ("au_peaks", "list<double>"),
    ("onset", "int32"),
    ("apex", "int32"),
    ("offset", "int32"),
    ("onset_seconds", "double"),
    ("apex_seconds", "double"),
    ("offset_seconds", "double"),
    ("fps", "string"),
    ("frames", "int32"),
    ("size_px", "int32"),
    ("engine", "string"),
    ("camera", "string"),
    ("driver", "string"),
    ("portrait_sha256", "string"),
    ("members", "list<string>"),
    ("bytes", "int64"),
    ("sha256", "string"),
    ("perceptual_hash", "string"),
)
"""Columns with their Arrow types."""


@dataclass(frozen=True)
class Sample:
    """A sample that was made, or why it was not.

    Attributes:
        index: Its number.
        members: Content of its files in the shard, by the part of their names after the key, such as ``json``; empty
            if the sample failed.
        row: Its row of the manifest.
    """

    index: int
    members: Mapping[str, bytes] = field(repr=False)
    row: Mapping[str, Any] = field(repr=False)

    @property
    def made(self) -> bool:
        """Whether the sample was made."""
        return bool(self.row["status"] == MADE)


def made_row(members: Mapping[str, bytes], **values: Any) -> dict[str, Any]:
    """Return the row of a sample that was made: its values, and the size and hash of its members."""
    return {
        "status": MADE,
        **values,
        "members": sorted(members),
        "bytes": sum(map(len, members.values())),
        "sha256": members_hash(members),
    }


def failed_sample(kind: str, key: str, index: int, reason: str) -> Sample:
    """Return a sample that could not be made."""
    row = {"key": key, "index": index, "status": FAILED, "reason": reason, "kind": kind}
    return Sample(index, {}, row)


def members_hash(members: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of a sample's members, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(members[name])
    return digest.hexdigest()


def need_parquet() -> None:
    """Check that pyarrow is installed.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise MissingExtraError(
            f"mien produce needs pyarrow, which is not installed: {install_command('produce')}"
        )


def schema() -> pa.Schema:
    """Return the manifest's schema."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "list<string>": pa.list_(pa.string()),
        "list<double>": pa.list_(pa.float64()),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS])


def write_manifest(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a shard's manifest; equal rows give equal bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [row.get(name) for row in rows] for name, _ in COLUMNS}
    pq.write_table(pa.table(columns, schema=schema()), path, compression="zstd")


def read_manifest(path: Path, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Read a shard's manifest.

    Args:
        path: The Parquet file.
        columns: Which columns; None for all.

    Raises:
        DatasetError: The file is missing or damaged, or has other columns than a manifest.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from mien.errors import DatasetError

    try:
        # Not read_table, which takes a name such as shard=3 for a partition.
        file = pq.ParquetFile(path)
        if not file.schema_arrow.equals(schema()):
            raise DatasetError(f"{path.name} has other columns than a manifest: {_strange(file)}")
        table = file.read(list(columns) if columns else None)
    except (OSError, pa.ArrowException, KeyError) as error:
        raise DatasetError(
            f"cannot read the manifest {path.name}: {' '.join(str(error).split())}"
        ) from error
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _strange(file: pq.ParquetFile) -> str:
    """Return the first difference between a file's columns and those of a manifest."""
    expected = {field.name: str(field.type) for field in schema()}
    found = {field.name: str(field.type) for field in file.schema_arrow}
    for name in (*expected, *found):
        if found.get(name) != expected.get(name):
            return f"expected {name} as {expected.get(name)}, got {found.get(name)}"
    return "they are in another order, or twice"
