"""How much of films with winks, nods, hands and cuts is measured, and which cuts are reported.

Run as ``python -m benchmarks.films --portraits FOLDER``. The films are made from portraits, 25 frames a second.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.track import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.io.images import read_image
from mien.motion.field import MotionField, measure_field
from mien.motion.follower import Loss
from mien.motion.measure import measure_aus
from mien.types import Image

FPS = 25
FRAMES = 50


@dataclass(frozen=True)
class Film:
    """Frames, which of them show the face, and the frame of a true cut, if there is one."""

    frames: list[Image]
    visible: list[bool]
    cut: int | None = None


def acted(portrait: Portrait, *envelopes: str) -> list[Image]:
    """Two seconds of a face that does what the envelopes say."""
    expression = Expression(tuple(Envelope.parse(text) for text in envelopes))
    track = expression.track(FPS, 0.0, 2.0)
    return list(RigEngine().prepare(portrait).render(track))[:FRAMES]


def winks(portrait: Portrait, other: Portrait) -> Film:
    """One eye shuts, then both."""
    frames = acted(
        portrait, "AU45L=5@0.2-0.3-0.4-0.5", "AU6L=3@0.2-0.3-0.4-0.5", "AU43=5@1-1.1-1.4-1.5"
    )
    return Film(frames, [True] * FRAMES)


def mouth_open(portrait: Portrait, other: Portrait) -> Film:
    """The jaw drops as far as it goes."""
    frames = acted(portrait, "AU26=5@0.2-0.5-1.2-1.5", "AU25=5@0.2-0.5-1.2-1.5")
    return Film(frames, [True] * FRAMES)


def grimace(portrait: Portrait, other: Portrait) -> Film:
    """All of the face at level E."""
    frames = acted(
        portrait, *(f"{au}=5@0.2-0.5-1.2-1.5" for au in ("AU4", "AU7", "AU9", "AU10", "AU20"))
    )
    return Film(frames, [True] * FRAMES)


def turned(portrait: Portrait, degrees: tuple[float, float]) -> Image:
    """A portrait whose head is turned by pitch and yaw."""
    face = portrait.face
    points = face.landmarks[:VERTEX_COUNT].astype(np.float64)
    middle = points.mean(0)
    middle[2] += 0.5 * np.ptp(points[:, 0])
    pitch, yaw = np.radians(degrees)
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    moved = ((points - middle) @ (about_x @ about_y).T + middle - points)[:, :2]
    height, width = portrait.image.shape[:2]
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float64)
    away = (x[..., None] - points[:, 0] - moved[:, 0]) ** 2 + (
        y[..., None] - points[:, 1] - moved[:, 1]
    ) ** 2
    size = 0.06 * np.ptp(points[:, 0])
    weights = np.exp(-away / (2 * size**2)) + 1e-12
    near = np.exp(-away.min(-1) / (2 * (0.45 * np.ptp(points[:, 0])) ** 2))
    field = (weights @ moved) / weights.sum(-1, keepdims=True) * near[..., None]
    field = cv2.resize(field.astype(np.float32), (width, height))
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)
    back = (grid - field).astype(np.float32)
    edge = cv2.BORDER_REPLICATE
    made: Image = cv2.remap(portrait.image[..., :3], back, None, cv2.INTER_CUBIC, borderMode=edge)  # type: ignore[call-overload]
    return made


def nods(portrait: Portrait, other: Portrait) -> Film:
    """The head nods by 20 degrees, twice."""
    angles = 20 * np.sin(2 * np.pi * np.arange(FRAMES) / 25)
    return Film([turned(portrait, (angle, 0)) for angle in angles], [True] * FRAMES)


def shakes(portrait: Portrait, other: Portrait) -> Film:
    """The head turns by 20 degrees to both sides."""
    angles = 20 * np.sin(2 * np.pi * np.arange(FRAMES) / 50)
    return Film([turned(portrait, (0, angle)) for angle in angles], [True] * FRAMES)


def covered(frame: Image, place: float) -> Image:
    """A frame with a hand across it, its middle at this share of the width."""
    shown = frame.copy()
    height, width = frame.shape[:2]
    hand = np.array([200, 150, 125], np.uint8)
    left, right = int((place - 0.3) * width), int((place + 0.3) * width)
    shown[int(0.2 * height) :, max(left, 0) : max(right, 0)] = hand
    return shown


def hand(portrait: Portrait, other: Portrait) -> Film:
    """A hand passes before the smiling face; it covers the middle of the face for 0.12 s."""
    frames = acted(portrait, "AU12=3@0.2-0.4-1.4-1.8")
    places = np.linspace(-1.4, 2.4, 20)
    visible = [True] * FRAMES
    for index, place in zip(range(15, 35), places, strict=True):
        frames[index] = covered(frames[index], place)
        visible[index] = abs(place - 0.5) > 0.55
    return Film(frames, visible)


def leaves(portrait: Portrait, other: Portrait) -> Film:
    """The person leaves to the right, and comes back a little to the left of where they were."""
    frames, visible = [], []
    picture = portrait.image[..., :3]
    background = np.empty_like(picture)
    background[:] = np.median(picture.reshape(-1, 3), axis=0).astype(np.uint8)
    size = picture.shape[1::-1]
    offsets = np.interp(np.arange(FRAMES), [9, 20, 27, 40], [0, 1.1, 1.1, -0.06])
    for offset in offsets:
        shift = np.array([[1, 0, offset * size[0]], [0, 1, 0]], np.float32)
        edge = cv2.BORDER_TRANSPARENT
        shown = background.copy()
        cv2.warpAffine(picture, shift, size, dst=shown, borderMode=edge)
        frames.append(shown)
        visible.append(bool(portrait.face.box_px[2] / size[0] + offset < 1))
    return Film(frames, visible)


def cut(portrait: Portrait, other: Portrait) -> Film:
    """Another person's film follows."""
    frames = (
        acted(portrait, "AU12=3@0.2-0.4-0.6-0.8")[:25] + acted(other, "AU4=2@0.2-0.4-0.6-0.8")[:25]
    )
    return Film(frames, [True] * 25 + [False] * 25, cut=25)


