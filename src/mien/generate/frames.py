"""Render frames in memory, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from mien.au.expression import Expression
from mien.au.frame_rate import FrameRate
from mien.au.presets import preset
from mien.au.track import AUTrack
from mien.common.picture import Picture, PortraitSource
from mien.engines.base import Frames, TrackEngine
from mien.engines.registry import DEFAULTS, make_engine
from mien.engines.settings import EngineSettings
from mien.generate.motion import DEFAULT_FPS, at_even_times


def render_frames(
    portrait: PortraitSource,
    motion: AUTrack | Expression | str,
    *,
    fps: FrameRate | None = None,
    engine: str | TrackEngine = DEFAULTS["generate"],
    engine_settings: EngineSettings | Mapping[str, Any] | None = None,
    face: int | Literal["largest"] | None = None,
) -> Frames:
    """Render frames in memory, one at a time.

    Args:
        portrait: A picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a `mien.Portrait`.
        motion: A track, an expression, or a preset's name.
        fps: Frames a second; by default 200 for an expression, and the track's own rate for a track.
        engine: An engine or its name.
        engine_settings: Settings of the engine if ``engine`` is a name.
        face: Which face, if there are several: its number from the left, from 1, or ``largest``.

    Returns:
        Frames of the portrait's size and channels, uint8, frame i at i / fps.

    Raises:
        MienError: Anything that is wrong with the arguments, before the first frame.

    Example:
        >>> for frame in render_frames("face.jpg", "happiness"):  # doctest: +SKIP
        ...     show(frame)
    """
    if isinstance(motion, str):
        motion = preset(motion)
    if isinstance(motion, Expression):
        motion = motion.track(DEFAULT_FPS if fps is None else fps)
    elif fps is not None:
        motion, _ = at_even_times(motion, fps)
    if isinstance(engine, str):
        renderer = cast(TrackEngine, make_engine(engine, "generate", engine_settings))
    else:
        renderer = engine
    return renderer.prepare(Picture.of(portrait).portrait(face)).render(motion)
