"""Films with known action units, made from portraits: winks, nods, hands, people who leave, fades and cuts.

All have 25 frames per second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.track import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.types import Image

FPS = 25
FRAMES = 50
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the picture's width and height."""


@dataclass(frozen=True)
class Film:
    """Frames and their ground truth.

    Attributes:
        frames: The pictures.
        visible: Which frames show the whole face.
        truth: The action units; None if none moves in any frame.
        cut: Number of the first frame after the cut; None if there is no cut.
        covered: Box that a hand covers in each frame, None in a frame without; None if no frame has a hand.
    """

    frames: list[Image]
    visible: list[bool]
    truth: AUTrack | None = None
    cut: int | None = None
    covered: list[Box | None] | None = None


def acted(portrait: Portrait, *envelopes: str) -> tuple[list[Image], AUTrack]:
    """Return two seconds of a face that moves as the envelopes say, and its action units."""
    expression = Expression(tuple(Envelope.parse(text) for text in envelopes))
    track = expression.track(FPS, 0.0, 2.0)
    track = track.resampled(track.times_seconds[:FRAMES])
    return list(RigEngine().prepare(portrait).render(track)), track


def winks(portrait: Portrait, other: Portrait) -> Film:
    """One eye shuts, then both."""
    frames, truth = acted(
        portrait, "AU45L=5@0.2-0.3-0.4-0.5", "AU6L=3@0.2-0.3-0.4-0.5", "AU43=5@1-1.1-1.4-1.5"
    )
    return Film(frames, [True] * FRAMES, truth)


def mouth_open(portrait: Portrait, other: Portrait) -> Film:
    """The jaw drops as far as it goes."""
    frames, truth = acted(portrait, "AU26=5@0.2-0.5-1.2-1.5", "AU25=5@0.2-0.5-1.2-1.5")
    return Film(frames, [True] * FRAMES, truth)


def grimace(portrait: Portrait, other: Portrait) -> Film:
    """The whole face moves to level E."""
    frames, truth = acted(
        portrait, *(f"{au}=5@0.2-0.5-1.2-1.5" for au in ("AU4", "AU7", "AU9", "AU10", "AU20"))
    )
    return Film(frames, [True] * FRAMES, truth)


def turned(portrait: Portrait, degrees: tuple[float, float], frame: Image | None = None) -> Image:
    """Turn the head of a portrait, or of a frame made from it, by pitch and yaw in degrees.

    The landmarks move as on a rigid head. Around the face, the motion fades out with distance.
    """
    picture = portrait.image if frame is None else frame
    points = portrait.face.landmarks[:VERTEX_COUNT].astype(np.float64)
    width = float(np.ptp(points[:, 0]))
    centre = points.mean(0)
    hull = cv2.convexHull(points[:, :2].astype(np.float32))[:, 0].astype(np.float64)
    rim = points[[int(((points[:, :2] - corner) ** 2).sum(1).argmin()) for corner in hull]]
    axis = centre + np.array([0, 0, 0.5 * width])
    pitch, yaw = np.radians(degrees)
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])

    def moved(places: np.ndarray) -> np.ndarray:
        turned: np.ndarray = ((places - axis) @ (about_x @ about_y).T + axis - places)[:, :2]
        return turned

    still = np.indices((5, 5)).reshape(2, -1).T[:, ::-1] / 4 * np.array(picture.shape[1::-1])
    still = still[np.linalg.norm(still - centre[:2], axis=1) > 1.3 * width]
    rings = [(size, share) for size, share in ((1.2, 0.9), (1.45, 0.6), (1.8, 0.25), (2.2, 0))]
    ring = [centre[:2] + size * (rim[:, :2] - centre[:2]) for size, _ in rings]
    start = np.concatenate([points[:, :2], *ring, still])
    motion = [moved(points), *(share * moved(rim) for _, share in rings), 0 * still]
    ends = start + np.concatenate(motion)
    height, wide = picture.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(wide), np.arange(height)), -1).astype(np.float64)
    back = LinearNDInterpolator(ends, start - ends)(grid)
    back = (grid + np.nan_to_num(back)).astype(np.float32)
    edge = cv2.BORDER_REPLICATE
    made: Image = cv2.remap(picture[..., :3], back, None, cv2.INTER_CUBIC, borderMode=edge)  # type: ignore[call-overload]
    return made


def nods(portrait: Portrait, other: Portrait) -> Film:
    """The head nods by 20 degrees, twice."""
    angles = 20 * np.sin(2 * np.pi * np.arange(FRAMES) / 25)
    return Film([turned(portrait, (angle, 0)) for angle in angles], [True] * FRAMES)


def shakes(portrait: Portrait, other: Portrait) -> Film:
    """The head turns by 20 degrees to both sides."""
    angles = 20 * np.sin(2 * np.pi * np.arange(FRAMES) / 50)
    return Film([turned(portrait, (0, angle)) for angle in angles], [True] * FRAMES)


