"""Engines and weights of the transfer benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias, cast

from benchmarks.ulme_gan import ALONE
from mien.au.recode_mode import RecodeMode
from mien.engines.base import MotionEngine, TrackEngine
from mien.engines.driven import DrivenEngine
from mien.engines.mesh.engine import MeshEngine
from mien.engines.motion_net.engine import MotionNetEngine
from mien.engines.registry import make_engine

NETWORKS = ("fomm-none", "fomm-ewp", "fomm-awp", "fomm-points", "mraa-none", "mraa-awp")
"""Motion networks by architecture and prior; fomm-points follows many points."""

MANY_POINTS = 128
"""Number of points of fomm-points."""


Jacobians: TypeAlias = Literal["learned", "measured"]
"""Where the linear maps around points come from: the network, or the driver's motion (Mien's own addition)."""


@dataclass(frozen=True)
class Way:
    """How motion is transferred: the engine, and how the AUs are re-encoded before, if at all."""

    engine: str
    recode: RecodeMode | None = None

    def __str__(self) -> str:
        """Return its name in tables."""
        return self.engine if self.recode is None else f"{self.engine}, AUMR {self.recode}"


WAYS = (
    *(Way("mesh"), Way("rig"), Way("ulme-gan")),
    *(Way("ulme-gan", mode) for mode in ("linear", "smooth")),
    *(Way(name) for name in NETWORKS),
)


def packaged(way: Way, weights: Path | None) -> MotionEngine:
    """Return the engine of a way that is not a motion network.

    Args:
        way: The way.
        weights: For ulme-gan, whose network alone makes the pictures: the rig closes no lids and draws no mouth.
    """
    if way.engine == "mesh":
        return MeshEngine()
    settings = {"weights": weights, **ALONE} if way.engine == "ulme-gan" else {}
    by_aus = cast(TrackEngine, make_engine(way.engine, "generate", settings))
    return DrivenEngine(by_aus, way.recode, threshold=0)


def network(
    name: str, root: Path | None, painted: bool, jacobians: Jacobians | None = None
) -> MotionNetEngine | None:
    """Return a motion network's engine; None if there are no weights for it.

    Args:
        name: One of `NETWORKS`.
        root: A folder with a folder of weights for each name; None takes the weights that come with Mien.
        painted: Whether the network's painting is used.
        jacobians: Where the linear maps around points come from; None as the weights were trained.
    """
    architecture, kind = name.split("-")
    folder = bundled(architecture, kind) if root is None else root / name
    if not (folder / "card.json").is_file():
        return None
    settings = {"weights": folder, "painted": painted, "jacobians": jacobians}
    return cast(MotionNetEngine, make_engine(architecture, "transfer", settings))


def untrained(name: str) -> MotionNetEngine:
    """Return the engine of a network of our own recipe before training, which a trained one must beat."""
    import torch

    from mien.engines.motion_net.networks import fast
    from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES
    from mien.training.motion.trainer import MotionTrainer

    architecture, kind = name.split("-")
    fomm = architecture == "fomm"
    prior, points = ("awp", MANY_POINTS) if kind == "points" else (kind, None)
    recipe = (FOMM_RECIPES if fomm else MRAA_RECIPES)["ours"]
    torch.manual_seed(0)
    net = MotionTrainer.build_net(recipe.with_prior(prior, points, ours=True)).eval()
    # Before training, the network paints noise.
    made = make_engine(architecture, "transfer", {"painted": False})
    engine = cast(MotionNetEngine, made)
    engine.net = fast(net)
    return engine


def bundled(architecture: str, kind: str) -> Path:
    """Return the folder of weights that come with Mien."""
    return Path(str(files("mien") / "assets" / f"{architecture}_{kind}"))
