"""A page of figures laid out in inches, so that margins do not depend on the clip."""

from __future__ import annotations

import os
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import OutputError
from mien.io.atomic import atomic_file, check_writable
from mien.io.file_names import visible
from mien.io.mark import SyntheticMark
from mien.io.png import with_text
from mien.types import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT, LINE = "#222222", "#8a8a8a", "#d0d0d0"
DPI = 150
SIDE_INCHES = 0.8
"""Left and right margin."""
WIDTH_INCHES = 12.0
INNER_INCHES = WIDTH_INCHES - 2 * SIDE_INCHES
"""Width between the margins."""


_PLAIN: dict[str, Any] = {"parse_math": False}
"""Turn formulas off: a name may contain a dollar sign, which would start one."""


class Page:
    """A white page. Positions are inches from its top left corner.

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
        """Add axes at a position."""
        box = (
            left / WIDTH_INCHES,
            1 - (top + height) / self.height,
            width / WIDTH_INCHES,
            height / self.height,
        )
        return self.figure.add_axes(box)

    def text(self, left: float, top: float, text: str, **look: Any) -> None:
        """Add text whose left middle is at a position.

        Args:
            left: Position.
            top: Position.
            text: The text.
            **look: Properties of matplotlib's text.
        """
        full: dict[str, Any] = {"va": "center", "color": INK, "fontsize": 10, **_PLAIN, **look}
        self.figure.text(left / WIDTH_INCHES, 1 - top / self.height, visible(text), **full)

    def row_label(self, top: float, text: str, gap: float = 0.25) -> None:
        """Add vertical text in the left margin.

        Args:
            top: The text's middle.
            text: The text.
            gap: Distance from the page's content.
        """
        self.text(SIDE_INCHES - gap, top, text, rotation=90, ha="center")

    def heading(self, title: str, facts: str, facts_top: float = 0.64) -> None:
        """Add the page's title, and a line of facts below it."""
        self.text(SIDE_INCHES, 0.35, title, fontsize=14, weight="bold")
        self.text(SIDE_INCHES, facts_top, facts, fontsize=9.5, color=FAINT)

    def picture(
        self, left: float, top: float, width: float, height: float, image: Image, title: str = ""
    ) -> Axes:
        """Add a picture without ticks, with its title above."""
        axes = self.axes(left, top, width, height)
        axes.imshow(image, interpolation="lanczos", aspect="auto")
        bare(axes)
        if title:
            axes.set_title(visible(title), fontsize=9.5, pad=5, color=INK, **_PLAIN)
        return axes

    def save(self, out: str | os.PathLike[str], mark: SyntheticMark) -> Path:
        """Write the page as PNG, atomically.

        Args:
            out: The file.
            mark: The statement that is written into the file.

        Raises:
            OutputError: The file cannot be written.
        """
        target = Path(out)
        drawn = BytesIO()
        with warnings.catch_warnings():
            # A name may have characters that the font lacks; they are drawn as boxes.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            self.figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})
        with atomic_file(target) as temporary:
            temporary.write_bytes(with_text(drawn.getvalue(), mark.as_text()))
        return target


def bare(axes: Axes) -> None:
    """Remove the ticks, and draw a thin frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(color=LINE, linewidth=0.6)


def check_plot(out: str | os.PathLike[str], what: str = "plot") -> None:
    """Refuse a page that cannot be written.

    Args:
        out: The file.
        what: The page's name in the message.

    Raises:
        OutputError: Not a ``.png``, or a place that cannot be written.
    """
    target = Path(out)
    if target.suffix.lower() != ".png":
        raise OutputError(f"expected a {what} ending in .png, got {target.name}")
    check_writable(target)
