"""Write XMP, the metadata that picture and film programs read.

Source: ISO 16684-1; for its place in files, part 3 of the XMP specification.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

PNG_KEYWORD = "XML:com.adobe.xmp"
"""The keyword of PNG's ``iTXt`` chunk that holds XMP."""

_MP4_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_GIF_HEAD = b"\x21\xff\x0bXMP DataXMP"
_GIF_TAIL = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
"""Ends the packet for readers that take it for GIF's blocks, each of which begins with its length: whatever byte they
read as a length, it leads them to the end."""

_GIF_END = b"\x3b"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{comment}</rdf:li></rdf:Alt></dc:description>
{ingredients}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_INGREDIENTS = (
    "<xmpMM:Ingredients><rdf:Bag>{items}</rdf:Bag></xmpMM:Ingredients>\n",
    '<rdf:li rdf:parseType="Resource"><stRef:documentID>{name}</stRef:documentID></rdf:li>',
)


def xmp_packet(
    source_uri: str, tool: str, title: str, comment: str, ingredients: Sequence[str] = ()
) -> str:
    """Return a packet of XMP.

    Args:
        source_uri: The address of IPTC's digital source type.
        tool: The program that made the file.
        title: One short line.
        comment: One sentence or two.
        ingredients: Identifiers of the files that went in.
    """
    bag, item = _INGREDIENTS
    items = "".join(item.format(name=escape(name)) for name in ingredients)
    return _PACKET.format(
        source=escape(source_uri),
        tool=escape(tool),
        title=escape(title),
        comment=escape(comment),
        ingredients=bag.format(items=items) if items else "",
    )


def append_to_mp4(path: Path, packet: str) -> None:
    """Append a packet to an mp4. At the end of the file it changes no offset."""
    data = _MP4_UUID + packet.encode("utf-8")
    with path.open("ab") as file:
        file.write(struct.pack(">I", 8 + len(data)) + b"uuid" + data)


def append_to_gif(path: Path, packet: str) -> None:
    """Insert a packet before the last byte of a GIF.

    Raises:
        ValueError: The file does not end with GIF's end mark.
    """
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        if file.read(1) != _GIF_END:
            raise ValueError(f"expected a complete GIF, got {path}, which lacks GIF's last byte")
        file.seek(-1, os.SEEK_END)
        file.write(_GIF_HEAD + packet.encode("utf-8") + _GIF_TAIL + _GIF_END)
