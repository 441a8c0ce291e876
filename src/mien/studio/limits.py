"""Limits of what the studio accepts, does at once, and remembers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the studio, so that one mistake does not fill the disk, the memory or the queue.

    Attributes:
        picture_bytes: Most bytes of an uploaded picture.
        clip_bytes: Most bytes of an uploaded clip.
        json_bytes: Most bytes of any other request.
        upload_wait_seconds: Longest wait for a request's body.
        upload_bytes_per_second: How many bytes add one second to that wait.
        clip_frames: Most frames of a clip.
        duration_seconds: Longest duration of a designed clip.
        preview_px: Most pixels of a preview's longer side.
        jobs_running: Jobs that run at once.
        jobs_waiting: Jobs that may wait.
        renders: Previews that are rendered at once; others wait.
        portraits: Prepared portraits that are kept in memory.
        checked_faces: Checked faces that are remembered.
        portraits_bytes: Memory of the pictures that are kept, and of the prepared portraits.
        results: Measurements, and transfers, that are kept.
        results_bytes: Memory of the measurements that are kept, and of the transfers.
    """

    picture_bytes: int = 50_000_000
    clip_bytes: int = 1_000_000_000
    json_bytes: int = 4_000_000
    upload_wait_seconds: float = 30.0
    upload_bytes_per_second: float = 20_000.0
    clip_frames: int = 20_000
    duration_seconds: float = 60.0
    preview_px: int = 2048
    jobs_running: int = 2
    jobs_waiting: int = 32
    renders: int = 4
    portraits: int = 8
    portraits_bytes: int = 300_000_000
    checked_faces: int = 2000
    results: int = 16
    results_bytes: int = 200_000_000
