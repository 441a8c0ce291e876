"""Replace what differs from run to run in texts and JSON: folders, versions, wall-clock times."""

from __future__ import annotations

import json
import re
from typing import Any

from .place import Place

VOLATILE = {
    "total_seconds": "wall clock",
    "first_frame_seconds": "wall clock",
    "images_per_second": "wall clock",
    "modified": "a date",
    "mien_version": "names the checkout",
    "version": "names the checkout",
}
"""JSON keys whose values are not compared, with the reason; only their presence is compared."""

_PATTERNS = (
    (r"\b([Mm]ien) \d+\.\d+\.\d+\w*", r"\1 <version>"),
    (r"[\d.]+ pictures a second", "<rate> pictures a second"),
    (r"\?key=[\w-]+", ""),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
    (r"<tmp>/tmp\w+", "<tmp>/<random>"),
    (r"0x[0-9a-f]{6,}", "<address>"),
)


def plain_text(text: str, place: Place) -> str:
    """Return a text with placeholders for what differs from run to run."""
    text = text.replace(str(place.work), "<work>").replace(str(place.src), "<src>")
    text = text.replace(place.env["TMPDIR"].rstrip("/") + "/", "<tmp>/")
    for pattern, instead in _PATTERNS:
        text = re.sub(pattern, instead, text)
    return text


def plain_json(value: Any, place: Place) -> Any:
    """Return JSON values with the same placeholders; the values of `VOLATILE` keys become their reason."""
    if isinstance(value, dict):
        wall = {"seconds"} if value.get("kind") == "stop" else set()  # a line of a training log
        return {
            plain_text(key, place): f"<{VOLATILE.get(key, 'wall clock')}>"
            if key in VOLATILE or key in wall
            else plain_json(each, place)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [plain_json(each, place) for each in value]
    return plain_text(value, place) if isinstance(value, str) else value


def plain_json_or_text(text: str, place: Place) -> Any:
    """Return the content of a stream: JSON values if it is a JSON object or list, otherwise its lines."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return plain_json(json.loads(text), place)
        except ValueError:
            pass
    return plain_text(text, place).splitlines()
