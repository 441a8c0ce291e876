"""File names that clients may give: plain ones, on every system, and nothing that leads elsewhere."""

from __future__ import annotations

import re

from mien.errors import UsageError

MAX_NAME_BYTES = 120
"""Room is left for a hash, a number and an extension within the 255 that file systems allow."""

_PLAIN = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f.][^/\\:*?\"<>|\x00-\x1f\x7f]*")
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
