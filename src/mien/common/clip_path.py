"""Refuse clips that are no path, such as a list of frames."""

from __future__ import annotations

import os

from mien.errors import UsageError


def check_clip_path(clip: object, function: str) -> None:
    """Raise an error if a clip is not a path.

    Args:
        clip: What the caller gave.
        function: The name of the function that was called, for the message.

    Raises:
        UsageError: Neither text nor a path.
    """
    if not isinstance(clip, (str, os.PathLike)):
        raise UsageError(
            f"{function} expects the path of a video or folder of frames, got {type(clip).__name__}: write frames in "
            "memory to a file with mien.io.sinks.open_sink"
        )
