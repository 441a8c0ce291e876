"""Put the movement of a clip onto a portrait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    import os

    from mien.common.clip_writer import OnFrame
    from mien.common.picture import PortraitSource
    from mien.transfer.clip import TransferredClip
    from mien.transfer.keywords import TransferKeywords


def transfer(
    driver: str | os.PathLike[str],
    portrait: PortraitSource,
    out: str | os.PathLike[str],
    *,
    on_frame: OnFrame | None = None,
    **options: Unpack[TransferKeywords],
) -> TransferredClip:
    """Put the movement of a clip onto a portrait.

    Args:
        driver: A video, or a folder of frames (with ``fps``): the face that moves.
        portrait: A picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a `mien.Portrait`.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        on_frame: Called after each frame with the number of frames done and the total.
        **options: The fields of `mien.transfer.options.TransferOptions`.

    Raises:
        MienError: Anything that is wrong with the options, the clips or the output. Nothing is left at ``out``.

    Example:
        >>> transfer("driver.mp4", "face.jpg", "moved.mp4", strength=1.5)  # doctest: +SKIP
    """
    from mien.common.clip_path import check_clip_path
    from mien.common.option_names import from_keywords
    from mien.common.picture import Picture
    from mien.transfer.clip import make_transfer
    from mien.transfer.options import TransferOptions

    check_clip_path(driver, "mien.transfer")
    chosen = from_keywords(TransferOptions, "mien.transfer", options)
    return make_transfer(driver, Picture.of(portrait), out, chosen, on_frame)
