"""An engine as another package would bring it: it tints the face while an AU moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mien.au.track import AUTrack
from mien.engines.base import Frames, KnownAUs
from mien.engines.checks import check_known
from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import EngineSpec
from mien.face.portrait import Portrait
from mien.types import Image


@dataclass(frozen=True, kw_only=True)
class TintSettings(EngineSettings):
    """Settings of every kind."""

    levels: float = setting(5.0, "Grey levels for an intensity of 1.", least=0)
    darker: bool = setting(False, "Darken and not brighten.")
    channel: Literal["red", "green"] | None = setting(None, "Change one channel only.")
    rows: int | None = setting(None, "Change this number of rows from the top.", least=1)
    label: str = setting("", "Written into the record.")
    secret: int = setting(3, "Not for the panel.", advanced=True)


class TintSession:
    def __init__(self, portrait: Portrait, settings: TintSettings) -> None:
        self.portrait, self.settings = portrait, settings

    def render(self, track: AUTrack) -> Frames:
        check_known("tint", KNOWN, track)
        return Frames(self._images(track), track)

    def _images(self, track: AUTrack) -> Iterator[Image]:
        settings = self.settings
        channels = {"red": [0], "green": [1], None: [0, 1, 2]}[settings.channel]
        for row in track.values:
            change = settings.levels * row.max(initial=0) * (-1 if settings.darker else 1)
            frame = self.portrait.image.astype(np.float32)
            frame[: settings.rows, :, channels] += change
            yield frame.round().clip(0, 255).astype(np.uint8)


class TintEngine:
    name = "tint"

    def __init__(self, settings: TintSettings) -> None:
        self.settings = settings

    @property
    def known_aus(self) -> KnownAUs:
        return KNOWN

    def prepare(self, portrait: Portrait) -> TintSession:
        return TintSession(portrait, self.settings)

    def record(self) -> dict[str, Any]:
        return {}


KNOWN = frozenset({"AU12L", "AU12R"})

TINT = EngineSpec(
    name="tint",
    tasks=("generate", "transfer"),
    settings=TintSettings,
    about="Tints the face.",
    build=TintEngine,
)

BROKEN = "broken_package:SPEC: No module named 'broken_package'"
