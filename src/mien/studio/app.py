"""The studio as an ASGI application."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from mien.io.credentials import Credentials
from mien.studio import (
    about,
    cells,
    clips,
    comparing,
    drafts,
    engines,
    export_files,
    exports,
    frame_upload,
    job_routes,
    portraits,
    preview,
    projects,
    recoding,
    stimuli,
    studies,
    transfer,
)
from mien.studio.errors import add_handlers, not_found
from mien.studio.guard import Guard
from mien.studio.key import Key
from mien.studio.limits import Limits
from mien.studio.private import private_files
from mien.studio.state import Studio
from mien.version import __version__

STATIC = Path(__file__).parent / "static"


def create_app(
    folder: str | os.PathLike[str],
    limits: Limits | None = None,
    key: Key | None = None,
    credentials: Credentials | None = None,
) -> FastAPI:
    """Make the application of one studio.

    Args:
        folder: Where portraits, projects and exports are kept; made if it is missing.
        limits: What the studio accepts; None for the defaults.
        key: The key that requests must have; None for a new one. It is in the application's ``state.key``.
        credentials: Credentials that sign exports and the clips of sheets; None leaves them unsigned.

    Raises:
        OutputError: The folder cannot be written, is a link, belongs to another user, or is open in another studio.
    """
    limits, key = limits or Limits(), key or Key()
    studio = Studio(Path(folder), limits, credentials)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with private_files():
            yield
            studio.close()

    # FastAPI's documentation pages load scripts from the network, so only /openapi.json is served.
    app = FastAPI(
        title="Mien studio", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.state.studio = studio
    app.state.key = key
    add_handlers(app)
    for part in (
        about,
        engines,
        portraits,
        preview,
        exports,
        export_files,
        projects,
        drafts,
        job_routes,
        clips,
        frame_upload,
        recoding,
        transfer,
        comparing,
        cells,
        stimuli,
        studies,
    ):
        app.include_router(part.router)

    @app.get("/", include_in_schema=False)
    def index() -> FileResponse:
        if not (STATIC / "index.html").is_file():
            raise not_found(
                "the studio's page is missing from this installation of Mien: install it again"
            )
        return FileResponse(STATIC / "index.html")

    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    app.add_middleware(Guard, limits=limits, key=key)
    return app
