"""Show frames as the look options say: placed, in an oval, and followed by a mask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from mien.engines.base import TrackSession, frame_shape, own_shape
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.generate.backward_mask import TILE, noise_mask, scrambled_mask
from mien.generate.look_options import LookOptions
from mien.generate.oval import in_oval, oval_weights
from mien.generate.placing import Eyes, Placing, Shown, placed, placing, wanted_eyes
from mien.types import Image

MOST_ENLARGED = 1.5
"""Scale from which a note warns that the picture is enlarged and looks soft."""


@dataclass(frozen=True, eq=False)
class Look:
    """How the frames of one portrait are shown.

    Attributes:
        options: What was asked for.
        shape: (height, width, channels) of the frames.
        eyes: The eyes in the frames.
        to_frame: Affine map from the engine's frames to the shown ones; None if the engine's frames are not moved.
        weights: Weight of each pixel in the oval; None without an oval.
    """

    options: LookOptions
    shape: tuple[int, int, int]
    eyes: Eyes
    to_frame: Placing | None
    weights: Float32[np.ndarray, "height width"] | None

    @classmethod
    def of(cls, options: LookOptions, session: TrackSession) -> Look:
        """Return the look of a session's frames.

        Raises:
            UsageError: The session shows its network's own picture, in which the portrait's face has another place.
        """
        if own_shape(session) is not None and (options.changes_frames or options.mask != "none"):
            raise UsageError(
                "expected frames of the portrait for --size, --oval and --mask, got --show raw: leave one of them out"
            )
        return cls.on(options, session.portrait, frame_shape(session))

    @classmethod
    def on(
        cls, options: LookOptions, portrait: Portrait, shape: tuple[int, ...] | None = None
    ) -> Look:
        """Return the look of a portrait's frames; their ``shape`` before placing is the picture's by default."""
        height, width, channels = shape or portrait.image.shape
        eyes, to_frame = Eyes.of(portrait.face), None
        if options.size_px is not None:
            wanted = wanted_eyes(options.size_px, options.eye_distance_px, options.eye_height_px)
            to_frame, eyes = placing(eyes, wanted), wanted
            width, height = options.size_px
        weights = oval_weights((height, width), eyes) if options.oval else None
        return cls(options, (height, width, channels), eyes, to_frame, weights)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know about the frames, one line each."""
        scale = 1.0 if self.to_frame is None else float(np.hypot(*self.to_frame[:, 0]))
        if scale < MOST_ENLARGED:
            return ()
        return (
            f"the face is enlarged {scale:.1f} times to have its eyes where --size wants them, which looks soft: use "
            "a larger picture or a smaller --size",
        )

    def frame(self, image: Image) -> Shown:
        """Return one of the engine's frames as it is shown."""
        return self._in_oval(self._placed(image))

    def _placed(self, image: Image) -> Shown:
        if self.to_frame is None:
            return image
        size_px = self.shape[1], self.shape[0]
        return placed(image, self.to_frame, size_px, self.options.background)

    def _in_oval(self, image: Shown) -> Shown:
        if self.weights is None:
            return image
        return in_oval(image, self.weights, self.options.background)

    def mask(self, rest: Image, seed: int) -> Shown:
        """Return the picture that follows the clip.

        Args:
            rest: The portrait at rest, as the engine shows it.
            seed: Seed of the mask; the same seed gives the same mask.
        """
        still = self._placed(rest)
        seen = None if self.weights is None else self.weights > 0.5
        if self.options.mask == "noise":
            return self._in_oval(noise_mask(self._filled(still, seen), seed))
        tile_px = max(2, round(TILE * self.eyes.distance_px))
        return self._in_oval(scrambled_mask(still, seed, tile_px, seen))

    def _filled(self, still: Shown, seen: np.ndarray | None) -> Shown:
        """Return a frame with the face's mean colour around the oval, so that its edge does not enter the spectrum."""
        if seen is None or not seen.any():
            return still
        made = still.copy()
        made[~seen, :3] = np.floor(still[seen][:, :3].mean(axis=0) + 0.5).astype(np.uint8)
        return made

    def frames(
        self, images: Iterable[Image], rest: Image, fps: Fraction, seed: int
    ) -> Iterator[Image]:
        """Yield a clip's frames as they are shown, and then the mask.

        Args:
            images: The engine's frames.
            rest: The portrait at rest, as the engine shows it.
            fps: Frames a second.
            seed: Seed of the mask.
        """
        for image in images:
            yield self.frame(image)
        if count := self.options.mask_frames(float(fps)):
            mask = self.mask(rest, seed)
            for _ in range(count):
                yield mask


def mask_seed(sha256: str) -> int:
    """Return the seed of a mask; deterministic per portrait, so all clips of a portrait end with the same mask."""
    return int(sha256[:8], 16)
