"""File names that clients may give: plain ones, on every system, and nothing that leads elsewhere.

A name that was typed is taken as it is or refused; the name of a file that was dropped in is made plain.
"""

from __future__ import annotations

import re

from mien.errors import UsageError

MAX_NAME_BYTES = 120
"""Room is left for a hash, a number and an extension within the 255 that file systems allow."""

_PLAIN = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f.][^/\\:*?\"<>|\x00-\x1f\x7f]*")
_ODD = re.compile(r"[:*?\"<>|\x00-\x1f\x7f]+")
_MAX_SUFFIX_BYTES = 16
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def plain_name(name: str, what: str = "name") -> str:
    """Return a name that is safe as a file's, as it is.

    Raises:
        UsageError: a name with folders, of a device, hidden, too long, or with characters that some
            system does not take.
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
    """A plain name for a file that its owner calls ``name``, which may be any: the file is good for all that.

    Folders are left off, what a file system may not take becomes "_", and a long name is cut before
    its suffix.
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
