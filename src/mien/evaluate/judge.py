"""Judge pictures that were made of a portrait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32

from mien.errors import MissingExtraError, NoFaceError, UsageError
from mien.evaluate.figures import Figures
from mien.evaluate.judge_options import JudgeOptions
from mien.face.portrait import Portrait
from mien.install import install_command
from mien.metrics.ghosting import Residual, face_residual
from mien.metrics.gmsd import gmsd
from mien.metrics.identity import embedding
from mien.metrics.pixels import l1
from mien.metrics.reenact import face_hull
from mien.metrics.sharpness import sharpness_ratio
from mien.metrics.ssim import ssim
from mien.types import Image, Mask

if TYPE_CHECKING:
    from mien.metrics.lpips import Lpips, Perceived


@dataclass(eq=False)
class Readers:
    """The networks that judge pictures, read once, and what is missing.

    Attributes:
        lpips: The perceptual distance; None if its weights are not installed, or it was not asked for.
        identity: Returns the embedding of a picture's face; None if its package is not installed.
        notes: What a user must know, one line each.
    """

    lpips: Lpips | None = None
    identity: Callable[[Image], Float32[np.ndarray, " 128"]] | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, *, lpips: bool) -> Readers:
        """Read the networks that are installed; a note names the extra of each missing one.

        Args:
            lpips: Whether LPIPS is asked for.

        Raises:
            WeightsError: The weights of LPIPS are not the expected ones.
        """
        readers = cls(identity=embedding)
        if lpips:
            try:
                readers.lpips = _load_lpips()
            except MissingExtraError as error:
                readers.notes.append(f"no lpips: {error}")
        try:
            embedding(np.zeros((64, 64, 3), np.uint8))
        except MissingExtraError as error:
            readers.identity = None
            readers.notes.append(f"no identity: {error}")
        except NoFaceError:
            pass  # the package is installed; a black picture has no face
        return readers


def _load_lpips() -> Lpips:
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(f"LPIPS needs PyTorch: {install_command('perceptual')}") from error
    from mien.metrics.lpips import Lpips

    return Lpips.load()


@dataclass(frozen=True, eq=False)
class Judged:
    """One picture's figures, and what a clip's figures are made of.

    Attributes:
        figures: The figures.
        residual: The differences from the portrait; None if ghosting was not measured.
        perceived: Features of the result and the reference; None without LPIPS or a reference.
        embedding: The embedding of the result's face; None without a face, or without the recogniser.
    """

    figures: Figures
    residual: Residual | None = None
    perceived: Perceived | None = None
    embedding: Float32[np.ndarray, " 128"] | None = None


class Judge:
    """Judges pictures that were made of one portrait.

    Args:
        portrait: The picture that was moved, with its face.
        options: Which figures, and in which region.
        readers: The networks.
        ghosts: Whether ghosting is measured.
        name: The portrait's name in messages.

    Raises:
        NoFaceError: The recogniser finds no face in the portrait.
        UsageError: The portrait has no detail.
    """

    def __init__(
        self,
        portrait: Portrait,
        options: JudgeOptions,
        readers: Readers,
        *,
        ghosts: bool = True,
        name: str = "the portrait",
    ) -> None:
        self.portrait, self.options, self.readers = portrait, options, readers
        self.ghosts = ghosts
        self.hull = face_hull(portrait.face, *portrait.image.shape[:2])
        self.mask: Mask | None = self.hull if options.region == "face" else None
        self.own = None
        if readers.identity is not None:
            try:
                self.own = readers.identity(portrait.image)
            except NoFaceError as error:
                raise NoFaceError(f"{name}: {error}") from error

    def judge(self, frame: Image, reference: Image | None = None) -> Judged:
        """Judge a picture.

        Args:
            frame: The result, of the portrait's size.
            reference: What it should look like; None leaves out the figures that need it.

        Raises:
            UsageError: The pictures differ in size.
        """
        figures: dict[str, float | None] = {}
        perceived: Perceived | None = None
        if reference is not None:
            figures, perceived = self.differences(frame, reference)
        seen = self.embedding(frame)
        figures["identity"] = None if seen is None or self.own is None else float(seen @ self.own)
        figures["sharpness"] = sharpness_ratio(self.portrait.image, frame, self.hull)
        residual = None
        if self.ghosts:
            residual = face_residual(self.portrait, frame, self.options.flow)
            figures["ghosting"] = residual.ratio if residual.before > 0 else None
        return Judged(Figures(**figures), residual, perceived, seen)

    def differences(
        self, frame: Image, reference: Image
    ) -> tuple[dict[str, float | None], Perceived | None]:
        """Return L1, SSIM, GMSD and LPIPS of two pictures, and the features behind LPIPS."""
        if frame.shape != reference.shape:
            raise UsageError(
                f"expected pictures of one size, got {frame.shape} and {reference.shape}"
            )
        lpips = self.readers.lpips
        perceived = None if lpips is None else lpips.compare(frame, reference, self.mask)
        figures = {
            "l1": l1(frame, reference, self.mask),
            "ssim": ssim(frame, reference, self.mask),
            "gmsd": gmsd(frame, reference, self.mask),
            "lpips": None if perceived is None else perceived.distance,
        }
        return figures, perceived

    def embedding(self, frame: Image) -> Float32[np.ndarray, " 128"] | None:
        """Return the embedding of a picture's face; None without a face, or without the recogniser."""
        if self.readers.identity is None:
            return None
        try:
            return self.readers.identity(frame)
        except NoFaceError:
            return None
