"""A real movement onto another face: a driver and a portrait to a clip with its sidecar."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.api.clip_motion import ClipMotion, OnFrames, at_even_rate, clip_input, read_motion
from mien.api.generate import OnFrame
from mien.api.output import check_output, encoding, remove_output
from mien.api.picture import Picture, PortraitSource
from mien.api.transfer_options import TransferOptions
from mien.au.track import AUTrack
from mien.errors import BadTrackError, OutputError, UsageError
from mien.face.portrait import Portrait
from mien.io.sidecar import Sidecar, write_sidecar
from mien.io.sinks import open_sink, output_kind
from mien.motion.field import MotionField
from mien.types import Image

if TYPE_CHECKING:
    from mien.engines.protocol import Engine

EYE_AUS = ("AU43", "AU45", "AU46")
"""Closed eyes, blinks and winks: what ``blinks=False`` leaves out of a track."""


@dataclass(frozen=True)
class TransferredClip:
    """A clip that was written.

    Attributes:
        path: The file, or the folder of PNGs.
        sidecar: The JSON that says how it was made.
        frames: Number of frames: the driver's, as far as its face is seen.
        fps: Frames a second, the driver's own.
        engine: What carried the motion.
        track: The AU track that moved the rig or ULME-GAN; None where no units come between.
        notes: What a user must know about the driver, one line each.
        slowdown: Whole factor by which the file plays slower than ``fps``; 1 but for GIF.
    """

    path: Path
    sidecar: Path
    frames: int
    fps: Fraction
    engine: str
    track: AUTrack | None = None
    notes: tuple[str, ...] = ()
    slowdown: int = 1

    @property
    def duration_seconds(self) -> float:
        """How long the frames last at ``fps``."""
        return float(self.frames / self.fps)


def transfer(
    driver: str | os.PathLike[str],
    portrait: PortraitSource,
    out: str | os.PathLike[str],
    *,
    on_frame: OnFrame | None = None,
    **options: Any,
) -> TransferredClip:
    """Put the movement of a clip onto a portrait.

    Args:
        driver: A video, or a folder of frames (with ``fps``): the face that moves.
        portrait: A picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a `mien.Portrait`.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        on_frame: Told of the progress.
        **options: By the names of `mien.api.transfer_options.TransferOptions`.

    Raises:
        MienError: Anything that is wrong with the options, the clips or the output; then nothing is left at ``out``.

    Example:
        >>> transfer("driver.mp4", "face.jpg", "moved.mp4", strength=1.5)  # doctest: +SKIP
    """
    return make_transfer(driver, Picture.of(portrait), out, TransferOptions(**options), on_frame)


def make_transfer(
    driver: str | os.PathLike[str],
    picture: Picture,
    out: str | os.PathLike[str],
    options: TransferOptions,
    on_frame: OnFrame | None = None,
    on_read: OnFrames | None = None,
) -> TransferredClip:
    """Put the movement of a clip onto a portrait; `transfer` and the command line are this.

    Args:
        driver: The face that moves.
        picture: The portrait.
        out: Where to.
        options: What is asked for.
        on_frame: Told of the frames made.
        on_read: Told of the driver's frames measured, which come first.

    Raises:
        MienError: See `transfer`.
    """
    kind = output_kind(out)
    encode = encoding(kind, options.chroma)
    check_output(out, picture.path)
    _check_not_driver(out, driver)
    portrait = picture.portrait(options.face)
    motion = read_motion(driver, options, options.driver_face, on_read)
    field = driving_field(motion, options)
    said: list[str] = []
    track, frames = engine_frames(options, portrait, field, said, motion)
    height, width, channels = picture.image.shape
    sink = open_sink(out, motion.fps, width=width, height=height, channels=channels, options=encode)
    with sink:
        for frame in frames:
            sink.write(frame)
            if on_frame is not None:
                on_frame(sink.frames, len(field))
        if sink.frames != len(field):
            raise UsageError(f"expected {len(field)} frames, got {sink.frames}")
    notes = (*notes_of(motion, track), *said)
    settings = options.to_json() | {"notes": list(notes)}
    if kind == "mp4":
        settings["chroma"] = encode.chroma
    record = Sidecar(
        engine=options.engine,
        seed=None,
        fps=motion.fps,
        frames=len(field),
        width=width,
        height=height,
        inputs=(clip_input(motion.clip), picture.input_file),
        track=track,
        facts=sink.facts.to_json(),
        settings=settings,
    )
    try:
        sidecar = write_sidecar(out, record)
    except BaseException:
        remove_output(Path(out))  # a clip that does not say what it is must not stay
        raise
    return TransferredClip(
        Path(out),
        sidecar,
        len(field),
        motion.fps,
        options.engine,
        track,
        notes,
        sink.slowdown,
    )


def notes_of(motion: ClipMotion, track: AUTrack | None = None) -> tuple[str, ...]:
    """What a user must know about a driver, one line each.

    Args:
        motion: The driver.
        track: The AUs that it gave, where AUs carry the motion.
    """
    said = list(motion.notes)
    if motion.uneven:
        rate = f"{float(motion.fps):.6g}"
        said[-1] += f": the motion is interpolated at their mean rate, {rate} a second"
    if track is not None and track.peak == 0 and not motion.still:
        said.append(
            "no action unit moves in this clip, so the portrait keeps still: "
            "--engine mesh carries motion that no unit describes"
        )
    return tuple(said)


def driving_field(motion: ClipMotion, options: TransferOptions) -> MotionField:
    """The motion that is carried: from the driver's neutral, at even times."""
    # The baseline is a frame of the file, so it is taken before frames are put at even times.
    return at_even_rate(replace(motion, field=motion.field.relative_to(options.baseline)))


