"""Malformed requests to the studio: bodies of JSON, and files that are dropped onto its page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import cv2
import skimage.data

from mien.errors import UsageError
from mien.io.png import encode_png
from mien.project.file import project_to_json
from tests.faults.inputs import films, pictures
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.records import PROJECTS
from tests.faults.inputs.spoil import NUMBERS, TEXTS, spoil_json, stretch_json
from tests.studio.envelope import ENVELOPE

SHEET = {
    "expressions": ["happiness"],
    "levels": ["B"],
    "sides": ["both"],
    "draws": 1,
    "format": "mp4",
    "lead_seconds": 0.0,
    "tail_seconds": 0.1,
}


@cache
def client() -> Any:
    """A studio with one portrait, for the life of the process."""
    from mien.studio.app import create_app
    from tests.studio.visitor import visitor

    app = create_app(Path(mkdtemp(prefix="mien-studio-")) / "studio")
    return visitor(app, raise_server_exceptions=False)


@cache
def portrait() -> str:
    """The portrait's id."""
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    answer = client().post("/api/portraits?name=face.png", content=encode_png(head, {}))
    return str(answer.json()["id"])


@cache
def clip() -> str:
    """The id of a clip that can drive it."""
    answer = client().post("/api/clips?name=clip.mkv", content=films.film(".mkv", moves=True))
    return str(answer.json()["id"])


@cache
def routes() -> tuple[tuple[str, str, Any], ...]:
    """Method, path and a valid body of each route that takes JSON."""
    design = {"portrait": portrait(), "envelopes": [ENVELOPE], "duration_seconds": 0.2, "fps": "50"}
    transfer = {"portrait": portrait(), "clip": clip(), "engine": "mesh", "strength": 1.5}
    found = []
    described = client().app.openapi()
    schemas = described["components"]["schemas"]
    for path, item in described["paths"].items():
        for method, route in item.items():
            content = route.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                known = schemas.get(schema.get("$ref", "").rsplit("/", 1)[-1], {})
                fields = known.get("properties", {})
                for own in (design, transfer):
                    every = own | {
                        "design": own,
                        "size_px": 128,
                        "name": "happiness",
                        "kind": "mp4",
                        "emotion": "happiness",
                    }
                    every |= SHEET | {"portraits": [portrait()]}
                    found.append((method, path, {k: v for k, v in every.items() if k in fields}))
    return tuple(found)


def write_request(folder: Path, rng: Random) -> Path:
    """Write a request: its method and path, and its body."""
    if rng.random() < 0.2:
        method, path, body = "post", "/api/projects/open", project_to_json(rng.choice(PROJECTS))
    else:
        method, path, body = rng.choice(routes())
    while "{" in path:
        name = path[path.index("{") : path.index("}") + 1]
        value = rng.choice((*(clip(),) * 20, *TEXTS, *NUMBERS[:8]))
        path = path.replace(
            name, "".join(c for c in value if c.isprintable() and c not in "{}#?") or "x"
        )
    (folder / "path").write_text(json.dumps([method, path[:2000]]))
    change = stretch_json if rng.random() < 0.4 else spoil_json
    (folder / "body").write_bytes(change(body, rng))
    return folder / "body"


def send_request(path: Path) -> None:
    """Send it."""
    method, place = json.loads((path.parent / "path").read_text())
    _judge(
        client().request(
            method,
            place,
            content=path.read_bytes(),
            headers={"content-type": "application/json"},
        )
    )


def write_upload(folder: Path, rng: Random) -> Path:
    """Write a malformed picture or film."""
    write = pictures.write if rng.random() < 0.5 else films.write_film
    path = write(folder, rng)
    # Only what has a content can be uploaded.
    plain = folder / f"upload{path.suffix[:8]}"
    content = path.read_bytes() if _is_plain(path) else b""
    plain.write_bytes(content)
    return plain


def send_upload(path: Path) -> None:
    """Upload it as a portrait and as a clip."""
    for part in ("portraits", "clips"):
        _judge(
            client().post(f"/api/{part}?name={path.name}", content=path.read_bytes()),
            last=part == "clips",
        )


def _is_plain(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except (OSError, ValueError):
        return False


def _judge(answer: Any, last: bool = True) -> None:
    """Raise UsageError for a refusal of one line, and AssertionError for anything else but success."""
    assert answer.status_code < 500, f"{answer.status_code}: {answer.text[:500]}"
    if answer.status_code >= 400:
        message = answer.json()["error"]["message"]
        assert message and "\n" not in message, message
        if last:
            raise UsageError(message)


READERS = (
    Reader("studio requests", write_request, send_request, 2.0),
    Reader("studio uploads", write_upload, send_upload, 0.5),
)
