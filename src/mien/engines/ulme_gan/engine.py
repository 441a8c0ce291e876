"""The ULME-GAN engine: AU rows through the generator, and what it changes onto the portrait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.engines.lift import Lift
from mien.engines.weights import load_weights, need_torch, weights_record
from mien.errors import UsageError, WeightsError
from mien.face.portrait import Portrait
from mien.motion.still import still_aus
from mien.types import Image

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from mien.models.ulme_gan import Generated, Generator

ARCHITECTURE = "ulme-gan"
JAW_CM = 2.0
"""How far a jaw that is painted open may drop below the chin."""
SAME_AS = {"AU43": "AU45"}
"""Units that look alike in one picture: a closed eye is a blink's."""


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What takes a while and is the same for all clips of a portrait."""

    portrait: Portrait
    lift: Lift
    image: Tensor
    seen: Tensor
    own: Float32[np.ndarray, " aus"]


@dataclass(frozen=True)
class UlmeGanEngine:
    """Moves a portrait by a generator conditioned on AUs (ULME-GAN).

    What the generator makes of the AUs asked for, minus what it makes of none, is the change that the
    portrait gets: a face that is asked to do nothing stays as it is, bit for bit, whatever the
    generator does to every picture.

    Attributes:
        weights: A folder of weights; None takes those that come with Mien.
        mode: ``relative``: the track says how the portrait's face changes. ``absolute``: it says which AUs
            are to be seen, those that the portrait shows already included.
        batch_size: Frames computed at once.
        device: Where, in PyTorch's words; None takes a GPU if there is one.
        precision: ``bfloat16`` computes the convolutions in it, twice as fast and on average a twentieth
            of a grey level off; ``auto`` does so where the processor has it.
    """

    weights: Path | None = None
    mode: Literal["relative", "absolute"] = "relative"
    batch_size: int = 8
    device: str | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    name: str = "ulme-gan"
    # A frozen engine's changing parts: empty or one generator, empty or the last portrait.
    _net: list[Generator] = field(default_factory=list, init=False, repr=False, compare=False)
    _last: list[_Prepared] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.mode not in ("relative", "absolute"):
            raise UsageError(f"expected mode relative or absolute, got {self.mode!r}")
        if self.precision not in ("auto", "float32", "bfloat16"):
            raise UsageError(
                f"expected precision auto, float32 or bfloat16, got {self.precision!r}"
            )
        if self.batch_size < 1:
            raise UsageError(f"expected a batch_size of at least 1, got {self.batch_size}")

    @property
    def aus(self) -> tuple[str, ...]:
        """The AUs that the generator knows, in the order of its input."""
        return self.generator.config.aus

    @property
    def generator(self) -> Generator:
        """The network, read at its first use.

        Raises:
            WeightsError: The weights are another network's, or damaged.
            MissingExtraError: PyTorch is not installed.
        """
        if not self._net:
            self._net.append(load_generator(self.weights, self.device))
        return self._net[0]

    @property
    def record(self) -> dict[str, Any]:
        """What an output's record says of the network, JSON values: its weights and their hashes."""
        return weights_record(self.weights or bundled_weights())

    def unknown_units(self, track: AUTrack) -> tuple[str, ...]:
        """The units that move in a track and that the generator does not know."""
        known = {side for name in self.aus for side in sided_names(name)}
        return tuple(name for name in _moving(track) if _alike(name) not in known)

    def render(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield one frame for each row of the track; see `mien.engines.base.Engine.render`.

        Raises:
            UsageError: A unit that the generator does not know moves in the track.
        """
        unknown = self.unknown_units(track)
        if unknown:
            raise UsageError(
                f"the {self.name} engine does not know {' '.join(unknown)}: leave that out; or use "
                "--engine rig"
            )
        prepared = self._prepare(portrait)
        rest, rows = self._inputs(prepared, track)
        return self._frames(prepared, rest, rows)

    def changes(
        self, portrait: Portrait, track: AUTrack
    ) -> Iterator[tuple[Float32[np.ndarray, "size size 3"], Float32[np.ndarray, "size size"]]]:
        """Yield, for each row, the change of the square on a scale of [-1, 1], and the attention (1 keeps a pixel)."""
        prepared = self._prepare(portrait)
        rest, rows = self._inputs(prepared, track)
        return self._changes(prepared, rest, rows)

    def attention(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield, for each row, where the generator repaints: the portrait in grey, repainted places in colour."""
        lift = self._prepare(portrait).lift
        grey = np.repeat(portrait.image[..., :3].mean(-1, keepdims=True) * 0.6, 3, axis=-1)
        for _, attention in self.changes(portrait, track):
            share = lift.enlarge(1 - attention)[..., None]
            colour = grey * (1 - share) + np.array([255.0, 96.0, 32.0]) * share
            yield np.rint(colour).clip(0, 255).astype(np.uint8)

    def _frames(self, prepared: _Prepared, rest: np.ndarray, rows: np.ndarray) -> Iterator[Image]:
        for change, _ in self._changes(prepared, rest, rows):
            yield prepared.lift.apply(change)

    def _changes(
        self, prepared: _Prepared, rest: np.ndarray, rows: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The generator's work, each different row once in a run of equal ones."""
        at_rest = self._generate(prepared, rest[None])[0][0]
        for start in range(0, len(rows), self.batch_size):
            batch = rows[start : start + self.batch_size]
            new = np.concatenate([[True], (batch[1:] != batch[:-1]).any(axis=1)])
            images, attention = self._generate(prepared, batch[new])
            for index in np.cumsum(new) - 1:
                yield images[index] - at_rest, attention[index]

    def _generate(self, prepared: _Prepared, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, S, S, 3) pictures in [-1, 1] and (N, S, S) attentions of AU rows."""
        import torch

        with torch.inference_mode(), self._precision(prepared.image.device):
            made: Generated = self.generator.forward_seen(
                prepared.image, prepared.seen, torch.from_numpy(rows).to(prepared.image.device)
            )
            images = made.images.permute(0, 2, 3, 1).float().cpu().numpy()
            return images, made.attention[:, 0].float().cpu().numpy()

    def _precision(self, device: torch.device) -> AbstractContextManager[Any]:
        import torch

        has_it = device.type != "cpu" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        used = self.precision == "bfloat16" or (self.precision == "auto" and has_it)
        return torch.autocast(device.type, dtype=torch.bfloat16, enabled=used)

    def _inputs(
        self, prepared: _Prepared, track: AUTrack
    ) -> tuple[Float32[np.ndarray, " aus"], Float32[np.ndarray, "frames aus"]]:
        """The generator's input at rest and for each row of the track, over 5."""
        asked = _columns(track.to_sided(), self.aus) / np.float32(MAX_INTENSITY)
        own = prepared.own
        if self.generator.config.conditioning == "relative":
            rows = asked if self.mode == "relative" else asked - own
            return np.zeros_like(own), rows
        rows = np.clip(asked + own, 0, 1) if self.mode == "relative" else asked
        return own, rows

    def _prepare(self, portrait: Portrait) -> _Prepared:
        import torch

        last = next(iter(self._last), None)
        if last is not None and last.portrait is portrait:
            return last
        net = self.generator
        lift = Lift(portrait, net.config.image_px, chin_cm=JAW_CM)
        device = net.stem.weight.device
        image = torch.from_numpy(lift.seen.transpose(2, 0, 1)[None].copy()).to(device)
        with torch.inference_mode(), self._precision(device):
            seen = net.look_at(image)
        readings = still_aus(portrait.face).intensities
        row = np.zeros((1, len(RIG_NAMES)), np.float32)
        for name, intensity in readings.items():
            row[0, RIG_NAMES.index(name)] = intensity
        own = _columns(row, self.aus)[0] / np.float32(MAX_INTENSITY)
        self._last[:] = [_Prepared(portrait, lift, image, seen, own)]
        return self._last[0]


@dataclass(frozen=True)
class AttentionView:
    """Shows where a generator repaints, in place of what it paints."""

    engine: UlmeGanEngine

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    def render(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield `UlmeGanEngine.attention`."""
        return self.engine.attention(portrait, track)


def load_generator(weights: Path | None = None, device: str | None = None) -> Generator:
    """Read a generator for use.

    Args:
        weights: A folder of weights; None takes those that come with Mien.
        device: Where it shall work; None takes a GPU if there is one.

    Raises:
        WeightsError: The weights are another network's, damaged, or do not fit their card.
        MissingExtraError: PyTorch is not installed.
        UsageError: There is no such device.
    """
    need_torch()
    import torch

    from mien.models.ulme_gan import Generator, GeneratorConfig

    found = load_weights(weights or bundled_weights(), ARCHITECTURE)
    try:
        net = Generator(GeneratorConfig(**{**found.config, "aus": tuple(found.config["aus"])}))
        net.load_state_dict(dict(found.tensors))
    except (KeyError, TypeError, RuntimeError, UsageError) as error:
        reason = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"the weights do not fit their card ({reason}): export them anew"
        ) from error
    try:
        place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        return net.eval().requires_grad_(False).to(place)
    except (RuntimeError, AssertionError) as error:
        raise UsageError(f"expected a device such as cpu or cuda, got {device!r}") from error


def bundled_weights() -> Path:
    """The folder of the weights that come with Mien."""
    return Path(str(files("mien") / "assets" / "ulme_gan"))


def _moving(track: AUTrack) -> tuple[str, ...]:
    """The sided units that are not 0 throughout."""
    values = track.to_sided()
    return tuple(name for column, name in enumerate(RIG_NAMES) if values[:, column].any())


def _alike(name: str) -> str:
    for one, other in SAME_AS.items():
        if name.rstrip("LR") == one:
            return name.replace(one, other)
    return name


def _columns(
    sided: Float32[np.ndarray, "frames sided"], aus: tuple[str, ...]
) -> Float32[np.ndarray, "frames aus"]:
    """Intensities of the generator's AUs out of those of the rig's: a both-sided AU is the sides' mean."""
    merged = np.array(sided, np.float32)
    for column, name in enumerate(RIG_NAMES):
        if _alike(name) != name:
            other = RIG_NAMES.index(_alike(name))
            merged[:, other] = np.maximum(merged[:, other], merged[:, column])
    return np.stack(
        [merged[:, [RIG_NAMES.index(s) for s in sided_names(name)]].mean(1) for name in aus], axis=1
    )
