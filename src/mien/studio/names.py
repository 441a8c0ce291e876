"""File names from users: they must be valid on every system and may not lead out of the folder.

A typed name is used as it is or refused. The name of an uploaded file is changed until it is valid.
"""

from __future__ import annotations

import re

from mien.errors import UsageError

MAX_NAME_BYTES = 120
"""File systems allow 255 bytes; this leaves room for a hash, a number and an extension."""

_PLAIN = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f.][^/\\:*?\"<>|\x00-\x1f\x7f]*")
_ODD = re.compile(r"[:*?\"<>|\x00-\x1f\x7f]+")
_MAX_SUFFIX_BYTES = 16
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def plain_name(name: str, what: str = "name") -> str:
    """Return a name unchanged if it is safe as a file name.

    Args:
        name: The name.
        what: Kind of the name, for the message.

    Raises:
        UsageError: It has folders, is hidden, too long or a device's name, or has characters that some system
            does not allow.
    """
    fits = _PLAIN.fullmatch(name) and not _DEVICES.fullmatch(name) and name[-1] not in " ."
    try:
        fits = bool(fits) and len(name.encode("utf-8")) <= MAX_NAME_BYTES and name[0] != " "
    except UnicodeEncodeError:
        fits = False
    if not fits:
        raise UsageError(
            f"expected a plain {what} of at most {MAX_NAME_BYTES} bytes, without folders, "
            f'leading dots and \\ / : * ? " < > |, got {name[:60]!r}'
        )
    return name


def tidy_name(name: str) -> str:
    """Return a valid name for an uploaded file, made from its original name.

    Folders are removed, characters that some system does not allow become "_", and a long name is cut before its
    suffix.
    """
    last = re.split(r"[/\\]", name.encode("utf-8", "ignore").decode())[-1]
    stem, dot, suffix = _ODD.sub("_", last).strip(" .").rpartition(".")
    if not stem or len(suffix.encode()) > _MAX_SUFFIX_BYTES:
        stem, dot, suffix = f"{stem}{dot}{suffix}", "", ""
    if _DEVICES.fullmatch(stem.rstrip(" .")):
        stem = f"_{stem}"
    room = MAX_NAME_BYTES - len(f"{dot}{suffix}".encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") or "file"
    return plain_name(f"{stem}{dot}{suffix}")
