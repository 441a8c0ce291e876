"""Time how long a user of the studio waits: from a changed envelope to the changed picture, and for an export.

Both are requests over HTTP from one client to a server on this computer, as the page sends them. Run as
``python -m benchmarks.studio``; needs the ``studio`` and ``test`` extras.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from skimage import data

from benchmarks.chromium import served
from benchmarks.report import report
from mien.io.images import write_png

DRAGS = 100
PICTURE_PX = 1024
EXPORTS = 3


def design(portrait: str, apex_seconds: float) -> dict[str, Any]:
    """Return a design of two AUs over 0.5 s at 200 frames per second, one of which is being dragged."""

    def envelope(au: str, peak: float, apex: float) -> dict[str, Any]:
        return {
            "au": au,
            "onset_seconds": 0.05,
            "apex_start_seconds": apex,
            "apex_end_seconds": 0.3,
            "offset_seconds": 0.45,
            "peak_intensity": peak,
        }

    envelopes = [envelope("AU12", 3.0, apex_seconds), envelope("AU6", 2.0, 0.2)]
    return {"portrait": portrait, "envelopes": envelopes, "duration_seconds": 0.5, "fps": "200"}


def time_drags(client: httpx.Client, portrait: str, size_px: int) -> None:
    """Move an apex ``DRAGS`` times, and time the preview of a moment that this changes."""
    warm = {"portrait": portrait, "size_px": size_px}
    client.post("/api/preview/warm", json=warm).raise_for_status()
    waits, pictures = [], set()
    for step in range(DRAGS):
        asked = {
            "design": design(portrait, 0.1 + 0.15 * step / DRAGS),
            "time_seconds": 0.1,
            "size_px": size_px,
        }
        start = time.perf_counter()
        answer = client.post("/api/preview/frame", json=asked)
        waits.append(time.perf_counter() - start)
        pictures.add(answer.raise_for_status().content)
    report(
        "studio",
        {"what": "envelope to picture", "portrait_px": PICTURE_PX, "preview_px": size_px},
        {
            "p50_ms": round(1000 * statistics.median(waits), 1),
            "p95_ms": round(1000 * float(np.percentile(waits, 95)), 1),
            "different_pictures": len(pictures),
        },
    )


def time_export(client: httpx.Client, portrait: str) -> None:
    """Export 0.5 s (101 frames) as mp4, from the click to the finished file."""
    waits = []
    for _ in range(EXPORTS):
        start = time.perf_counter()
        asked = {"design": design(portrait, 0.15), "kind": "mp4"}
        job = client.post("/api/exports", json=asked).raise_for_status().json()
        while job["state"] in ("waiting", "running"):
            time.sleep(0.02)
            job = client.get(f"/api/jobs/{job['id']}").json()
        assert job["state"] == "done", job
        waits.append(time.perf_counter() - start)
    report(
        "studio",
        {"what": "export 0.5 s at 200 fps, mp4", "portrait_px": PICTURE_PX},
        {"median_seconds": round(statistics.median(waits), 2)},
    )


def write_portrait(folder: Path) -> Path:
    """Write scikit-image's astronaut, her head alone, as a square of `PICTURE_PX`."""
    picture = folder / "portrait.png"
    head = data.astronaut()[0:300, 74:374]
    size = (PICTURE_PX, PICTURE_PX)
    write_png(picture, np.asarray(cv2.resize(head, size, interpolation=cv2.INTER_CUBIC), np.uint8))
    return picture


def main() -> None:
    """Serve a studio in this process, and time previews and exports."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "studio") as studio:
        picture = write_portrait(Path(folder))
        with httpx.Client(base_url=studio.address, timeout=60) as client:
            client.get(studio.url)  # the cookie
            content = picture.read_bytes()
            answer = client.post("/api/portraits?name=portrait.png", content=content)
            portrait = answer.raise_for_status().json()["id"]
            for size_px in (512, PICTURE_PX):
                time_drags(client, portrait, size_px)
            time_export(client, portrait)


if __name__ == "__main__":
    main()
