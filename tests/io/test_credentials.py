"""Which files sign, and what is refused before any work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mien.errors import MissingExtraError, OutputError, UsageError
from mien.io.credentials import Credentials, media_type
from tests.certificates import KEYS, PEM, certificate, ec, make_signer, private_pem

c2pa = pytest.importorskip("c2pa", reason="needs the extra credentials")


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_keys_that_c2pa_allows(tmp_path, algorithm):
    signer = make_signer(tmp_path, algorithm)
    credentials = Credentials.read(signer.chain, signer.key)
    assert credentials.algorithm == algorithm and len(credentials.fingerprint) == 64
    assert (
        signer.key.read_text() not in repr(credentials)
        and b"PRIVATE" not in repr(credentials).encode()
    )


def test_files_that_do_not_sign(tmp_path):
    signer, other = make_signer(tmp_path / "a"), make_signer(tmp_path / "b")
    locked, weak, empty = (tmp_path / name for name in ("locked", "weak", "empty"))
    locked.write_bytes(private_pem(KEYS["es256"](), b"secret"))
    weak.write_bytes(private_pem(ec.generate_private_key(ec.SECP256K1())))
    empty.write_bytes(b"")
    for chain, key, says in (
        (signer.chain, other.key, "expected the key of the certificate"),
        (signer.key, signer.key, "expected a certificate"),
        (signer.chain, signer.chain, "expected a PKCS#8 key"),
        (signer.chain, locked, "without a password"),
        (signer.chain, weak, "expected the key of the certificate"),
        (signer.chain, empty, "expected a PKCS#8 key"),
        (empty, signer.key, "expected a certificate"),
        (tmp_path / "none", signer.key, "cannot read"),
        (signer.chain, tmp_path, "cannot read"),
    ):
        with pytest.raises(UsageError, match=says) as caught:
            Credentials.read(chain, key)
        assert "\n" not in str(caught.value) and "PRIVATE" not in str(caught.value)


def test_without_the_extra(tmp_path, monkeypatch):
    signer = make_signer(tmp_path)
    for package in ("c2pa", "cryptography"):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, package, None)
            with pytest.raises(MissingExtraError, match=r"\[credentials\]"):
                Credentials.read(signer.chain, signer.key)


def test_matroska_is_refused_before_any_work(tmp_path, face_file):
    from mien.cli.main import main

    signer = make_signer(tmp_path / "ca")
    words = ["generate", str(face_file), "--expression", "fear", "--out", str(tmp_path / "a.mkv")]
    assert main([*words, "--credentials", str(signer.chain), str(signer.key)]) == 2
    assert not list(tmp_path.glob("*a.mkv*"))
    with pytest.raises(OutputError, match=r"got \.mkv"):
        Credentials.read(signer.chain, signer.key).check("mkv")


def test_a_certificate_that_c2pa_refuses_leaves_no_clip(tmp_path, face_file, capsys):
    """The authority's own: it may certify, and not sign documents."""
    from mien.cli.main import main

    signer = make_signer(tmp_path / "ca")
    key = KEYS["es256"]()
    own = certificate("x", key, "x", key)
    signer.chain.write_bytes(own.public_bytes(PEM))
    signer.key.write_bytes(private_pem(key))
    words = ["generate", str(face_file), "--expression", "fear", "--out", str(tmp_path / "a.gif")]
    words += ["--fps", "25", "--credentials", str(signer.chain), str(signer.key)]
    assert main(words) == 2
    err = capsys.readouterr().err
    assert "cannot sign the clip with this certificate" in err and "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"", None),
        (b"hello", None),
    ],
)
def test_kinds_by_content_and_not_by_name(tmp_path: Path, head, kind):
    (tmp_path / "a.png").write_bytes(head)
    assert media_type(tmp_path / "a.png") == kind
    assert media_type(tmp_path) is None
