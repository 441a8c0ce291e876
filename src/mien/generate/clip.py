"""The main job: a portrait and options to a clip with its sidecar."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from mien.au.expression import Expression
from mien.au.frame_rate import FrameRate
from mien.au.presets import preset
from mien.au.track import AUTrack
from mien.common.output import check_output, encoding, remove_output
from mien.common.picture import Picture, PortraitSource
from mien.errors import UsageError
from mien.generate.motion import DEFAULT_FPS, Motion, at_even_times, make_motion
from mien.generate.options import ClipOptions, RenderOptions
from mien.io.sidecar import InputFile, Sidecar, write_sidecar
from mien.io.sinks import OutputKind, open_sink, output_kind
from mien.types import Image

if TYPE_CHECKING:
    from mien.engines.base import Engine

OnFrame = Callable[[int, int], None]
"""Called after each frame with how many are done and how many there will be."""


class ClipKeywords(TypedDict, total=False):
    """The keywords of `generate`; `ClipOptions` has their defaults and meanings."""

    expression: str | None
    sample: str | None
    au: str | Iterable[str]
    aus: str | os.PathLike[str] | None
    aus_face: int | None
    seed: int | None
    dataset: str | Iterable[str]
    intensity: str | float | None
    strength: float
    duration_seconds: float | None
    side: Literal["left", "right", "both"]
    fps: FrameRate | None
    lead_seconds: float
    tail_seconds: float
    face: int | Literal["largest"] | None
    engine: str
    weights: str | os.PathLike[str] | None
    au_mode: Literal["relative", "absolute"]
    show: Literal["frames", "attention"]
    shading: bool
    chroma: Literal["444", "420"] | None


@dataclass(frozen=True)
class GeneratedClip:
    """A clip that was written.

    Attributes:
        path: the file, or the folder of PNGs.
        sidecar: the JSON that says how it was made.
        frames: number of frames.
        fps: frames a second.
        track: the full AU track, one row a frame.
        slowdown: whole factor by which the file plays slower than ``fps``; 1 but for GIF.
    """

    path: Path
    sidecar: Path
    frames: int
    fps: Fraction
    track: AUTrack
    slowdown: int = 1

    @property
    def duration_seconds(self) -> float:
        """How long the frames last at ``fps``."""
        return float(self.frames / self.fps)


def generate(
    portrait: PortraitSource,
    out: str | os.PathLike[str],
    *,
    on_frame: OnFrame | None = None,
    **options: Unpack[ClipKeywords],
) -> GeneratedClip:
    """Make a clip of a portrait.

    Args:
        portrait: a picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a `mien.Portrait`.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        on_frame: told of the progress.
        **options: as on the command line, by the names of `mien.generate.options.ClipOptions`; exactly
            one of ``expression``, ``sample``, ``au`` and ``aus``.

    Raises:
        MienError: anything that is wrong with the options, the portrait or the output; then nothing
            is left at ``out``.

    Example:
        >>> generate("face.jpg", "smile.mp4", expression="happiness")  # doctest: +SKIP
    """
    chosen = ClipOptions(**options)  # type: ignore[arg-type]
    return make_clip(Picture.of(portrait), out, chosen, on_frame)


def make_clip(
    picture: Picture,
    out: str | os.PathLike[str],
    options: ClipOptions,
    on_frame: OnFrame | None = None,
    engine: Engine | None = None,
) -> GeneratedClip:
    """Make a clip; `generate` and the command line are this.

    What can be wrong is looked at before the slow work: output, options, picture, face.

    Args:
        picture: the portrait.
        out: where to.
        options: what is asked for.
        on_frame: told of the progress.
        engine: what `engine_for` made of the options, where many clips share it; it may remember
            the last portrait.

    Raises:
        MienError: see `generate`.
    """
    kind = output_kind(out)
    encode = encoding(kind, options.chroma)
    check_output(out, picture.path)
    motion = make_motion(options)
    engine = engine or engine_for(options)
    height, width, channels = picture.image.shape
    sink = open_sink(out, motion.fps, width=width, height=height, channels=channels, options=encode)
    portrait = picture.portrait(options.face)
    total = len(motion.track)
    with sink:
        for frame in engine.render(portrait, motion.track):
            sink.write(frame)
            if on_frame is not None:
                on_frame(sink.frames, total)
        if sink.frames != total:
            raise UsageError(
                f"expected {total} frames from engine {engine.name}, got {sink.frames}"
            )
    record = replace(
        clip_record(picture.input_file, options, motion, kind),
        width=width,
        height=height,
        facts=sink.facts.to_json(),
    )
    try:
        sidecar = write_sidecar(out, record)
    except BaseException:
        remove_output(Path(out))  # a clip that does not say what it is must not stay
        raise
    return GeneratedClip(Path(out), sidecar, total, motion.fps, motion.track, sink.slowdown)


def clip_record(
    portrait: InputFile, options: ClipOptions, motion: Motion, kind: OutputKind
) -> Sidecar:
    """Say how a clip is made, as far as that is known before it is (a size of 1x1, no facts)."""
    settings = options.to_json()
    if kind == "mp4":
        settings["chroma"] = encoding(kind, options.chroma).chroma
    del settings["engine"], settings["seed"]  # the sidecar has its own places for them
    if options.engine == "ulme-gan":
        from mien.engines.ulme_gan.engine import UlmeGanEngine

        settings["network"] = UlmeGanEngine(weights=options.weights).record
    if motion.expression is not None:
        settings["envelopes"] = [envelope.format() for envelope in motion.expression.envelopes]
    return Sidecar(
        engine=options.engine,
        seed=motion.seed,
        fps=motion.fps,
        frames=len(motion.track),
        width=1,
        height=1,
        inputs=(portrait, *([InputFile.of(options.aus)] if options.aus else [])),
        track=motion.track,
        settings=settings,
    )


def render_frames(
    portrait: PortraitSource,
    motion: AUTrack | Expression | str,
    *,
    fps: FrameRate | None = None,
    engine: str | Engine = ClipOptions.engine,
    face: int | Literal["largest"] | None = None,
) -> Iterator[Image]:
    """Render frames in memory, one at a time.

    Args:
        portrait: as for `generate`.
        motion: a track, an expression, or a preset's name.
        fps: frames a second; 200 for an expression, a track's own, if not given.
        engine: an engine or its name.
        face: which face, if there are several.

    Returns:
        An iterator of frames of the portrait's size and channels, frame i at i / fps.

    Raises:
        MienError: anything that is wrong with the arguments, before the first frame.
    """
    from mien.engines.registry import make_engine

    if isinstance(motion, str):
        motion = preset(motion)
    if isinstance(motion, Expression):
        motion = motion.track(DEFAULT_FPS if fps is None else fps)
    elif fps is not None:
        motion, _ = at_even_times(motion, fps)
    renderer = make_engine(engine) if isinstance(engine, str) else engine
    return renderer.render(Picture.of(portrait).portrait(face), motion)


def engine_for(options: RenderOptions) -> Engine:
    """Make the engine that the options ask for, with its settings.

    Raises:
        UsageError: an unknown engine, or a setting that it does not have.
    """
    from mien.engines.registry import make_engine

    engine = make_engine(options.engine)
    asked: list[tuple[str, str, Any]] = []
    if not options.shading:
        asked.append(("--no-shading", "shading", False))
    if options.weights is not None:
        asked.append(("--weights", "weights", options.weights))
    if options.au_mode != RenderOptions.au_mode:
        asked.append(("--au-mode", "mode", options.au_mode))
    has: set[str] = {field.name for field in fields(engine)} if is_dataclass(engine) else set()
    for option, name, value in asked:
        if name not in has:
            raise UsageError(f"{option} is not for --engine {options.engine}: leave it out")
        engine = replace(engine, **{name: value})  # type: ignore[type-var]
    if options.show == "attention":
        from mien.engines.ulme_gan.engine import AttentionView, UlmeGanEngine

        if not isinstance(engine, UlmeGanEngine):
            raise UsageError(f"--show attention is not for --engine {options.engine}: leave it out")
        return AttentionView(engine)
    return engine
