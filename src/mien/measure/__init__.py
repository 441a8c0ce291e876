"""Measure the action units in a clip."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from mien.measure.clip import Measurement
    from mien.measure.options import MeasureKeywords


def measure(clip: str | os.PathLike[str], **options: Unpack[MeasureKeywords]) -> Measurement:
    """Measure what the face in a clip does.

    Args:
        clip: A video, or a folder of frames (with ``fps``).
        **options: The fields of `mien.measure.options.MeasureOptions`.

    Raises:
        UsageError: An unknown option or one out of its range, or a clip that is not a path; raised before the clip
            is read.
        MienError: A clip that cannot be read, or without a usable face in its first frame.

    Example:
        >>> measure("clip.mp4", baseline="median").aus.strongest()  # doctest: +SKIP
    """
    from mien.common.clip_path import check_clip_path
    from mien.common.option_names import from_keywords
    from mien.measure.clip import measure_clip
    from mien.measure.options import MeasureOptions

    check_clip_path(clip, "mien.measure")
    return measure_clip(clip, from_keywords(MeasureOptions, "mien.measure", options))
