"""The colour resolution of an mp4, as an option."""

from __future__ import annotations

from mien.errors import UsageError
from mien.io.formats import CHROMAS


def chroma_choice(chroma: str | int | None) -> str | None:
    """Return the colour resolution as text; None leaves it to the format.

    Raises:
        UsageError: There is no such colour resolution.
    """
    if chroma is None:
        return None
    if str(chroma) not in CHROMAS:
        raise UsageError(f"expected --chroma {' or '.join(CHROMAS)}, got {str(chroma)!r}")
    return str(chroma)
