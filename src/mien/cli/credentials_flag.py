"""``--credentials``: sign clips with content credentials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import tyro

if TYPE_CHECKING:
    from mien.io.credentials import Credentials

CredentialsFlag: TypeAlias = Annotated[
    tuple[Path, Path] | None,
    tyro.conf.arg(name="credentials", metavar="CERT KEY", help_behavior_hint=""),
]
"""A certificate and its private key, both in PEM."""


def read_credentials(files: tuple[Path, Path] | None) -> Credentials | None:
    """Read the files of a certificate and its key; return None if no files are given.

    Raises:
        MissingExtraError: The extra ``credentials`` is not installed.
        UsageError: A file cannot be read or is not in PEM, or the key does not belong to the certificate.
    """
    if files is None:
        return None
    from mien.io.credentials import Credentials

    return Credentials.read(*files)
