"""A page of figures laid out in inches, so that margins are alike whatever the clip."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import OutputError
from mien.io.atomic import atomic_file, check_writable
from mien.types import Image
from mien.version import __version__

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT, LINE = "#222222", "#8a8a8a", "#d0d0d0"
DPI = 150
SIDE_INCHES = 0.8
WIDTH_INCHES = 12.0


class Page:
    """A white page. Places count from its top left corner, in inches.

    Args:
        height: In inches.
    """

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = height
        self.figure = Figure(figsize=(WIDTH_INCHES, height), facecolor="white")
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place."""
        box = (
            left / WIDTH_INCHES,
            1 - (top + height) / self.height,
            width / WIDTH_INCHES,
            height / self.height,
        )
        return self.figure.add_axes(box)

    def text(self, left: float, top: float, text: str, **look: Any) -> None:
        """Text whose left middle is at a place."""
        full: dict[str, Any] = {"va": "center", "color": INK, "fontsize": 10, **look}
        self.figure.text(left / WIDTH_INCHES, 1 - top / self.height, text, **full)

    def heading(self, title: str, facts: str) -> None:
        """The page's title, and a line of facts under it."""
        self.text(SIDE_INCHES, 0.35, title, fontsize=14, weight="bold")
        self.text(SIDE_INCHES, 0.64, facts, fontsize=9.5, color=FAINT)

    def picture(
        self, left: float, top: float, width: float, height: float, image: Image, title: str = ""
    ) -> Axes:
        """A picture without axes, its title above."""
        axes = self.axes(left, top, width, height)
        axes.imshow(image, interpolation="lanczos", aspect="auto")
        bare(axes)
        if title:
            axes.set_title(title, fontsize=9.5, pad=5, color=INK)
        return axes

    def save(self, out: str | os.PathLike[str]) -> Path:
        """Write the page as PNG, whole or not at all.

        Raises:
            OutputError: The place cannot be written.
        """
        target = Path(out)
        with atomic_file(target) as temporary:
            self.figure.savefig(
                temporary, format="png", dpi=DPI, metadata={"Software": f"Mien {__version__}"}
            )
        return target


def bare(axes: Axes) -> None:
    """Take the ticks off, leave a thin frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(color=LINE, linewidth=0.6)


def check_plot(out: str | os.PathLike[str]) -> None:
    """Refuse a page that cannot be written: OutputError."""
    target = Path(out)
    if target.suffix.lower() != ".png":
        raise OutputError(f"expected a plot ending in .png, got {target.name}")
    check_writable(target)
