"""A portrait that ULME-GAN's generator has encoded, and the clips made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES
from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.engines.base import Frames
from mien.engines.checks import check_known
from mien.engines.compute import in_precision
from mien.engines.lids import LidMover
from mien.engines.lift import Lift, as_picture
from mien.engines.ulme_gan.columns import (
    closures,
    generator_columns,
    known_sided,
    lid_columns,
    raised,
)
from mien.engines.ulme_gan.settings import NAME, UlmeGanSettings
from mien.face.portrait import Portrait
from mien.motion.blinks import own_lids
from mien.motion.still import still_aus
from mien.types import Image

if TYPE_CHECKING:
    from torch import Tensor

    from mien.models.ulme_gan import Generated, Generator, GeneratorConfig

JAW_CM = 2.0
"""How far below the chin a jaw that is painted open may drop, canonical centimetres."""

FOREHEAD_CM = 2.2
"""How far above the square the motion of the brows goes on while it fades out, canonical centimetres."""

REPAINTED_RGB = (255.0, 96.0, 32.0)
"""The colour of repainted places when the attention is shown."""

Change: TypeAlias = tuple[np.ndarray, np.ndarray]
"""The change of the square (S, S, 3) on a scale of [-1, 1], and the attention (S, S), 1 where a pixel is kept."""


class UlmeGanSession:
    """A portrait that the generator has encoded.

    Args:
        portrait: The portrait.
        net: The generator.
        settings: The engine's settings.
    """

    def __init__(self, portrait: Portrait, net: Generator, settings: UlmeGanSettings) -> None:
        import torch

        self.portrait, self.net, self.settings = portrait, net, settings
        self._lift = lift_of(portrait, net.config)
        self._device = net.stem.weight.device
        seen = self._lift.seen.transpose(2, 0, 1)[None].copy()
        self._image = torch.from_numpy(seen).to(self._device)
        with torch.inference_mode(), in_precision(self._device, settings.precision):
            self._seen = net.look_at(self._image)
        row = np.zeros((1, len(RIG_NAMES)), np.float32)
        for name, intensity in still_aus(portrait.face).intensities.items():
            row[0, RIG_NAMES.index(name)] = intensity
        self._shown = row[0]
        self._own = generator_columns(row, net.config.aus)[0] / np.float32(MAX_INTENSITY)
        self._lids = LidMover(portrait)

    @property
    def own_shape(self) -> tuple[int, int, int] | None:
        """Shape of the network's own picture if that is shown; None if the portrait is."""
        size = self.net.config.image_px
        return (size, size, 3) if self.settings.show == "raw" else None

    def render(self, track: AUTrack) -> Frames:
        """Make one frame for each row of the track; see `mien.engines.base.TrackSession.render`.

        Raises:
            UsageError: The track moves an AU that the generator does not know.
        """
        check_known(NAME, known_sided(self.net.config.aus), track)
        shows = {"frames": self._images, "attention": self._attention, "raw": self._raw}
        return Frames(shows[self.settings.show](track), track)

    def changes(self, track: AUTrack) -> Iterator[Change]:
        """Yield what the generator changes for each row; equal neighbouring rows are computed once for each batch."""
        rest, rows = self._inputs(track)
        at_rest = self._generate(rest[None])[0][0]
        for image, attention in self._each(rows, self._generate):
            yield image - at_rest, attention

    def _each(
        self, rows: np.ndarray, make: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield what a function makes of each row; it gets batches of rows without equal neighbours."""
        size = self.settings.batch_size
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            new = np.concatenate([[True], (batch[1:] != batch[:-1]).any(axis=1)])
            first, second = make(batch[new])
            for index in np.cumsum(new) - 1:
                yield first[index], second[index]

    def _images(self, track: AUTrack) -> Iterator[Image]:
        for (change, _), image in zip(self.changes(track), self._pictures(track), strict=True):
            yield self._lift.apply(change, image=image)

    def _pictures(self, track: AUTrack) -> Iterator[Image]:
        """Yield the picture that the generator changes in each frame: the portrait, with lids moved by the rig."""
        if self.settings.lids_by == "rig":
            relative = self.settings.au_mode == "relative"
            shown = np.zeros_like(self._shown) if relative else self._shown
            shut, open_ = closures(track.to_sided(), shown), raised(track.to_sided(), shown)
            if any(share.any() for share in (*shut.values(), *open_.values())):
                yield from self._lids.moved(own_lids(shut, open_, self.portrait.face))
                return
        yield from repeat(self.portrait.image, len(track))

    def _raw(self, track: AUTrack) -> Iterator[Image]:
        """Yield the generator's own square picture."""
        rest, _ = self._inputs(track)
        at_rest = self._generate(rest[None])[0][0]
        for change, _ in self.changes(track):
            yield as_picture(at_rest + change)

    def _attention(self, track: AUTrack) -> Iterator[Image]:
        """Yield the portrait in grey, with the places in colour that the generator repaints."""
        grey = np.repeat(self.portrait.image[..., :3].mean(-1, keepdims=True) * 0.6, 3, axis=-1)
        for _, attention in self.changes(track):
            share = self._lift.enlarge(1 - attention)[..., None]
            colour = grey * (1 - share) + np.array(REPAINTED_RGB) * share
            drawn = np.rint(colour).clip(0, 255).astype(np.uint8)
            yield np.concatenate([drawn, self.portrait.image[..., 3:]], axis=-1)

    def _generate(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (N, S, S, 3) pictures in [-1, 1] and (N, S, S) attentions of AU rows."""
        made = self._made(rows)
        return channels_last(made.images), channels_last(made.attention)[..., 0]

    def _made(self, rows: np.ndarray) -> Generated:
        """Run the generator on AU rows (N, A)."""
        import torch

        with torch.inference_mode(), in_precision(self._device, self.settings.precision):
            return self.net.forward_seen(
                self._image, self._seen, torch.from_numpy(rows).to(self._device)
            )

    def _inputs(
        self, track: AUTrack
    ) -> tuple[Float32[np.ndarray, " aus"], Float32[np.ndarray, "frames aus"]]:
        """Return the generator's input at rest and for each row of the track: intensities divided by 5.

        If the rig moves the lids, the AUs that move them are those of rest.
        """
        rest, rows = self._all_inputs(track)
        if self.settings.lids_by == "rig":
            lids = lid_columns(self.net.config.aus)
            rows[:, lids] = rest[lids]
        return rest, rows

    def _all_inputs(
        self, track: AUTrack
    ) -> tuple[Float32[np.ndarray, " aus"], Float32[np.ndarray, "frames aus"]]:
        """Return the same as `_inputs`, with the AUs that move the lids."""
        config = self.net.config
        asked = generator_columns(track.to_sided(), config.aus) / np.float32(MAX_INTENSITY)
        own, relative = self._own, self.settings.au_mode == "relative"
        if config.conditioning == "relative":
            return np.zeros_like(own), asked if relative else asked - own
        return own, np.clip(asked + own, 0, 1) if relative else asked


def channels_last(maps: Tensor) -> Float32[np.ndarray, "batch height width channels"]:
    """Return maps (B, C, H, W) of the network as (B, H, W, C)."""
    result: np.ndarray = maps.permute(0, 2, 3, 1).float().cpu().numpy()
    return result


def lift_of(portrait: Portrait, config: GeneratorConfig) -> Lift:
    """Return the square of a portrait that a generator sees."""
    return Lift(
        portrait,
        config.image_px,
        chin_cm=JAW_CM,
        side_cm=config.square_cm,
        down_cm=config.square_down_cm,
        above_cm=FOREHEAD_CM if config.flow else 0.0,
    )