def nods_and_smiles(portrait: Portrait, other: Portrait) -> Film:
    """The head nods by 20 degrees while the face smiles and lowers its brows."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.5-1.2-1.5", "AU4=2@0.4-0.8-1.4-1.7")
    angles = 20 * np.sin(2 * np.pi * np.arange(FRAMES) / 50)
    return Film(
        [turned(portrait, (a, 0), frame) for a, frame in zip(angles, frames, strict=True)],
        [True] * FRAMES,
        truth,
    )


def covered(frame: Image, box: Box) -> Image:
    """Return a frame with a hand drawn over a box."""
    shown = frame.copy()
    height, width = frame.shape[:2]
    left, top, right, bottom = (
        max(int(share * size), 0) for share, size in zip(box, (width, height) * 2, strict=True)
    )
    shown[top:bottom, left:right] = np.array([200, 150, 125], np.uint8)
    return shown


def upright(place: float) -> Box:
    """Return the box of a raised hand whose middle is at this share of the width."""
    return place - 0.3, 0.2, place + 0.3, 1.0


def hand(portrait: Portrait, other: Portrait) -> Film:
    """A hand passes in front of the smiling face, and covers its middle for 0.12 s."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-1.4-1.8")
    places = np.linspace(-1.4, 2.4, 20)
    visible = [True] * FRAMES
    boxes: list[Box | None] = [None] * FRAMES
    for index, place in zip(range(15, 35), places, strict=True):
        frames[index] = covered(frames[index], upright(place))
        visible[index] = abs(place - 0.5) > 0.55
        boxes[index] = upright(place)
    return Film(frames, visible, truth, covered=boxes)


def half_hand(portrait: Portrait, other: Portrait) -> Film:
    """A hand comes from the left, covers half of the smiling face for a second, and goes again."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-1.4-1.8")
    middle = float(portrait.face.landmarks[:VERTEX_COUNT, 0].mean()) / frames[0].shape[1]
    places = np.interp(np.arange(FRAMES), [8, 14, 38, 44], [-0.4, *[middle - 0.3] * 2, -0.4])
    left = float(portrait.face.box_px[0]) / frames[0].shape[1]
    return Film(
        [covered(frame, upright(place)) for frame, place in zip(frames, places, strict=True)],
        [bool(place + 0.3 < left) for place in places],
        truth,
        covered=[upright(place) for place in places],
    )


def hand_at_mouth(portrait: Portrait, other: Portrait) -> Film:
    """A hand comes from below and covers the mouth for a second while the brows go up and down."""
    frames, truth = acted(
        portrait, "AU1=3@0.2-0.4-0.6-0.9", "AU2=3@0.2-0.4-0.6-0.9", "AU4=2@1-1.2-1.3-1.5"
    )
    tip = float(portrait.face.landmarks[1, 1]) / frames[0].shape[0]
    tops = np.interp(np.arange(FRAMES), [8, 14, 38, 44], [1, tip, tip, 1])
    boxes: list[Box | None] = [(0.2, top, 0.8, 1.0) for top in tops]
    chin = float(portrait.face.box_px[3]) / frames[0].shape[0]
    return Film(
        [covered(frame, (0.2, top, 0.8, 1.0)) for frame, top in zip(frames, tops, strict=True)],
        [bool(top > chin) for top in tops],
        truth,
        covered=boxes,
    )


def fades(portrait: Portrait, other: Portrait) -> Film:
    """The smiling face fades to black and back."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-1.4-1.8")
    light = np.interp(np.arange(FRAMES), [12, 22, 27, 37], [1, 0, 0, 1])
    return Film(
        [
            np.rint(frame * share).astype(np.uint8)
            for frame, share in zip(frames, light, strict=True)
        ],
        [bool(share >= 0.5) for share in light],
        truth,
    )


def flashes(portrait: Portrait, other: Portrait) -> Film:
    """A flash whitens the picture for 0.12 s, and leaves it too bright for as long."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-1.4-1.8")
    extra = np.zeros(FRAMES)
    extra[25:31] = [255, 230, 180, 120, 60, 20]
    return Film(
        [
            np.clip(frame * (1 + e / 100) + e, 0, 255).astype(np.uint8)
            for frame, e in zip(frames, extra, strict=True)
        ],
        [bool(e < 40) for e in extra],
        truth,
    )


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
    """The film cuts to another person after one second."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-0.6-0.8")
    frames[25:] = acted(other, "AU4=2@0.2-0.4-0.6-0.8")[0][:25]
    return Film(frames, [True] * 25 + [False] * 25, truth, cut=25)


def cut_and_back(portrait: Portrait, other: Portrait) -> Film:
    """The film cuts to another person for half a second, then back to the first one."""
    frames, truth = acted(portrait, "AU12=3@0.2-0.4-1.6-1.8")
    frames[20:32] = acted(other, "AU4=2@0.2-0.4-0.6-0.8")[0][:12]
    return Film(frames, [True] * 20 + [False] * 12 + [True] * 18, truth, cut=20)


FILMS: tuple[Callable[[Portrait, Portrait], Film], ...] = (
    winks,
    mouth_open,
    grimace,
    nods,
    nods_and_smiles,
    shakes,
    hand,
    half_hand,
    hand_at_mouth,
    fades,
    flashes,
    leaves,
    cut,
    cut_and_back,
)
"""The films; each is made from a portrait and the portrait of another person."""
