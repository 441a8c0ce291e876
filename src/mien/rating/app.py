"""The rating page as an ASGI application: it shows clips to raters without their names, and writes the ratings."""

from __future__ import annotations

import threading
from collections import OrderedDict
from fractions import Fraction
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from mien.io.json_file import parse_json
from mien.rating.answer import Judgement, Watched, sheet_of
from mien.rating.clips import RatedClip
from mien.rating.door import answer_without_key
from mien.rating.pictures import ClipPictures, clip_pictures
from mien.rating.session import Session
from mien.rating.store import RatingStore
from mien.studio.errors import add_handlers, not_found
from mien.studio.guard import Guard
from mien.studio.key import Key
from mien.studio.limits import Limits
from mien.version import __version__

MEDIA = {
    "rating.js": "text/javascript",
    "facs.js": "text/javascript",
    "local.js": "text/javascript",
}
MEDIA |= {"rating.css": "text/css"}
KEPT_CLIPS = 4
"""Number of clips whose pictures stay in memory, for the raters who are looking at them."""


class _Pictures:
    """The pictures of the clips that were asked for last."""

    def __init__(self, fps: Fraction | None) -> None:
        self._fps = fps
        self._kept: OrderedDict[str, ClipPictures] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, clip: RatedClip) -> ClipPictures:
        with self._lock:
            if clip.file not in self._kept:
                self._kept[clip.file] = clip_pictures(clip, self._fps)
            self._kept.move_to_end(clip.file)
            while len(self._kept) > KEPT_CLIPS:
                self._kept.popitem(last=False)
            return self._kept[clip.file]


def create_rating_app(
    store: RatingStore, fps: Fraction | None = None, key: Key | None = None
) -> FastAPI:
    """Make the application.

    Args:
        store: What is rated, and where ratings go.
        fps: Frame rate of folders of pictures that have none.
        key: The key that a browser needs to use the page; None for a new one. It is in the application's ``state.key``.
    """
    app = FastAPI(title="Mien rating", version=__version__, docs_url=None, redoc_url=None)
    app.state.key = key = key or Key()
    pictures = _Pictures(fps)
    asked = store.settings.page(store.clips)
    page = files("mien").joinpath("rating", "page")
    add_handlers(app)

    def state(session: Session) -> dict[str, Any]:
        clip = session.next
        now: dict[str, Any] = {
            "rater": session.rater,
            "trial": session.trial,
            "total": session.total,
            "settings": asked,
            "clip": None,
        }
        if clip is not None:
            shown = pictures.of(clip)
            # Addresses hold only the rater and the trial, so that they do not reveal the clip.
            before = f"/api/pictures/{session.rater}/{session.trial}"
            places = [f"{before}/{number}.png" for number in range(len(shown.pictures))]
            now["clip"] = shown.page(places)
        return now

    @app.get("/")
    def index() -> Response:
        return Response(page.joinpath("local.html").read_text("utf-8"), media_type="text/html")

    @app.get("/page/{name}")
    def script(name: str) -> Response:
        if name not in MEDIA:
            raise not_found("expected a file of the page")
        return Response(page.joinpath(name).read_text("utf-8"), media_type=MEDIA[name])

    @app.get("/api/session")
    def session(rater: str) -> dict[str, Any]:
        return state(store.session(rater))

    @app.get("/api/pictures/{rater}/{trial}/{number}.png")
    def picture(rater: str, trial: int, number: int) -> Response:
        session = store.session(rater)
        clip = session.next
        if clip is None or trial != session.trial:
            raise HTTPException(409, "expected a picture of the present trial")
        shown = pictures.of(clip).pictures
        if not 0 <= number < len(shown):
            raise not_found("expected a picture of the clip")
        return Response(
            shown[number], media_type="image/png", headers={"Cache-Control": "no-store"}
        )

    @app.post("/api/ratings")
    async def rate(request: Request) -> JSONResponse:
        from starlette.concurrency import run_in_threadpool

        try:
            sent = parse_json(await request.body())
        except ValueError as error:
            raise HTTPException(400, f"expected JSON: {error}") from None
        if not isinstance(sent, dict) or not isinstance(sent.get("rater"), str):
            raise HTTPException(400, "expected a rating with its rater")
        return await run_in_threadpool(_rate, sent)

    def _rate(sent: dict[str, Any]) -> JSONResponse:
        session = store.session(sent["rater"])
        clip, trial = session.next, sent.get("trial")
        if clip is None or trial != session.trial:
            return JSONResponse(state(session), 409)
        shown = pictures.of(clip)
        watched = Watched.of(sent, store.settings)
        frames = len(shown.steps)
        if store.settings.facs:
            seen = sheet_of(sent, frames)
            done = session.code(trial, seen, watched, frames, shown.times_seconds, shown.fps)
        else:
            said = Judgement.of(sent, store.settings, store.answers)
            done = session.rate(trial, said, watched, frames, shown.fps)
        return JSONResponse(state(session), 200 if done else 409)

    app.add_middleware(Guard, limits=Limits(), key=key, door=answer_without_key)
    return app
