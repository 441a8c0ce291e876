"""Files whose credentials cannot be read have no signer; none of them ends the check with an error."""

from __future__ import annotations

import hashlib
import struct

import pytest

from mien.verify.signer import _chain, signer_fingerprint


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def labelled(label: str, *content: bytes) -> bytes:
    description = box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\0")
    return box(b"jumb", description + b"".join(content))


def png(store: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", len(store), b"caBX") + store + bytes(4)


def signature(leaf: bytes) -> bytes:
    """COSE_Sign1: tag 18, four items, the chain with one certificate in the protected header."""
    header = b"\xa2\x01\x26\x18\x21\x81" + b"\x59" + struct.pack(">H", len(leaf)) + leaf
    protected = b"\x59" + struct.pack(">H", len(header)) + header
    return b"\xd2\x84" + protected + b"\xa1\x63pad\x41\x00" + b"\xf6" + b"\x41\x00"


def test_the_certificate_of_the_active_manifest(tmp_path):
    ingredient = labelled("urn:a", labelled("c2pa.signature", box(b"cbor", signature(b"theirs"))))
    active = labelled("urn:b", labelled("c2pa.signature", box(b"cbor", signature(b"ours"))))
    file = tmp_path / "a.png"
    file.write_bytes(png(labelled("c2pa", ingredient, active)))
    for name, leaf in (("urn:a", b"theirs"), ("urn:b", b"ours")):
        expected = hashlib.sha256(leaf).hexdigest()
        assert signer_fingerprint(file, "image/png", name) == expected
    assert signer_fingerprint(file, "image/png", "urn:c") is None
    assert signer_fingerprint(file, "image/gif", "urn:a") is None
    assert signer_fingerprint(file, "image/jpeg", "urn:a") is None


@pytest.mark.parametrize(
    "cbor",
    [
        b"",
        b"\xd2",
        b"\x81" * 5000,
        b"\x9f\xff",
        b"\xd2\x84\x40\xa0\xf6\x40",
        b"\x84\x43\xa1\x18\x21\xa0\xf6\x40",
        b"\x9b" + b"\xff" * 8,
    ],
)
def test_a_signature_that_is_none(tmp_path, cbor):
    file = tmp_path / "a.png"
    manifest = labelled("urn:a", labelled("c2pa.signature", box(b"cbor", cbor)))
    file.write_bytes(png(labelled("c2pa", manifest)))
    assert signer_fingerprint(file, "image/png", "urn:a") is None


@pytest.mark.parametrize("kind", ["image/png", "image/gif", "video/mp4"])
def test_files_that_are_cut(tmp_path, kind):
    file = tmp_path / "a"
    for content in (b"", b"\0" * 40, b"\xff" * 40, b"\x21\xff\x0bC2PA_GIF\x01\x00\x00\x05a"):
        file.write_bytes(content)
        assert signer_fingerprint(file, kind, "urn:a") is None


@pytest.mark.parametrize("name", [33, "x5chain"])
def test_a_second_chain_is_not_believed(name: int | str) -> None:
    """The signature does not cover the unprotected header, so anybody can put another's certificate there."""
    assert _chain({name: [b"own"]}, {}) == [b"own"]
    assert _chain({}, {"x5chain": b"own"}) == b"own"
    for other in (33, "x5chain"):
        with pytest.raises(LookupError, match="expected one chain of certificates, got 2"):
            _chain({name: [b"own"]}, {other: [b"stranger"]})
    with pytest.raises(LookupError, match="got 0"):
        _chain({}, {})
