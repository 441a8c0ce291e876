"""Render single frames of a clip quickly: work that depends on the portrait alone is done once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.au.track import AUTrack
from mien.common.screen import difference
from mien.engines.base import TrackEngine, TrackSession
from mien.engines.checks import shows_portrait
from mien.face.crop import FaceCrop
from mien.face.portrait import Face, Portrait
from mien.types import Image, RGBImage


def scaled_face(face: Face, factor: float) -> Face:
    """Return the same face in a smaller copy of its picture.

    The face is scaled, not detected again, so that a preview moves exactly as the clip.

    Args:
        face: The face in the original picture.
        factor: Width of the copy divided by the original width.
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
    """Return the portrait with its longer side at most ``size_px``; the portrait itself if it is no larger."""
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
    """A portrait at the size of a preview, prepared by an engine.

    Attributes:
        session: The portrait at that size, ready to be moved.
    """

    session: TrackSession

    @classmethod
    def of(cls, portrait: Portrait, engine: TrackEngine, size_px: int) -> Preview:
        """Prepare a portrait for previews whose longer side is at most ``size_px``."""
        session = engine.prepare(scaled_portrait(portrait, size_px))
        made = cls(shows_portrait(session, "a preview"))
        # Render one frame that moves a little, because some of the preparation happens at the first frame.
        known = engine.known_aus
        name = next(au for au in RIG_NAMES if known is None or au in known)
        next(made.session.render(AUTrack((name,), np.array([[0.5]], np.float32), np.zeros(1))))
        return made

    @property
    def portrait(self) -> Portrait:
        """The portrait at the preview's size."""
        return self.session.portrait

    def frame(self, track: AUTrack | None, time_seconds: float) -> Image:
        """Render the frame nearest to a time.

        Args:
            track: The AU track; None for the portrait at rest.
            time_seconds: Time since the clip's start.
        """
        if track is None:
            return self.portrait.image
        index = int(np.abs(track.times_seconds - time_seconds).argmin())
        return next(self.frames(track, [index]))

    def frames(self, track: AUTrack, indices: list[int]) -> Iterator[Image]:
        """Render some frames of a track, in the order given."""
        for index in indices:
            # One row at a time: the caller may stop after any frame.
            row = AUTrack(track.names, track.values[index : index + 1], np.zeros(1))
            yield next(self.session.render(row))

    def difference(self, frame: Image, magnify: float) -> RGBImage:
        """Draw the difference of a frame and the portrait on mid-grey.

        Args:
            frame: Frame of this preview.
            magnify: Factor by which the difference is multiplied.

        Returns:
            (H, W, 3) uint8.
        """
        return difference(self.portrait.image, frame, magnify)
