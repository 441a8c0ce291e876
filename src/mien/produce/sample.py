"""Make samples that are rendered: whole clips, and pairs of onset and apex."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from mien.au.track import AUTrack
from mien.augment.frames import LEAD_SECONDS, Moving, moving_clip
from mien.augment.manifest import facs_codes
from mien.augment.movers import Movers
from mien.common.marking import clip_mark, clip_source
from mien.engines.registry import find_engine
from mien.io.sidecar import InputFile, Sidecar, sidecar_text
from mien.io.tracks import track_csv
from mien.produce.draw import Drawing, DrawnSample, Variant
from mien.produce.encode import mp4_bytes, png_bytes
from mien.produce.frozen import FrozenPlan
from mien.produce.perceptual import movement_hash
from mien.produce.rows import Sample, made_row
from mien.produce.stored_portraits import StoredPortraits
from mien.types import Image


class RenderedSamples:
    """Make clips or pairs of a set.

    Args:
        folder: The set.
        frozen: Its plan.
        scratch: A folder that no other process uses.
    """

    def __init__(self, folder: Path, frozen: FrozenPlan, scratch: Path) -> None:
        self._folder, self._frozen, self._scratch = folder, frozen, scratch
        self._movers = lru_cache(maxsize=None)(self._make_movers)
        self.drawing = Drawing(frozen, self._known_aus)

    def make(self, index: int) -> Sample:
        """Make a sample.

        Raises:
            MienError: The sample cannot be made.
        """
        drawn = self.drawing.sample(index)
        variant, clip = drawn.variant, drawn.clip
        options = self.drawing.options(variant)
        moving = moving_clip(clip, options, self._movers(variant.engine, variant.size_px))
        inputs = [self._frozen.portraits[clip.subject].input_file]
        if clip.mover is not None:
            inputs.append(self._frozen.portraits[clip.mover].input_file)
        frames = _Watched(moving)
        members = self._frames(drawn, moving, frames, inputs)
        track = track_of(drawn, moving)
        members["aus.csv"] = track_csv(track).encode()
        members["json"] = self._sidecar(drawn, moving, frames, inputs).encode()
        return Sample(index, members, self._row(drawn, moving, frames, members))

    def _frames(
        self, drawn: DrawnSample, moving: Moving, frames: _Watched, inputs: list[InputFile]
    ) -> dict[str, bytes]:
        plan, spec = self._frozen.plan, find_engine(drawn.variant.engine)
        mark = clip_mark(spec, inputs)
        if plan.kind == "pairs":
            return {
                f"{name}.png": png_bytes(frame, mark)
                for name, frame in zip(("onset", "apex"), frames, strict=True)
            }
        if plan.format == "png":
            return {
                f"{number:04d}.png": png_bytes(frame, mark) for number, frame in enumerate(frames)
            }
        size = drawn.variant.size_px
        return {"mp4": mp4_bytes(frames, moving.fps, size, mark, self._scratch, plan.quantiser)}

    def _sidecar(
        self, drawn: DrawnSample, moving: Moving, frames: _Watched, inputs: list[InputFile]
    ) -> str:
        engine = drawn.variant.engine
        clip = drawn.clip
        settings: dict[str, Any] = {
            "plan": self._frozen.hash,
            "index": drawn.index,
            "split": clip.split,
            "label": self._label(drawn),
            "emotion": clip.emotion,
            "camera": drawn.variant.camera,
            "film": clip.film and asdict(clip.film),
            "phases": asdict(moving.phases),
            "engine_settings": self.drawing.options(drawn.variant).settings.to_json(),
        }
        if clip.shown is not None:
            settings["envelopes"] = clip.shown.to_dict()["envelopes"]
        if network := self._frozen.engines.get(engine, {}) | moving.frames.facts:
            settings["network"] = network
        if moving.frames.notes:
            settings["notes"] = list(moving.frames.notes)
        size = drawn.variant.size_px
        return sidecar_text(
            Sidecar(
                engine=engine,
                seed=self._frozen.plan.seed,
                fps=moving.fps,
                frames=frames.count,
                width=size,
                height=size,
                inputs=tuple(inputs),
                settings=settings,
                source=clip_source(find_engine(engine), inputs),
            )
        )

    def _row(
        self, drawn: DrawnSample, moving: Moving, frames: _Watched, members: dict[str, bytes]
    ) -> dict[str, Any]:
        portraits, clip, phases = self._frozen.portraits, drawn.clip, moving.phases
        shown = clip.scaled
        envelopes = shown.envelopes if shown is not None else ()
        seconds = [float(number / moving.fps) for number in asdict(phases).values()]
        return made_row(
            members,
            key=drawn.key,
            index=drawn.index,
            kind=self._frozen.plan.kind,
            split=clip.split,
            subject=portraits[clip.subject].subject,
            label=self._label(drawn),
            emotion=clip.emotion or None,
            aus=facs_codes(envelopes),
            au_names=[e.au for e in envelopes],
            au_peaks=[e.peak_intensity for e in envelopes],
            **asdict(phases),
            **dict(zip(("onset_seconds", "apex_seconds", "offset_seconds"), seconds, strict=True)),
            fps=str(moving.fps),
            frames=frames.count,
            size_px=drawn.variant.size_px,
            engine=drawn.variant.engine,
            camera=drawn.variant.camera,
            driver=None if clip.mover is None else portraits[clip.mover].subject,
            portrait_sha256=portraits[clip.subject].sha256,
            perceptual_hash=movement_hash(*frames.kept()),
        )

    def _label(self, drawn: DrawnSample) -> str | None:
        """Return the class of the emotion; None if the plan gives the AUs."""
        return None if self._frozen.plan.aus else drawn.clip.label

    def _make_movers(self, engine: str, size_px: int) -> Movers:
        plan = self._frozen.plan
        hashes = tuple(each.files[str(size_px)] for each in self._frozen.portraits)
        variant = Variant(engine, size_px, plan.rates[0], plan.cameras[0])
        portraits = StoredPortraits(self._folder, size_px, hashes)
        return Movers(self.drawing.options(variant), portraits)

    def _known_aus(self, engine: str) -> frozenset[str] | None:
        return known_aus(self._frozen, engine)


def known_aus(frozen: FrozenPlan, engine: str) -> frozenset[str] | None:
    """Return the sided AUs that an engine can show; None for all. An engine that carries motion shows the rig's AUs."""
    from mien.augment.options import AugmentOptions

    options = AugmentOptions(
        count=1, engine=engine, engine_settings=frozen.plan.settings.get(engine)
    )
    return Movers(options, _NoPortraits()).known_aus


class _NoPortraits:
    def of(self, number: int) -> Any:
        raise AssertionError("nothing is rendered")


class _Watched:
    """The frames of a clip as they are read, with their number, and copies of onset and apex."""

    def __init__(self, moving: Moving) -> None:
        self._moving = moving
        self._kept: dict[int, Image] = {}
        self.count = 0

    def __iter__(self) -> Iterator[Image]:
        phases = self._moving.phases
        for frame in self._moving.frames:
            if self.count in (phases.onset, phases.apex):
                self._kept[self.count] = frame.copy()
            self.count += 1
            yield frame

    def kept(self) -> tuple[Image, Image]:
        """Return the frames at onset and apex."""
        phases = self._moving.phases
        return self._kept[phases.onset], self._kept[phases.apex]


def track_of(drawn: DrawnSample, moving: Moving) -> AUTrack:
    """Return the AUs in each frame: as rendered, or the driver's if the clip carries a driver's motion."""
    if moving.frames.track is not None:
        return moving.frames.track
    shown = drawn.clip.shown
    assert shown is not None
    pair = len(moving.times_seconds) == 2
    lead = 0.0 if pair else LEAD_SECONDS
    whole = shown.track(moving.fps, lead, lead)
    return whole.resampled(moving.times_seconds)
