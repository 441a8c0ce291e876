"""A real movement onto another face: a driver and a portrait to a clip with its sidecar."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion, OnFrames, at_even_rate, clip_input, read_motion
from mien.common.output import check_output, encoding, remove_output
from mien.common.picture import Picture, PortraitSource
from mien.errors import OutputError, UsageError
from mien.generate.clip import OnFrame
from mien.io.sidecar import Sidecar, write_sidecar
from mien.io.sinks import open_sink, output_kind
from mien.motion.field import MotionField
from mien.transfer.engine import engine_frames, network_record, transfer_engine
from mien.transfer.options import TransferOptions


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
        **options: By the names of `mien.transfer.options.TransferOptions`.

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
    engine = transfer_engine(options)
    motion = read_motion(driver, options, options.driver_face, on_read, "--driver-face")
    field = driving_field(motion, options)
    said: list[str] = []
    track, frames = engine_frames(options, portrait, field, said, motion, engine)
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
    if (network := network_record(engine)) is not None:
        settings["network"] = network
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


def _check_not_driver(out: str | os.PathLike[str], driver: str | os.PathLike[str]) -> None:
    target, source = Path(out), Path(driver)
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"expected an output beside the driver, got the driver itself: {out}")
