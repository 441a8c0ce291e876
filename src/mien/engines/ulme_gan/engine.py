"""The ULME-GAN engine: a generator conditioned on AUs, whose change of the face is added to the portrait."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from mien.engines.base import KnownAUs
from mien.engines.compute import pick_device, uses_bfloat16
from mien.engines.network_settings import RigOrNetwork
from mien.engines.ulme_gan.columns import known_sided
from mien.engines.ulme_gan.flow_session import FlowSession
from mien.engines.ulme_gan.generator import bundled_weights, load_generator
from mien.engines.ulme_gan.session import UlmeGanSession
from mien.engines.ulme_gan.settings import NAME, UlmeGanSettings
from mien.engines.weights import read_card, weights_record
from mien.face.portrait import Portrait

if TYPE_CHECKING:
    from mien.models.ulme_gan import Generator


class UlmeGanEngine:
    """Moves a portrait by a generator conditioned on AUs (ULME-GAN).

    The generator's picture with the requested AUs, minus its picture of the resting face, is the change that is added
    to the portrait. With a generator that has a flow, the flow moves the portrait's own pixels, and only what the
    generator paints is added. With relative intensities, a row of zeros leaves the portrait as it is, bit for bit.
    By default the rig moves the lids (AU5, AU43 and AU45) before the generator changes the rest
    (`UlmeGanSettings.lids`), and draws the mouth where the flow parts the lips (`UlmeGanSettings.mouth`).

    Args:
        settings: See `UlmeGanSettings`; None for the defaults.
    """

    name = NAME

    def __init__(self, settings: UlmeGanSettings | None = None) -> None:
        self.settings = settings or UlmeGanSettings()
        self._folder = self.settings.weights or bundled_weights()

    @cached_property
    def generator(self) -> Generator:
        """The network, read at its first use.

        Raises:
            WeightsError: The weights are another network's, or damaged.
            MissingExtraError: PyTorch is not installed.
            UsageError: There is no such device.
        """
        return load_generator(self.settings.weights, self.settings.device)

    @cached_property
    def aus(self) -> tuple[str, ...]:
        """The generator's AUs in the order of its input, read from the weights' card.

        Raises:
            WeightsError: There is no card, or the weights are another network's.
        """
        return tuple(read_card(self._folder, NAME).config["aus"])

    @property
    def known_aus(self) -> KnownAUs:
        """The sided AUs that the generator can move."""
        return known_sided(self.aus)

    def prepare(self, portrait: Portrait) -> UlmeGanSession:
        """Read the network and encode the portrait."""
        kind = FlowSession if self.generator.config.flow else UlmeGanSession
        return kind(portrait, self.generator, self.settings)

    def record(self) -> dict[str, Any]:
        """Return the weights and their hashes, what makes lids and mouth, device and precision, as JSON values."""
        device = pick_device(self.settings.device)
        half = uses_bfloat16(device, self.settings.precision)
        return weights_record(self._folder) | {
            "lids": self.settings.lids_by,
            "mouth": self._mouth_by,
            "device": device.type,
            "precision": "bfloat16" if half else "float32",
        }

    @property
    def _mouth_by(self) -> RigOrNetwork:
        moves = read_card(self._folder, NAME).config.get("flow", False)
        return self.settings.mouth if moves and self.settings.show != "raw" else "network"
