"""The key of a running studio, without which nobody can use the studio.

Every user of a computer can connect to its loopback address. Therefore `mien studio` makes a random token at each
start and opens its page with the token in the address. The server exchanges the token for a cookie and sends the
browser to an address without it, so that the token does not stay in the history or in a bookmark.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

PARAMETER = "key"
"""The name of the token in the address."""

_COOKIE = "mien_studio_"
_PORT = re.compile(r":(\d{1,5})$")
_BYTES = 32


def _random() -> str:
    return secrets.token_urlsafe(_BYTES)


@dataclass(frozen=True)
class Key:
    """Two secrets of one start of the studio.

    Attributes:
        token: The secret in the address.
        ticket: The secret in the cookie.
    """

    token: str = field(default_factory=_random, repr=False)
    ticket: str = field(default_factory=_random, repr=False)

    def url(self, address: str) -> str:
        """Return the address that opens the studio.

        Args:
            address: The server's address, such as ``http://127.0.0.1:8765``.
        """
        return f"{address}/?{PARAMETER}={self.token}"

    def opens(self, query: bytes) -> bool:
        """Return whether the query of an address holds the token."""
        values = parse_qs(query.decode("latin-1")).get(PARAMETER, [])
        return any([_equal(value, self.token) for value in values])

    def admits(self, cookies: Iterable[str]) -> bool:
        """Return whether one of a request's ``Cookie`` headers holds the ticket.

        The cookie's port is not compared: a tunnel may lead from another port to this one.
        """
        pairs = [pair.strip().partition("=") for line in cookies for pair in line.split(";")]
        return any(
            [_equal(value, self.ticket) for name, _, value in pairs if name.startswith(_COOKIE)]
        )

    def cookie(self, host: str) -> str:
        """Return the ``Set-Cookie`` header for a browser.

        Browsers send a host's cookies to all its ports. The name holds the port, so that two studios keep separate
        cookies.

        Args:
            host: The request's ``Host`` header, such as ``127.0.0.1:8765``.
        """
        port = _PORT.search(host)
        name = f"{_COOKIE}{port[1] if port else 80}"
        return f"{name}={self.ticket}; Path=/; HttpOnly; SameSite=Strict"


def _equal(got: str, expected: str) -> bool:
    """Compare two secrets in a time that does not depend on how much of them is equal."""
    return hmac.compare_digest(got.encode("utf-8", "replace"), expected.encode())