def engine_frames(
    options: TransferOptions,
    portrait: Portrait,
    field: MotionField,
    said: list[str],
    clip: ClipMotion | None = None,
) -> tuple[AUTrack | None, Iterator[Image]]:
    """Move a portrait by what `driving_field` gave.

    Args:
        options: What is asked for.
        portrait: The face that receives the motion.
        field: The motion.
        said: Takes what a user must know, one line each.
        clip: The driver that the field is of; fomm and mraa look at its pictures.

    Returns:
        The track that moves it, None where no units come between; and one frame for each of the field.

    Raises:
        UsageError: The clip is needed and missing.
    """
    if options.engine in ("fomm", "mraa"):
        from mien.api.transfer_network import network_frames

        if clip is None:
            raise UsageError(f"expected the driver's clip with --engine {options.engine}, got none")
        return None, network_frames(options, portrait, clip, field)
    if options.engine == "mesh":
        from mien.engines.mesh import MeshEngine

        engine = MeshEngine(
            strength=options.strength,
            blinks=options.blinks,
            gaze=options.gaze,
            head_motion=options.head_motion,
        )
        return None, engine.transfer(portrait, field)
    driven: Engine
    if options.engine == "rig":
        from mien.engines.rig import RigEngine

        driven = RigEngine()
    else:
        from mien.engines.ulme_gan import UlmeGanEngine

        driven = UlmeGanEngine(weights=options.weights)
    track = driving_track(field, options, portrait, driven, said)
    return track, driven.render(portrait, track)


def driving_track(
    field: MotionField,
    options: TransferOptions,
    portrait: Portrait,
    engine: Engine,
    said: list[str] | None = None,
) -> AUTrack:
    """The AUs that move a portrait: measured, re-encoded if asked, fitted to the portrait, times the strength.

    Fitting gives each AU one factor for the whole clip, so what re-encoding made of a course stays.

    Args:
        field: The driver's motion.
        options: What is asked for.
        portrait: The face that receives it.
        engine: What will draw it.
        said: Takes what a user must know, one line each.

    Raises:
        BadTrackError: The strength would take an AU above 5, or re-encoding leaves none.
    """
    from mien.au.recode import recode_track
    from mien.engines.driven import driving_units, fit_to, known_units

    measured = driving_units(field, () if options.blinks else EYE_AUS)
    units = known_units(measured, engine)
    left_out = [name for name in measured.names if name not in units.names]
    if left_out and said is not None:
        said.append(
            f"the {engine.name} engine does not know {' '.join(left_out)}, which the driver shows: "
            "left out"
        )
    track = units
    if options.recode is not None:
        recoded = recode_track(units, options.recode, threshold=options.threshold)
        if not recoded.kept and units.peak > 0:
            raise BadTrackError(
                f"--recode {options.recode} leaves no AU: none is {options.threshold:g} or more in "
                f"half of the frames (the strongest peaks at {units.peak:.2f}); lower --threshold"
            )
        track = recoded.track
    track = fit_to(portrait, units, field, engine, blinks=options.blinks).apply(track)
    return track if options.strength == 1.0 else track.scaled(options.strength)


def _check_not_driver(out: str | os.PathLike[str], driver: str | os.PathLike[str]) -> None:
    target, source = Path(out), Path(driver)
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"expected an output beside the driver, got the driver itself: {out}")
