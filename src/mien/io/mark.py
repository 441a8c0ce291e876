"""The metadata of every output: that it is synthetic, and from which files it was made."""

from __future__ import annotations

from dataclasses import dataclass

from mien.io.digital_source import DIGITAL_SOURCE_URI, DigitalSource
from mien.io.xmp import PNG_KEYWORD, xmp_packet
from mien.version import __version__


@dataclass(frozen=True)
class SyntheticMark:
    """The metadata of an output. Its texts are plain ASCII, so that every format can hold them.

    Attributes:
        title: One short line.
        comment: One sentence or two.
        source: IPTC's digital source type, which says how the output was made; None if Mien cannot know it.
        ingredients: SHA-256 of each file that went in. File names may be private and are left out.
    """

    title: str = f"Synthetic: facial movements made with Mien {__version__}"
    comment: str = (
        "Synthetic: the movements of this face were computed, nobody made them before a camera. "
        f"Made with Mien {__version__}."
    )
    source: DigitalSource | None = "compositeSynthetic"
    ingredients: tuple[str, ...] = ()

    @property
    def source_uri(self) -> str | None:
        """The address of IPTC's digital source type; None without a source."""
        return None if self.source is None else DIGITAL_SOURCE_URI + self.source

    @property
    def ingredient_ids(self) -> tuple[str, ...]:
        """The identifiers of the ingredients, each of the form ``sha256:...``."""
        return tuple(f"sha256:{digest}" for digest in self.ingredients)

    def xmp(self) -> str | None:
        """Return the mark as a packet of XMP; None without a source."""
        if self.source_uri is None:
            return None
        tool = f"Mien {__version__}"
        return xmp_packet(self.source_uri, tool, self.title, self.comment, self.ingredient_ids)

    def as_text(self) -> dict[str, str]:
        """Return the texts by PNG's registered keywords, and the XMP by its keyword."""
        texts = {"Title": self.title, "Comment": self.comment, "Software": f"Mien {__version__}"}
        packet = self.xmp()
        return texts if packet is None else texts | {PNG_KEYWORD: packet}

    def as_tags(self) -> dict[str, str]:
        """Return the mark as tags of Matroska, which has no place for XMP."""
        tags = {"title": self.title, "comment": self.comment}
        if self.source_uri is not None:
            tags["DIGITAL_SOURCE_TYPE"] = self.source_uri
        if self.ingredients:
            tags["INGREDIENTS"] = " ".join(self.ingredient_ids)
        return tags
