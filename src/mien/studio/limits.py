"""What the studio takes, and how much at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits that keep one mistake from filling the disk, the memory or the queue.

    Attributes:
        picture_bytes: of an uploaded picture.
        clip_bytes: of an uploaded clip.
        json_bytes: of any other request.
        clip_frames: of a clip that is measured.
        duration_seconds: of a designed clip.
        preview_px: longer side of a preview.
        jobs_running: long jobs that run at once.
        jobs_waiting: long jobs that wait for their turn.
        renders: previews that are rendered at once; others wait.
        portraits: prepared portraits that are remembered.
        checked_faces: faces of which it is remembered that they can be moved.
        results: measurements and transfers that are remembered.
    """

    picture_bytes: int = 50_000_000
    clip_bytes: int = 1_000_000_000
    json_bytes: int = 4_000_000
    clip_frames: int = 20_000
    duration_seconds: float = 60.0
    preview_px: int = 2048
    jobs_running: int = 2
    jobs_waiting: int = 32
    renders: int = 4
    portraits: int = 8
    checked_faces: int = 2000
    results: int = 16
