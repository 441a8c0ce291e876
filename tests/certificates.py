"""A certificate authority for tests, made when it is needed: it vouches for nobody outside them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cryptography", reason="needs the extra credentials")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM
KEYS = {
    "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ps256": lambda: rsa.generate_private_key(65537, 2048),
}


@dataclass(frozen=True)
class Signer:
    """Files of a signer.

    Attributes:
        chain: The signer's certificate and the authority's.
        key: The signer's private key.
        root: The authority's certificate alone.
    """

    chain: Path
    key: Path
    root: Path


def make_signer(folder: Path, algorithm: str = "es256", person: str = "Test Lab") -> Signer:
    """Make an authority, a signer and their files."""
    folder.mkdir(exist_ok=True)
    authority_key, key = KEYS["es256"](), KEYS[algorithm]()
    authority = certificate("Test authority", authority_key, "Test authority", authority_key)
    leaf = certificate(person, key, "Test authority", authority_key)
    signer = Signer(folder / "chain.pem", folder / "key.pem", folder / "root.pem")
    signer.chain.write_bytes(leaf.public_bytes(PEM) + authority.public_bytes(PEM))
    signer.root.write_bytes(authority.public_bytes(PEM))
    signer.key.write_bytes(private_pem(key))
    return signer


def private_pem(key: Any, password: bytes | None = None) -> bytes:
    """A private key as the content of a file."""
    secret = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, secret)


def certificate(subject: str, key: Any, issuer: str, issuer_key: Any) -> Any:
    """A certificate; an authority's if it certifies itself."""
    authority = subject == issuer
    now = datetime.datetime.now(datetime.UTC)
    usage = {
        **dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment"), False),
        **dict.fromkeys(("key_agreement", "encipher_only", "decipher_only"), False),
        **dict.fromkeys(("key_cert_sign", "crl_sign"), authority),
        "digital_signature": not authority,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if not authority:
        mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(mail, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common: str) -> Any:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mien's tests")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])
