"""Put the movement of a driver clip onto a portrait, and write the clip with its sidecar."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.au.track import AUTrack
from mien.common.clip_motion import OnFrames, clip_input, open_part, read_motion
from mien.common.clip_writer import ClipWriter, OnFrame, check_output, encoding
from mien.common.marking import clip_mark, clip_source
from mien.common.picture import Picture
from mien.common.signing import signing_of
from mien.engines.base import frame_shape
from mien.io.credentials import Credentials
from mien.io.sidecar import Sidecar
from mien.io.sinks import output_kind
from mien.motion.neutral import baseline_note
from mien.transfer.engine import driver_of, motion_engine, notes_of
from mien.transfer.options import TransferOptions


@dataclass(frozen=True)
class TransferredClip:
    """A clip that was written.

    Attributes:
        path: The file, or the folder of PNGs.
        sidecar: JSON file that describes how the clip was made.
        frames: Number of frames: all of the driver's frames up to where its face is lost.
        fps: Frames a second, the driver's own.
        engine: Name of the engine that carried the motion.
        track: The AU track that moved the portrait; None if the motion was carried without AUs.
        notes: What a user must know about the driver and about the engine's result, one line each.
        slowdown: Whole factor by which the file plays slower than ``fps``; 1 for all formats but GIF.
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


def make_transfer(
    driver: str | os.PathLike[str],
    picture: Picture,
    out: str | os.PathLike[str],
    options: TransferOptions,
    on_frame: OnFrame | None = None,
    on_read: OnFrames | None = None,
    credentials: Credentials | None = None,
) -> TransferredClip:
    """Put the movement of a clip onto a portrait; `mien.transfer` and the command line call this.

    Output, options, picture, face and weights are checked before the driver is measured.

    Args:
        driver: A video, or a folder of frames, of the face that moves.
        picture: The portrait.
        out: ``.mp4``, ``.mkv``, ``.gif``, or a folder for PNGs.
        options: How the motion is read and carried.
        on_frame: Called after each frame with the number of frames done and the total.
        on_read: Called after each measured frame of the driver with the number measured so far. All frames of the
            driver are measured before the first frame is made.
        credentials: What signs the clip; None to leave it unsigned.

    Raises:
        MienError: See `mien.transfer`.
    """
    kind = output_kind(out)
    encode = encoding(kind, options.chroma)
    check_output(out, picture.path, Path(driver))
    portrait = picture.portrait(options.face)
    on_portrait = picture.notes_on(portrait)
    engine = motion_engine(options)
    session = engine.prepare(portrait)  # reads networks: wrong weights fail before the long work
    clip = open_part(driver, options)
    fps = Fraction(clip.fps)
    inputs = (clip_input(clip), picture.input_file)
    mark = clip_mark(options.spec, inputs)
    signing = signing_of(
        credentials,
        portrait=picture.input_file,
        portrait_path=picture.path,
        driver=inputs[0],
        driver_path=Path(clip.path),
    )
    # Refuses sizes and frame rates.
    writer = ClipWriter(out, fps, frame_shape(session), encode, mark=mark, signing=signing)
    motion = read_motion(driver, options, options.driver_face, on_read, "--driver-face")
    carried = driver_of(motion, options.baseline)
    neutral_note = baseline_note(motion.field, options.baseline)
    total = len(carried.motion)
    frames = session.transfer(carried, strength=options.strength, blinks=options.blinks)

    def notes() -> tuple[str, ...]:
        return (*on_portrait, *notes_of(motion, frames.track), *neutral_note, *frames.notes)

    def record() -> Sidecar:
        settings = options.to_json() | {"notes": list(notes())}
        if kind == "mp4":
            settings["chroma"] = encode.chroma
        if network := engine.record() | frames.facts:
            settings["network"] = network
        return Sidecar(
            engine=options.engine,
            seed=None,
            fps=fps,
            frames=total,
            width=1,
            height=1,
            inputs=inputs,
            track=frames.track,
            settings=settings,
            source=clip_source(options.spec, inputs),
            signed_by="" if credentials is None else credentials.fingerprint,
        )

    sidecar = writer.write(frames, total, record, on_frame)
    return TransferredClip(
        Path(out),
        sidecar,
        total,
        fps,
        options.engine,
        frames.track,
        notes(),
        writer.slowdown,
    )
