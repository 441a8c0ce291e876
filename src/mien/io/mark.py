"""What every output says of itself: that it is synthetic."""

from __future__ import annotations

from dataclasses import dataclass

from mien.version import __version__


@dataclass(frozen=True)
class SyntheticMark:
    """The metadata texts that an output carries, plain ASCII so that every format can hold them.

    Attributes:
        title: One short line.
        comment: One sentence or two.
    """

    title: str = f"Synthetic: facial movements made with Mien {__version__}"
    comment: str = (
        "Synthetic: the movements of this face were computed, nobody made them before a camera. "
        f"Made with Mien {__version__}."
    )

    def as_text(self) -> dict[str, str]:
        """Return the texts by the keywords that PNG registers."""
        return {"Title": self.title, "Comment": self.comment, "Software": f"Mien {__version__}"}
