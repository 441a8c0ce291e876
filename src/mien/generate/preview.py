"""Single frames of a clip, quickly: all that depends on the portrait alone is prepared once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from mien.au.track import AUTrack
from mien.errors import UsageError
from mien.face.crop import FaceCrop
from mien.face.portrait import Face, Portrait
from mien.types import Image, RGBImage

if TYPE_CHECKING:
    from mien.engines.base import Engine

PictureFormat: TypeAlias = Literal["jpeg", "png", "webp"]
"""How a preview is encoded; only png keeps every bit."""

QUALITY = 95
"""Of JPEG and WebP: a micro-expression must not drown in the encoder's noise."""

MID_GREY = 128


def scaled_face(face: Face, factor: float) -> Face:
    """The same face in a picture that was made smaller.

    It is not looked for again, so that a preview moves exactly as the clip will.

    Args:
        face: in the picture as it was.
        factor: the new width over the old.
    """
    # The centre of the top-left pixel is (0, 0), so the picture's corner is (-0.5, -0.5).
    shift = 0.5 * factor - 0.5
    landmarks = np.array(face.landmarks) * np.float32(factor)
    landmarks[:, :2] += np.float32(shift)
    pose, crop = face.pose, face.crop
    return replace(
        face,
        box_px=np.asarray(face.box_px) * factor + shift,
        landmarks=landmarks,
        pose=replace(
            pose,
            scale_px_per_cm=pose.scale_px_per_cm * factor,
            translation_px=pose.translation_px * factor + shift,
        ),
        crop=FaceCrop(
            crop.x_px * factor + shift,
            crop.y_px * factor + shift,
            crop.side_px * factor,
            crop.roll_radians,
        ),
    )


def scaled_portrait(portrait: Portrait, size_px: int) -> Portrait:
    """The portrait with its longer side at most ``size_px``; itself where it is no larger."""
    import cv2

    height, width = portrait.image.shape[:2]
    if size_px >= max(height, width):
        return portrait
    factor = size_px / max(height, width)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    image = cv2.resize(portrait.image, size, interpolation=cv2.INTER_AREA)
    return Portrait(np.asarray(image, np.uint8), scaled_face(portrait.face, factor))


@dataclass(frozen=True, eq=False)
class Preview:
    """A portrait at the size of a preview, and an engine that has prepared itself for it.

    Attributes:
        portrait: at that size.
        engine: remembers what it prepared for the portrait.
    """

    portrait: Portrait
    engine: Engine

    @classmethod
    def of(cls, portrait: Portrait, engine: Engine, size_px: int) -> Preview:
        """Prepare a portrait for previews whose longer side is at most ``size_px``."""
        made = cls(scaled_portrait(portrait, size_px), engine)
        # One frame that moves a little, for engines prepare themselves at the first.
        row = AUTrack(("AU12",), np.array([[0.5]], np.float32), np.zeros(1))
        next(iter(engine.render(made.portrait, row)))
        return made

    def frame(self, track: AUTrack | None, time_seconds: float) -> Image:
        """Render the frame nearest to a time.

        Args:
            track: what moves; None where nothing does.
            time_seconds: since the clip's start.
        """
        if track is None:
            return self.portrait.image
        index = int(np.abs(track.times_seconds - time_seconds).argmin())
        return next(self.frames(track, [index]))

    def frames(self, track: AUTrack, indices: list[int]) -> Iterator[Image]:
        """Render some frames of a track, in the order given."""
        for index in indices:
            # One row at a time: whoever watches may leave after any frame.
            row = AUTrack(track.names, track.values[index : index + 1], np.zeros(1))
            yield next(iter(self.engine.render(self.portrait, row)))

    def difference(self, frame: Image, magnify: float) -> RGBImage:
        """How a frame differs from the portrait, on mid-grey.

        Args:
            frame: of this preview.
            magnify: by how much the difference is multiplied.

        Returns:
            (H, W, 3) uint8.
        """
        return difference(self.portrait.image, frame, magnify)


def difference(still: Image, frame: Image, magnify: float = 1.0) -> RGBImage:
    """How a frame differs from a still picture of the same size, on mid-grey.

    Args:
        still: (H, W, 3 or 4) uint8; alpha is left out.
        frame: as ``still``.
        magnify: by how much the difference is multiplied.

    Returns:
        (H, W, 3) uint8; beyond black and white it is cut off.
    """
    change = frame[..., :3].astype(np.float32) - still[..., :3].astype(np.float32)
    return _on_grey(change, magnify)


def magnified(unmagnified: RGBImage, magnify: float) -> RGBImage:
    """What `difference` gives for another magnification.

    Args:
        unmagnified: (H, W, 3) uint8, a difference magnified by 1.
        magnify: at least 2 for the very same picture; below, what was cut off stays so.
    """
    return _on_grey(unmagnified.astype(np.float32) - MID_GREY, magnify)


def _on_grey(change: np.ndarray, magnify: float) -> RGBImage:
    return np.rint(change * np.float32(magnify) + MID_GREY).clip(0, 255).astype(np.uint8)


def encode_picture(image: Image, kind: PictureFormat = "jpeg") -> bytes:
    """Encode a picture for the screen.

    Args:
        image: (H, W, 3 or 4) uint8; JPEG lays alpha over white.
        kind: the format.

    Raises:
        UsageError: an unknown format.
    """
    import cv2

    if kind == "png":
        from mien.io.mark import SyntheticMark
        from mien.io.png import encode_png

        return encode_png(image, SyntheticMark().as_text(), compression=1)
    if kind == "jpeg":
        options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        pixels = cv2.cvtColor(on_white(image), cv2.COLOR_RGB2BGR)
    elif kind == "webp":
        options = [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
        code = cv2.COLOR_RGB2BGR if image.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        pixels = cv2.cvtColor(image, code)
    else:
        raise UsageError(f"expected a picture as jpeg, png or webp, got {kind!r}")
    done, encoded = cv2.imencode(f".{kind}", pixels, options)
    if not done:
        raise UsageError(f"cannot encode a picture of shape {image.shape} as {kind}")
    return encoded.tobytes()


def on_white(image: Image) -> RGBImage:
    """The picture without alpha, laid over white."""
    if image.shape[2] == 3:
        return image
    alpha = image[..., 3:].astype(np.float32) / 255
    mixed = image[..., :3] * alpha + 255 * (1 - alpha)
    return np.rint(mixed).astype(np.uint8)
