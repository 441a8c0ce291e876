"""Make a clip of a portrait from action units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    import os

    from mien.common.clip_writer import OnFrame
    from mien.common.picture import PortraitSource
    from mien.generate.clip import GeneratedClip
    from mien.generate.keywords import ClipKeywords


def generate(
    portrait: PortraitSource,
    out: str | os.PathLike[str],
    *,
    on_frame: OnFrame | None = None,
    **options: Unpack[ClipKeywords],
) -> GeneratedClip:
    """Make a clip of a portrait.

    Args:
        portrait: A picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a `mien.Portrait`.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        on_frame: Called after each frame with the number of frames done and the number of all.
        **options: As on the command line, by the names of `mien.generate.options.ClipOptions`. Give exactly one of
            ``expression``, ``sample``, ``au`` and ``aus``.

    Raises:
        MienError: Anything that is wrong with the options, the portrait or the output. Nothing is left at ``out``.

    Example:
        >>> generate("face.jpg", "smile.mp4", expression="happiness")  # doctest: +SKIP
    """
    from mien.common.option_names import from_keywords
    from mien.common.picture import Picture
    from mien.generate.clip import make_clip
    from mien.generate.options import ClipOptions

    chosen = from_keywords(ClipOptions, "mien.generate", options)
    return make_clip(Picture.of(portrait), out, chosen, on_frame)
