"""Check how well action units are measured in films with winks, nods, hands and cuts, and which cuts are reported.

Run as ``python -m benchmarks.films --portraits FOLDER``. The films (`benchmarks.film_scenes`) are made from portraits,
so that their action units are known.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.film_scenes import FILMS, FPS, Film, covered, upright
from benchmarks.long_film import drift
from benchmarks.report import PORTRAITS, near_neutral, report
from mien.au.catalog import RIG_NAMES
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.track import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face, Portrait
from mien.io.images import read_image
from mien.motion.field import MotionField, measure_field
from mien.motion.follower import Loss
from mien.motion.measure import measure_aus
from mien.rig.visible import unseen_aus
from mien.types import Image


def minute(portrait: Portrait) -> tuple[MotionField, AUTrack]:
    """Return the motion field of a minute of a face, and the true AUs: a smile and lowered brows every 5 s.

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
                frame = covered(frame, upright((index - 195) / 5 - 0.5))
            if 430 <= index < 450:
                frame = np.full_like(frame, 100)
            if index >= 450:
                frame = np.roll(frame, 15, axis=1)
            yield index / 10, frame

    return measure_field(filmed(), choose="largest"), truth


def errors(portrait: Portrait) -> dict[str, Any]:
    """Return the mean absolute error of the AUs that move, in FACS units, before, between and after the losses."""
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


def scores(film: Film, field: MotionField, face: Face) -> dict[str, Any]:
    """Return how far measured intensities are from the truth, in FACS units over both sides of all AUs.

    Returns:
        ``error``: mean absolute error over the visible frames and all AUs; ``error_of_moving``: the same over the AUs
        that move; ``ghost``: the largest measured intensity where the truth is 0; ``ghost_at``: its AU and frame;
        ``not_measured``: share of the intensities in visible frames without a value; ``covered_measured``: share of the
        intensities of covered AUs that have a value.
    """
    measured = measure_aus(field)
    track = measured.track
    read = np.where(measured.measured, track.values, np.nan)
    names = [name for name in track.names if not name.startswith("AU43")]
    columns = []
    for name in names:
        column = read[:, track.names.index(name)]
        if name.startswith("AU45"):  # only the duration tells AU45 and AU43 apart
            column = column + read[:, track.names.index(name.replace("45", "43"))]
        columns.append(column)
    read = np.stack(columns, axis=1)
    asked = np.zeros_like(read)
    if film.truth is not None:
        true = dict(zip(RIG_NAMES, film.truth.to_sided().T, strict=True))
        for index, name in enumerate(names):
            asked[:, index] = true[name][: len(read)]
            if name.startswith("AU45"):
                asked[:, index] += true[name.replace("45", "43")][: len(read)]
    visible = np.array(film.visible)[: len(read)]
    wrong = np.abs(read - asked)[visible]
    moving = asked.max(0) > 0
    ghosts = np.where((asked == 0) & np.isfinite(read), read, 0)
    frame, worst = divmod(int(ghosts.argmax()), ghosts.shape[1])
    result: dict[str, Any] = {
        "error": _mean(wrong),
        "error_of_moving": _mean(wrong[:, moving]),
        "ghost": round(float(ghosts.max()), 2),
        "ghost_at": [names[worst], frame],
        "not_measured": round(float(np.isnan(wrong).mean()), 3),
    }
    if film.covered is not None:
        places = face.landmarks[:VERTEX_COUNT, :2] / film.frames[0].shape[1::-1]
        hidden = np.zeros(read.shape, bool)
        for index, box in enumerate(film.covered[: len(read)]):
            if box is not None:
                under = ((places > np.array(box[:2])) & (places < np.array(box[2:]))).all(1)
                gone = unseen_aus(np.logical_not(under))
                hidden[index] = [name in gone for name in names]
        result["covered_measured"] = round(float(np.isfinite(read[hidden]).mean()), 3)
    return result


def _mean(wrong: np.ndarray) -> float | None:
    """Return the mean of the finite values; None if there are none."""
    known = wrong[np.isfinite(wrong)]
    return round(float(known.mean()), 3) if known.size else None


def measured(film: Film) -> MotionField:
    """Measure the motion field of a film."""
    timed: Iterator[tuple[float, Image]] = ((i / FPS, frame) for i, frame in enumerate(film.frames))
    return measure_field(timed, choose="largest")


def cuts(field: MotionField) -> list[int]:
    """Return the frames at which a cut is reported."""
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
    parser.add_argument(
        "--long", type=float, metavar="SECONDS", help="only the drift of a still face"
    )
    options = parser.parse_args()
    pictures = [
        cv2.resize(read_image(path), (512, 512), interpolation=cv2.INTER_AREA)
        for path in near_neutral(options.portraits, options.count + 1)
    ]
    portraits = [Portrait.from_image(picture, "largest") for picture in pictures]
    if options.long:
        for portrait in portraits[:-1]:
            report(
                "films", {"film": "long", "seconds": options.long}, drift(portrait, options.long)
            )
        return
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
                    **scores(film, field, portrait.face),
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
