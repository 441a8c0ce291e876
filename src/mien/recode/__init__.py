"""Re-encode the measured AU track of a table, and write the result as a table."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from mien.recode.options import RecodeKeywords
    from mien.recode.table import RecodedFile


def recode(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    **options: Unpack[RecodeKeywords],
) -> RecodedFile:
    """Replace each AU's course in a table by a simpler one (re-encoding), and write the result as a Mien track.

    Args:
        table: Mien's CSV or JSON, or OpenFace's CSV. Its presence columns (``AU12_c``) decide which AUs are kept.
        out: ``.csv`` or ``.json``; not the table itself.
        **options: The fields of `mien.recode.options.RecodeOptions`.

    Raises:
        UsageError: An option is out of its range; raised before the table is read.
        MienError: See `mien.recode.table.recode_file`.

    Example:
        >>> recode("measured.csv", "smooth.csv", mode="smooth").rmse  # doctest: +SKIP
    """
    from mien.common.option_names import from_keywords
    from mien.recode.options import RecodeOptions
    from mien.recode.table import recode_file

    return recode_file(table, out, from_keywords(RecodeOptions, "mien.recode", options))
