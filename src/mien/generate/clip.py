"""Make a clip from a portrait, and write it with its sidecar."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.catalog import RIG_NAMES, is_midline
from mien.au.track import AUTrack
from mien.common.clip_writer import ClipWriter, OnFrame, check_output, encoding
from mien.common.marking import clip_mark, clip_source
from mien.common.picture import Picture
from mien.common.signing import signing_of
from mien.engines.base import TrackEngine, TrackSession
from mien.engines.checks import check_known
from mien.errors import UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.generate.look import Look, mask_seed
from mien.generate.motion import Motion, make_motion
from mien.generate.options import ClipOptions, RenderOptions
from mien.generate.resting import resting_notes, turn_notes
from mien.io.credentials import Credentials
from mien.io.sidecar import InputFile, Sidecar
from mien.io.sinks import OutputKind, output_kind
from mien.rig.visible import unseen_aus


@dataclass(frozen=True)
class GeneratedClip:
    """A clip that was written.

    Attributes:
        path: The file, or the folder of PNGs.
        sidecar: JSON file that describes how the clip was made.
        frames: Number of frames.
        fps: Frames a second.
        track: The full AU track, one row for each frame.
        slowdown: Whole factor by which the file plays slower than ``fps``; 1 except for GIF.
        notes: What the user must know, one line each.
    """

    path: Path
    sidecar: Path
    frames: int
    fps: Fraction
    track: AUTrack
    slowdown: int = 1
    notes: tuple[str, ...] = ()

    @property
    def duration_seconds(self) -> float:
        """How long the frames last at ``fps``."""
        return float(self.frames / self.fps)


def make_clip(
    picture: Picture,
    out: str | os.PathLike[str],
    options: ClipOptions,
    on_frame: OnFrame | None = None,
    engine: TrackEngine | None = None,
    session: TrackSession | None = None,
    credentials: Credentials | None = None,
) -> GeneratedClip:
    """Make a clip; `mien.generate` and the command line call this.

    Output, options, picture and face are checked before the slow work.

    Args:
        picture: The portrait.
        out: ``.mp4``, ``.mkv``, ``.gif``, or a folder for PNGs.
        options: What moves, and how it is rendered.
        on_frame: Called after each frame with the number of frames done and the number of all.
        engine: The result of `track_engine`, if many clips share it; made here if None.
        session: The portrait as prepared by ``engine``, if many clips share it; prepared here if None.
        credentials: What signs the clip; None to leave it unsigned.

    Raises:
        MienError: See `mien.generate`.
    """
    kind = output_kind(out)
    encode = encoding(kind, options.chroma)
    check_output(out, picture.path, Path(options.aus) if options.aus else None)
    motion = make_motion(options)
    engine = engine or track_engine(options)
    check_known(engine.name, engine.known_aus, motion.track)
    portrait = picture.portrait(options.face)
    if not options.beyond_picture:
        check_in_picture(portrait, motion.track)
    session = session or engine.prepare(portrait)
    inputs = clip_inputs(picture.input_file, options)
    mark = clip_mark(options.spec, inputs)
    signing = signing_of(credentials, portrait=picture.input_file, portrait_path=picture.path)
    look = Look.of(options, session)
    writer = ClipWriter(out, motion.fps, look.shape, encode, mark=mark, signing=signing)
    frames = session.render(motion.face_track)
    seed = mask_seed(picture.input_file.sha256)
    shown = look.frames(frames, session.portrait.image, motion.fps, seed)
    total = len(motion.track)
    known = (
        *picture.notes_on(portrait),
        *look.notes,
        *_portrait_notes(picture, portrait, options),
        *motion.notes,
        *_midline_notes(motion.track, options.side),
    )

    def record() -> Sidecar:
        made = engine.record() | frames.facts
        notes = (*known, *frames.notes)
        return clip_record(inputs, options, motion, kind, made, notes, credentials)

    sidecar = writer.write(shown, total, record, on_frame)
    return GeneratedClip(
        Path(out),
        sidecar,
        total,
        motion.fps,
        motion.track,
        writer.slowdown,
        (*known, *frames.notes),
    )


def _portrait_notes(picture: Picture, portrait: Portrait, options: ClipOptions) -> tuple[str, ...]:
    """Return notes if the head is turned, or if the movement would be added to an expression."""
    name = "the portrait" if picture.path is None else picture.path.name
    turned = turn_notes(name, portrait.face)
    if getattr(options.settings, "au_mode", "relative") == "absolute":
        return turned  # intensities include what the portrait already shows
    return resting_notes(name, portrait.face) + turned


def _midline_notes(track: AUTrack, side: str) -> tuple[str, ...]:
    """Return a note if one side was asked for and AUs move that FACS does not divide into sides."""
    if side == "both":
        return ()
    moving = [
        name
        for name, values in zip(track.names, track.values.T, strict=True)
        if values.any() and is_midline(name)
    ]
    if not moving:
        return ()
    have = "has no side" if len(moving) == 1 else "have no sides"
    return (
        f"{' '.join(moving)} {have} in FACS, so both sides of the face move, although {side} was asked for",
    )


def check_in_picture(portrait: Portrait, track: AUTrack) -> None:
    """Refuse a track that moves an AU whose skin lies mostly outside the picture.

    Raises:
        UsageError: The track moves one or more of these AUs.
    """
    height, width = portrait.image.shape[:2]
    points = portrait.face.landmarks[:VERTEX_COUNT, :2]
    inside = (points >= 0).all(axis=1) & (points < (width, height)).all(axis=1)
    unseen = unseen_aus(np.asarray(inside))
    values = track.to_sided()
    moving = [name for name in unseen if values[:, RIG_NAMES.index(name)].any()]
    if moving:
        raise UsageError(
            f"the picture does not show the skin that {' '.join(moving)} moves: use a picture of the whole face, "
            "leave these AUs out, or add --beyond-picture"
        )


def clip_inputs(portrait: InputFile, options: ClipOptions) -> tuple[InputFile, ...]:
    """Return the files that go into a clip: the portrait, and the table of AUs if there is one.

    Raises:
        UsageError: The table cannot be read.
    """
    return (portrait, *([InputFile.of(options.aus)] if options.aus else []))


def clip_record(
    inputs: tuple[InputFile, ...],
    options: ClipOptions,
    motion: Motion,
    kind: OutputKind,
    made_by: dict[str, object],
    notes: tuple[str, ...] = (),
    credentials: Credentials | None = None,
) -> Sidecar:
    """Return a clip's sidecar as far as it is known before the clip is written; its size of 1x1 is a placeholder.

    Args:
        inputs: The result of `clip_inputs`.
        options: What moves, and how it is rendered.
        motion: The motion that `mien.generate.motion.make_motion` made of the options.
        kind: Format of the clip.
        made_by: The engine's record; empty for an engine without weights.
        notes: Notes for the user, one line each.
        credentials: What signs the clip, if anything does.
    """
    settings = options.to_json()
    if kind == "mp4":
        settings["chroma"] = encoding(kind, options.chroma).chroma
    del settings["engine"], settings["seed"]  # the sidecar has its own places for them
    if made_by:
        settings["network"] = made_by
    if motion.expression is not None:
        settings["envelopes"] = [envelope.format() for envelope in motion.expression.envelopes]
    if notes:
        settings["notes"] = list(notes)
    return Sidecar(
        engine=options.engine,
        seed=motion.seed,
        fps=motion.fps,
        frames=len(motion.track),
        width=1,
        height=1,
        inputs=inputs,
        track=motion.track,
        settings=settings,
        source=clip_source(options.spec, inputs),
        signed_by="" if credentials is None else credentials.fingerprint,
    )


def track_engine(options: RenderOptions) -> TrackEngine:
    """Make the engine that the options ask for, with its settings.

    Raises:
        MissingExtraError: A package that it needs is not installed.
    """
    return options.spec.make(options.settings)  # type: ignore[return-value]
