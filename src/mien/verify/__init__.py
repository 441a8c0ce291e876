"""Check that outputs are complete, unaltered, and described by the records beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from mien.verify.report import Report


def verify(path: str | os.PathLike[str], trusted: str | os.PathLike[str] | None = None) -> Report:
    """Check an output of Mien.

    Args:
        path: A clip, its sidecar, a folder of PNGs, of a batch, of an augmented set, of faces or of weights, a file of
            flow maps, or a folder with any of these in it.
        trusted: A file of certificates in PEM. If it is given, clips must have content credentials of a signer whom
            one of these certificates vouches for.

    Returns:
        The report; its ``problems`` are empty if the output is as Mien wrote it.

    Raises:
        UsageError: The certificates cannot be read.

    Example:
        >>> verify("smile.mp4").problems  # doctest: +SKIP
        []
    """
    from pathlib import Path

    from mien.errors import UsageError
    from mien.io.plain_file import read_file
    from mien.verify.kinds import check

    if trusted is None:
        return check(Path(path))
    text = read_file(trusted, UsageError, 1_000_000).decode("utf-8", "replace")
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise UsageError(
            f"expected certificates in PEM, got {trusted}: choose a file with -----BEGIN CERTIFICATE-----"
        )
    return check(Path(path), text)
