"""Content credentials (C2PA, https://c2pa.org): a signed record of how a file came to be, inside the file.

Nothing here uses the network: no time stamp is asked for, and no certificate or record is fetched.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from mien.errors import OutputError, UsageError
from mien.io.credentials_extra import c2pa_library, offline
from mien.io.mark import SyntheticMark
from mien.io.plain_file import read_file
from mien.io.signing_key import signing_algorithm
from mien.io.sinks import OutputKind
from mien.version import __version__

if TYPE_CHECKING:
    from c2pa import Builder

Relationship: TypeAlias = Literal["parentOf", "inputTo"]

FORMATS: dict[OutputKind, str] = {"mp4": "video/mp4", "gif": "image/gif", "png": "image/png"}
"""The formats that can be signed; C2PA has no form for Matroska."""

MOST_BYTES = 1_000_000
"""Largest file with certificates or a key, in bytes."""


@dataclass(frozen=True)
class Ingredient:
    """A file that went into a signed output.

    Attributes:
        role: What it is, for people. File names may be private and are left out.
        sha256: Hash of its content.
        path: The file, whose own content credentials go into the output; None if the ingredient is not a file.
        relationship: ``parentOf`` for the file that was changed, ``inputTo`` for one that says how it is changed.
    """

    role: str
    sha256: str
    path: Path | None
    relationship: Relationship


@dataclass(frozen=True)
class Credentials:
    """A certificate and its private key, with which outputs are signed.

    Attributes:
        certificate: The certificate, then those of its issuers, in PEM.
        key: The private key in PEM.
        algorithm: C2PA's name of the signature's algorithm, such as ``es256``.
        fingerprint: SHA-256 of the certificate, 64 hexadecimal digits.
    """

    certificate: bytes = field(repr=False)
    key: bytes = field(repr=False)
    algorithm: str
    fingerprint: str

    @classmethod
    def read(cls, certificate: Path, key: Path) -> Self:
        """Read both files.

        Raises:
            MissingExtraError: The extra ``credentials`` is not installed.
            UsageError: A file cannot be read or is not in PEM, or the two do not belong together.
        """
        c2pa_library()
        chain, secret = (_content(path) for path in (certificate, key))
        algorithm, fingerprint = signing_algorithm(chain, secret, (certificate, key))
        return cls(chain, secret, algorithm, fingerprint)

    def check(self, kind: OutputKind) -> None:
        """Refuse a format that cannot be signed.

        Raises:
            OutputError: The format is mkv.
        """
        if kind not in FORMATS:
            raise OutputError(
                f"expected an output that can be signed (.mp4, .gif or a folder of PNGs), got .{kind}: "
                "choose another or leave out --credentials"
            )

    def sign(
        self, clip: Path, kind: OutputKind, mark: SyntheticMark, ingredients: Sequence[Ingredient]
    ) -> None:
        """Sign a file in place; in a folder, sign each frame.

        Args:
            clip: The file or folder, complete.
            kind: Its format.
            mark: The metadata that it carries.
            ingredients: The files that went in; one of them is the parent.

        Raises:
            OutputError: The clip cannot be signed.
        """
        library = c2pa_library()
        self.check(kind)
        files = sorted(clip.glob("*.png")) if kind == "png" else [clip]
        try:
            for file in files:
                self._sign_file(library, file, FORMATS[kind], mark, ingredients)
        except library.C2paError as error:
            reason = " ".join(str(error).split())
            raise OutputError(
                f"cannot sign the clip with this certificate: {reason}; C2PA needs a certificate for signing "
                "documents, followed by those of its issuers"
            ) from error

    def _sign_file(
        self,
        library: Any,
        file: Path,
        mime: str,
        mark: SyntheticMark,
        ingredients: Sequence[Ingredient],
    ) -> None:
        info = library.C2paSignerInfo(self.algorithm, self.certificate, self.key, None)
        context = library.Context(offline(library), library.Signer.from_info(info))
        known = set(library.Builder.get_supported_mime_types())
        kinds = [None if each.path is None else media_type(each.path) for each in ingredients]
        read = [kind in known for kind in kinds]
        definition = {
            "claim_generator_info": [{"name": "Mien", "version": __version__}],
            "title": mark.title,
            # C2PA cannot read these ingredients, so they have no credentials of their own.
            "ingredients": [
                {"format": kind or "application/octet-stream", **_described(each)}
                for each, kind, readable in zip(ingredients, kinds, read, strict=True)
                if not readable
            ],
        }
        builder = library.Builder(definition, context)
        builder.set_intent(library.C2paBuilderIntent.EDIT)
        for each, kind, readable in zip(ingredients, kinds, read, strict=True):
            if readable and each.path is not None:
                with each.path.open("rb") as content:
                    builder.add_ingredient(_described(each), kind, content)
        builder.add_action(
            {
                "action": "c2pa.edited",
                "digitalSourceType": mark.source_uri,
                "description": mark.comment,
            }
        )
        _sign_in_place(builder, file, mime)


@dataclass(frozen=True)
class Signing:
    """The credentials and the ingredients with which one clip is signed.

    Attributes:
        credentials: The certificate and the key.
        ingredients: The files that went in; one of them is the parent.
    """

    credentials: Credentials
    ingredients: tuple[Ingredient, ...]

    def sign(self, clip: Path, kind: OutputKind, mark: SyntheticMark) -> None:
        """Sign a clip; see `Credentials.sign`."""
        self.credentials.sign(clip, kind, mark, self.ingredients)


def media_type(path: Path) -> str | None:
    """Return the media type of a picture or film by its first bytes; None for a folder or an unknown format."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return "image/webp" if head[8:12] == b"WEBP" else None
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)


_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif"}
_BRANDS |= {b"avif": "image/avif", b"avis": "image/avif", b"qt  ": "video/quicktime"}
_STARTS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
)


def _described(ingredient: Ingredient) -> dict[str, str]:
    return {
        "title": ingredient.role,
        "relationship": ingredient.relationship,
        "instance_id": f"sha256:{ingredient.sha256}",
    }


def _sign_in_place(builder: Builder, file: Path, mime: str) -> None:
    with file.open("r+b") as source, tempfile.TemporaryFile(dir=file.parent) as signed:
        builder.sign(mime, source, signed)
        signed.seek(0)
        source.seek(0)
        shutil.copyfileobj(signed, source)
        source.truncate()


def _content(path: Path) -> bytes:
    return read_file(path, UsageError, MOST_BYTES)
