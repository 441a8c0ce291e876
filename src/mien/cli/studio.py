"""``mien studio``: design and transfer micro-expressions in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.common.option_help import option
from mien.errors import MissingExtraError, UsageError
from mien.install import install_command


@dataclass(frozen=True, kw_only=True)
class Studio:
    """Open the studio in the browser: design a micro-expression on a photograph, or transfer one from a clip.

    The studio runs on this computer only, only you can open it, and it needs no network. Ctrl-C ends it.
    """

    port: Annotated[int, tyro.conf.arg(metavar="N")] = 8765
    """The port on this computer; 0 chooses a free one."""

    folder: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = Path("mien-studio")
    """The folder of portraits, projects and exports: plain files that only you can read."""

    browser: bool = True
    """Open the browser, or only print the address."""

    starter: Annotated[Path | None, option("FOLDER")] = None
    """Write a file that starts the studio with a double click into this folder, such as the desktop, and exit."""

    credentials: CredentialsFlag = None
    """Sign exported mp4, gif and PNGs with content credentials (C2PA): PEM files of a certificate and its key."""

    def run(self) -> int:
        """Serve the studio until Ctrl-C."""
        if not 0 <= self.port <= 65535:
            raise UsageError(f"expected --port from 0 to 65535, got {self.port}")
        try:
            import fastapi
            import uvicorn
        except ImportError as error:
            raise MissingExtraError(
                "the studio needs FastAPI and uvicorn, which are not installed: "
                f"{install_command('studio')}"
            ) from error
        del fastapi, uvicorn
        if self.starter is not None:
            from mien.cli.say import say
            from mien.studio.starter import write_starter

            say(f"{write_starter(self.starter, self.folder)}: double-click it to start the studio")
            return 0
        from mien.studio.serve import serve

        credentials = read_credentials(self.credentials)
        return serve(self.folder, self.port, open_browser=self.browser, credentials=credentials)
