"""Read from signed content credentials which certificate signed them; the library gives only its names.

The credentials are a tree of JUMBF boxes (ISO 19566-5); their place in the file depends on its format. The box
``c2pa.signature`` holds a COSE signature (RFC 9052) in CBOR (RFC 8949), whose header ``x5chain`` (RFC 9360) begins with
the signer's certificate. The library has already checked the signature; here it is only read.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_MP4_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_GIF_START = b"\x21\xff\x0bC2PA_GIF\x01\x00\x00"
_X5CHAIN = (33, "x5chain")
"""The header's number, and its name in older files."""

_DEEPEST = 16
"""Most levels of CBOR that are read; a signature has four."""


def signer_fingerprint(file: Path, kind: str, manifest: str) -> str | None:
    """Return the SHA-256 of the certificate that signed a file, 64 hexadecimal digits.

    Args:
        file: The file, whose credentials the library has found valid.
        kind: Its media type: ``video/mp4``, ``image/gif`` or ``image/png``, the types that Mien signs.
        manifest: Label of the active manifest; those of ingredients are in the file too.

    Returns:
        The hash; None if the certificate cannot be found.
    """
    read = _STORES.get(kind)
    if read is None:
        return None
    try:
        store = read(file.read_bytes())
        signature = _content(_labelled(_labelled(store, manifest), "c2pa.signature"), b"cbor")
        protected, unprotected, *_ = _cbor(signature)
        chain = _chain(_cbor(protected), unprotected)
        leaf = chain if isinstance(chain, bytes) else chain[0]
        return hashlib.sha256(leaf).hexdigest()
    except (ValueError, LookupError, TypeError, StopIteration, struct.error):
        return None


def _chain(protected: dict[Any, Any], unprotected: dict[Any, Any]) -> Any:
    """Return the signer's certificates; the signature covers only the protected header.

    Raises:
        LookupError: There is no chain, or more than one: then one of them may be somebody else's.
    """
    chains = [
        header[name] for header in (protected, unprotected) for name in _X5CHAIN if name in header
    ]
    if len(chains) != 1:
        raise LookupError(f"expected one chain of certificates, got {len(chains)}")
    return chains[0]


def _mp4_store(data: bytes) -> bytes:
    for kind, content in _boxes(data):
        if kind == b"uuid" and content.startswith(_MP4_UUID):
            # Version and flags, the purpose as text that ends with a zero, and an offset of 8 bytes follow.
            return content[content.index(b"\0", 20) + 9 :]
    raise ValueError("no box with credentials")


def _png_store(data: bytes) -> bytes:
    place = 8
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"caBX":
            return data[place + 8 : place + 8 + size]
        place += 12 + size
    raise ValueError("no chunk with credentials")


def _gif_store(data: bytes) -> bytes:
    place = data.index(_GIF_START) + len(_GIF_START)
    store = bytearray()
    while size := data[place]:
        store += data[place + 1 : place + 1 + size]
        place += 1 + size
    return bytes(store)


_STORES: dict[str, Callable[[bytes], bytes]] = {
    "video/mp4": _mp4_store,
    "image/png": _png_store,
    "image/gif": _gif_store,
}


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each box, in mp4 and JUMBF alike."""
    place = 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
            head = 16
        elif size == 0:
            size = len(data) - place
        if size < head:
            raise ValueError("a box that is smaller than its own head")
        yield kind, data[place + head : place + size]
        place += size


def _labelled(data: bytes, label: str) -> bytes:
    """Return the content of the box with a label, in a store or in one of its boxes."""
    for kind, content in _boxes(data):
        if kind != b"jumb":
            continue
        description = _content(content, b"jumd")
        # A type of 16 bytes and a byte of flags come before the label.
        if description[17:].partition(b"\0")[0] == label.encode():
            return content
        if description[17:].partition(b"\0")[0] == b"c2pa":  # the store itself
            return _labelled(content, label)
    raise ValueError(f"no box {label}")


def _content(data: bytes, kind: bytes) -> bytes:
    return next(content for found, content in _boxes(data) if found == kind)


def _cbor(data: bytes) -> Any:
    return _item(data, 0, 0)[0]


def _item(data: bytes, place: int, depth: int) -> tuple[Any, int]:
    """Return a CBOR item, and where the next one begins; items of indefinite length are not supported."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    major, info = divmod(data[place], 32)
    place += 1
    value: Any = info
    if info >= 24:
        size = {24: 1, 25: 2, 26: 4, 27: 8}[info]
        value = int.from_bytes(data[place : place + size], "big")
        place += size
    if major in (2, 3):
        content = data[place : place + value]
        return (content if major == 2 else content.decode()), place + value
    if major == 4:
        items = []
        for _ in range(value):
            item, place = _item(data, place, depth + 1)
            items.append(item)
        return items, place
    if major == 5:
        pairs = {}
        for _ in range(value):
            key, place = _item(data, place, depth + 1)
            pairs[key], place = _item(data, place, depth + 1)
        return pairs, place
    if major == 6:
        return _item(data, place, depth + 1)
    return (-1 - value if major == 1 else value), place
