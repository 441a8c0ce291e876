"""Settings of the FOMM and MRAA engines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mien.engines.network_settings import NetworkSettings, RigOrNetwork
from mien.engines.settings import setting
from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.models.motion_config import MotionConfig

FOMM_NAME = "fomm"
MRAA_NAME = "mraa"


@dataclass(frozen=True, kw_only=True)
class MotionNetSettings(NetworkSettings):
    """Settings that FOMM and MRAA share.

    Raises:
        UsageError: A value out of its range, or values that do not fit together.
    """

    prior: Literal["none", "ewp", "awp"] | None = setting(
        None,
        "Facial prior. By default that of the weights, or awp if no weights are given. With none, the network finds "
        "its own points in the driver's pictures.",
    )
    points: int | None = setting(
        None,
        "Number of facial points to follow; by default that of the weights, 18 as published.",
        metavar="N",
        least=1,
    )
    jacobians: Literal["learned", "measured"] | None = setting(
        None,
        "How the surroundings of a point rotate and stretch: as the network finds it in the driver's pictures "
        "(learned, as published), or as measured in the driver's motion, without its pictures (measured). The default "
        "is the one with which the weights were trained.",
    )
    driving: Literal["relative", "absolute"] = setting(
        "relative",
        "What moves the portrait: the driver's change since its neutral frame, or the driver's own positions, which "
        "give the portrait the driver's face shape as well.",
    )
    calibrate: bool = setting(
        True,
        "With relative driving, scale the motion until its measured size on the portrait equals that on the driver. In "
        "the published systems the network determines the size.",
    )
    show: Literal["frames", "raw"] = setting(
        "frames",
        "Show the portrait in motion (frames), or the network's own square picture as the paper's system gives it "
        "(raw), which is not calibrated.",
    )
    lids: RigOrNetwork = setting(
        "rig",
        "What closes the portrait's lids when the driver blinks: the rig, or the network's motion, which leaves them "
        "partly open. Has an effect only with relative driving and a network that does not use the driver's pictures.",
        advanced=True,
    )
    painted: bool = setting(
        True, "Add the pixels that the network paints to those that it moves.", advanced=True
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.driving != "relative" and self.jacobians == "measured":
            raise UsageError(
                f"--jacobians measured needs --driving relative, got {self.driving}: leave --jacobians out"
            )
        if self.prior == "none" and self.jacobians == "measured":
            raise UsageError(
                "expected --jacobians measured with a prior, got --prior none: nothing is measured at points that a "
                "network finds"
            )

    def check_transfer(self, *, blinks: bool) -> None:
        """Raise UsageError if lids must stay still, but there is no prior or the driving is not relative."""
        if self.driving != "relative" and not blinks:
            raise UsageError(
                f"expected --no-blinks with --driving relative, got {self.driving}: it takes the driver's lids as they "
                "are"
            )
        if self.prior == "none" and not blinks:
            raise UsageError(
                "expected --no-blinks with a prior, got --prior none: a network that finds its own points moves lids "
                "as it likes"
            )


def measured_maps_asked(settings: MotionNetSettings, config: MotionConfig) -> bool:
    """Return whether the linear maps around points are measured: as asked, or as the weights were trained.

    False unless the driving is relative: the maps are measured on the driver's change since its neutral frame.
    """
    if settings.driving != "relative":
        return False
    if settings.jacobians is None:
        return config.measured_maps
    return settings.jacobians == "measured"


def lids_by(settings: MotionNetSettings, *, needs_frames: bool) -> RigOrNetwork:
    """Return what closes the portrait's lids.

    Args:
        settings: The engine's settings.
        needs_frames: Whether the network looks at the driver's pictures, and so at the driver's lids.
    """
    alone = needs_frames or settings.driving != "relative" or settings.show == "raw"
    return "network" if alone else settings.lids


@dataclass(frozen=True, kw_only=True)
class FommSettings(MotionNetSettings):
    """Settings of the FOMM engine."""


@dataclass(frozen=True, kw_only=True)
class MraaSettings(MotionNetSettings):
    """Settings of the MRAA engine."""

    prior: Literal["none", "awp"] | None = setting(
        None,
        "Facial prior. By default that of the weights, or awp if no weights are given. With none, the network finds "
        "its own regions in the driver's pictures.",
    )
    driving: Literal["relative", "absolute", "avd"] = setting(  # type: ignore[assignment]
        "relative",
        "What moves the portrait: the driver's change since its neutral frame; the driver's own regions, which give "
        "the portrait the driver's face shape as well; or these regions in the portrait's face shape, as the network "
        "of --avd converts them.",
        needs={"avd": "avd"},
    )
    avd: Path | None = setting(
        None,
        "With --driving avd: weights of the network that gives the driver's pose the portrait's shape, made by "
        "mien train avd or mien weights import --avd.",
        metavar="FOLDER",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.driving == "avd") != (self.avd is not None):
            raise UsageError(
                "expected --driving avd and --avd FOLDER together, got one of them: AVD is a network of its own, made "
                "by mien train avd or mien weights import --avd"
            )
