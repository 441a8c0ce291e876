"""Names of the trainable networks: on weight cards, in recipes and on the command line.

Imports nothing, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from typing import Final

ULME_GAN: Final = "ulme-gan"
FOMM: Final = "fomm"
MRAA: Final = "mraa"
AVD: Final = "avd"
