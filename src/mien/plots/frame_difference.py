"""How a frame differs in brightness from the first frame of its clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32

from mien.plots.page import FAINT, LINE, bare
from mien.types import RGBImage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage


def brightness_change(image: RGBImage, first: RGBImage) -> Float32[np.ndarray, "height width"]:
    """Return how much brighter each pixel is than in the first frame, grey levels (-255 to 255)."""
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # luma, ITU-R BT.601
    change: np.ndarray = (image.astype(np.float32) - first.astype(np.float32)) @ weights
    return change


def draw_change(axes: Axes, image: RGBImage, first: RGBImage, limit: float) -> AxesImage:
    """Draw the change of a frame: red brighter, blue darker, full colour at ``limit`` levels."""
    drawn = axes.imshow(
        brightness_change(image, first),
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
        interpolation="antialiased",
        aspect="auto",
    )
    bare(axes)
    return drawn


def draw_colour_bar(figure: Figure, drawn: AxesImage, bar: Axes, limit: float) -> None:
    """Draw the colour bar of `draw_change` into its own axes."""
    colour_bar = figure.colorbar(drawn, cax=bar, ticks=[-limit, 0, limit])
    colour_bar.ax.set_yticklabels([f"−{limit:.0f}", "0", f"+{limit:.0f}"], fontsize=8.5)
    colour_bar.ax.tick_params(length=2, color=FAINT)
    colour_bar.outline.set(edgecolor=LINE, linewidth=0.6)
    bar.set_title("levels", fontsize=8.5, color=FAINT, pad=6, loc="left")