def cut_and_back(portrait: Portrait, other: Portrait) -> Film:
    """Another person for half a second, then the first one again."""
    frames = acted(portrait, "AU12=3@0.2-0.4-1.6-1.8")
    frames[20:32] = acted(other, "AU4=2@0.2-0.4-0.6-0.8")[:12]
    return Film(frames, [True] * 20 + [False] * 12 + [True] * 18, cut=20)


def minute(portrait: Portrait) -> tuple[MotionField, AUTrack]:
    """A minute of a face, its motion field and the truth: a smile and lowered brows every 5 s.

    A hand passes at 20 s, the person is away from 43 to 45 s, with a still face, and comes back a little to the side.
    """
    texts = [
        f"{au}=3@{t + 1}-{t + 1.4}-{t + 1.8}-{t + 2.4}"
        for t in range(0, 60, 5)
        for au in ("AU12", "AU4")
    ]
    expression = Expression(tuple(Envelope.parse(text) for text in texts))
    truth = expression.track(10, 0.0, 60.0).resampled(np.arange(600) / 10)
    frames = RigEngine().prepare(portrait).render(truth)

    def filmed() -> Iterator[tuple[float, Image]]:
        for index, frame in enumerate(frames):
            if 195 <= index < 205:
                frame = covered(frame, (index - 195) / 5 - 0.5)
            if 430 <= index < 450:
                frame = np.full_like(frame, 100)
            if index >= 450:
                frame = np.roll(frame, 15, axis=1)
            yield index / 10, frame

    return measure_field(filmed(), choose="largest"), truth


def errors(portrait: Portrait) -> dict[str, Any]:
    """Mean absolute error in FACS units over both sides of all AUs but blinks, before, between and after the losses."""
    field, truth = minute(portrait)
    track = measure_aus(field).track
    names = [name for name in track.names if not name.startswith(("AU43", "AU45"))]
    asked = {
        name[:-1]: truth.values[:, truth.names.index(name[:-1])]
        for name in names
        if name[:-1] in truth.names
    }
    wrong = np.stack(
        [
            np.abs(track.values[:, track.names.index(name)] - asked.get(name[:-1], np.zeros(600)))
            for name in names
            if name[:-1] in asked
        ],
        axis=1,
    )
    parts = {
        "before": slice(0, 195),
        "hand": slice(195, 205),
        "between": slice(205, 430),
        "away": slice(430, 450),
        "after": slice(450, 600),
    }
    figures: dict[str, Any] = {
        part: round(float(wrong[span].mean()), 3) for part, span in parts.items()
    }
    return figures | {"gaps": [[gap.first, gap.last] for gap in field.gaps]}


FILMS: tuple[Callable[[Portrait, Portrait], Film], ...] = (
    winks,
    mouth_open,
    grimace,
    nods,
    shakes,
    hand,
    leaves,
    cut,
    cut_and_back,
)


def measured(film: Film) -> MotionField:
    """The motion field of a film."""
    timed: Iterator[tuple[float, Image]] = ((i / FPS, frame) for i, frame in enumerate(film.frames))
    return measure_field(timed, choose="largest")


def cuts(field: MotionField) -> list[int]:
    """The frames at which a cut is reported."""
    found = [gap.first for gap in field.gaps if gap.why is Loss.CUT]
    if field.lost_at is not None and field.lost_because is Loss.CUT:
        found.append(field.lost_at)
    return found


def main() -> None:
    """Make the films and measure them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--films", nargs="*")
    options = parser.parse_args()
    pictures = [
        cv2.resize(read_image(path), (512, 512), interpolation=cv2.INTER_AREA)
        for path in near_neutral(options.portraits, options.count + 1)
    ]
    portraits = [Portrait.from_image(picture, "largest") for picture in pictures]
    if not options.films or "minute" in options.films:
        for portrait in portraits[:-1]:
            report("films", {"film": "minute"}, errors(portrait))
    shares, right = [], []
    for make in FILMS:
        if options.films and make.__name__ not in options.films:
            continue
        for portrait, other in pairwise(portraits):
            film = make(portrait, other)
            field = measured(film)
            visible, there = np.array(film.visible), field.followed
            share, false = float(there[visible].mean()), int((there & ~visible).sum())
            said = cuts(field)
            shares.append(share)
            right.append(said == ([] if film.cut is None else [film.cut]))
            report(
                "films",
                {"film": make.__name__},
                {
                    "measured": round(share, 3),
                    "hidden_but_measured": false,
                    "cuts": said,
                    "right": right[-1],
                },
            )
    if not shares:
        return
    report(
        "films",
        {"film": "all"},
        {
            "measured": round(float(np.mean(shares)), 4),
            "least": round(min(shares), 3),
            "cuts_right": float(np.mean(right)),
        },
    )


if __name__ == "__main__":
    main()
