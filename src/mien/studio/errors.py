"""Error answers: a JSON object with a message of one line."""

from __future__ import annotations

import logging
import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from mien.errors import MienError
from mien.studio.folder import ID_DIGITS

_OPTION = re.compile(r"(?<![\w-])--(?=[a-z])")
"""The dashes before an option's name."""

_STORED = re.compile(rf"\b[0-9a-f]{{{ID_DIGITS}}}_(?=\S)")
"""The id before a stored file's name."""

log = logging.getLogger("mien.studio")

KINDS = {
    400: "InvalidRequest",
    403: "Refused",
    404: "NotFound",
    405: "InvalidRequest",
    408: "TooSlow",
    409: "Conflict",
    413: "TooLarge",
    416: "InvalidRequest",
    422: "InvalidRequest",
    429: "Busy",
}


def one_line(text: object) -> str:
    """Return text without line breaks and without characters that UTF-8 cannot encode."""
    return " ".join(str(text).split()).encode("utf-8", "replace").decode("utf-8")


def without_options(message: object) -> str:
    """Return a message of the core without the options of the command line, which the page does not have.

    The first clause always stays, with its options as plain words, because it says what is wrong. Later clauses
    that name an option are left out. File names lose the id under which the studio stores them.
    """
    first, *hints = _STORED.sub("", str(message)).split("; ")
    return "; ".join(
        [_OPTION.sub("", first), *(each for each in hints if not _OPTION.search(each))]
    )


def error_json(status: int, kind: str, message: object) -> JSONResponse:
    """Return an error answer."""
    return JSONResponse({"error": {"kind": kind, "message": one_line(message)}}, status)


def not_found(what: str) -> HTTPException:
    """Return a 404 error.

    Args:
        what: The message.
    """
    return HTTPException(404, what)


def validation_message(error: RequestValidationError) -> str:
    """Return the first error in a request: its place and what is wrong."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    more = len(error.errors()) - 1
    rest = f" (and {more} more)" if more else ""
    return f"{place or 'request'}: {first['msg']}{rest}"


def add_handlers(app: FastAPI) -> None:
    """Make an application answer all errors with the JSON of `error_json`."""

    @app.exception_handler(MienError)
    async def mien_error(request: Request, error: MienError) -> JSONResponse:
        return error_json(422, type(error).__name__, without_options(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_json(422, "InvalidRequest", validation_message(error))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        kind = KINDS.get(error.status_code, "InvalidRequest")
        answer = error_json(error.status_code, kind, error.detail)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: ClientDisconnect) -> JSONResponse:
        # Nobody reads this answer, and nothing went wrong in the studio: no log entry.
        return error_json(400, "InvalidRequest", "expected a complete request, got a part of it")

    @app.exception_handler(Exception)
    async def internal(request: Request, error: Exception) -> JSONResponse:
        # The cause is for the terminal only; starlette logs the traceback there.
        log.error("%s %s: %r", request.method, request.url.path, error)
        return error_json(500, "Internal", "an internal error of the studio: see its terminal")
