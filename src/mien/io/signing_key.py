"""Check that a certificate and a private key belong together, and find the algorithm with which they sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command

MIN_RSA_BITS = 2048
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


def signing_algorithm(chain: bytes, key: bytes, names: tuple[Path, Path]) -> tuple[str, str]:
    """Return C2PA's name of a key's signature algorithm, and the certificate's SHA-256, 64 hexadecimal digits.

    Args:
        chain: The certificate, then those of its issuers, in PEM.
        key: The private key in PEM, without a password.
        names: Both files, for messages.

    Raises:
        MissingExtraError: The package cryptography is not installed.
        UsageError: A file is not the expected one, the two do not belong together, or C2PA does not allow the key.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
    except ImportError as error:
        raise MissingExtraError(
            f"signing needs cryptography, which is not installed: {install_command('credentials')}"
        ) from error
    if b"-----BEGIN CERTIFICATE-----" not in chain:
        raise UsageError(
            f"expected a certificate (BEGIN CERTIFICATE) in {names[0]}, got none: the certificate comes first, "
            "then the key"
        )
    if b"-----BEGIN PRIVATE KEY-----" not in key and b"ENCRYPTED" not in key:
        raise UsageError(
            f"expected a PKCS#8 key in {names[1]}, got another: convert it with openssl "
            f"pkcs8 -topk8 -nocrypt -in {names[1]} -out new.pem"
        )
    try:
        certificate = x509.load_pem_x509_certificates(chain)[0]
    except ValueError as error:
        raise UsageError(
            f"expected a certificate in PEM, got {names[0]}: {_line(error)}"
        ) from error
    try:
        secret = serialization.load_pem_private_key(key, None)
    except TypeError as error:
        raise UsageError(f"expected a key without a password, got {names[1]} with one") from error
    except Exception as error:  # cryptography also raises errors of the library that it is built on
        raise UsageError(
            f"expected a private key in PEM, got {names[1]}: {_line(error)}"
        ) from error
    if _public(secret.public_key()) != _public(certificate.public_key()):
        raise UsageError(f"expected the key of the certificate {names[0]}, got another: {names[1]}")
    return _algorithm(secret, names[1]), certificate.fingerprint(hashes.SHA256()).hex()


def _algorithm(secret: Any, name: Path) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(secret, ec.EllipticCurvePrivateKey) and secret.curve.name in _CURVES:
        return _CURVES[secret.curve.name]
    if isinstance(secret, rsa.RSAPrivateKey) and secret.key_size >= MIN_RSA_BITS:
        return "ps256"
    if isinstance(secret, ed25519.Ed25519PrivateKey):
        return "ed25519"
    raise UsageError(
        f"expected a key that C2PA allows (P-256, P-384, P-521, Ed25519, or RSA of {MIN_RSA_BITS} bits or more), "
        f"got another in {name}"
    )


def _public(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
