"""Use the public names of ``mien`` as a Python user does; run as a script in the work folder.

Prints one JSON object, and writes clips into the folder ``api``.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from typing import Any

import numpy as np
from PIL import Image

import mien


def main() -> None:
    """Use every public name."""
    print(json.dumps({"names": names()} | expressions() | clips()))


def names() -> dict[str, str]:
    """Return the public names, with the parameters of those that can be called."""
    found = {}
    for name in sorted(mien.__all__):
        value = getattr(mien, name)
        try:
            found[name] = ", ".join(inspect.signature(value).parameters)
        except (TypeError, ValueError):
            found[name] = type(value).__name__
    return found


def expressions() -> dict[str, Any]:
    """Return envelopes, expressions and tracks as JSON values."""
    brow = mien.Envelope("AU4", 0.0, 0.12, 0.20, 0.40, 2.0, shape="minimum_jerk")
    frown = mien.Expression((brow, mien.Envelope.parse("AU7=1@0-0.12-0.2-0.4")))
    drawn = mien.sample_expression("disgust", seed=7, dataset=["CASME II", "SAMM"])
    values = np.array([[0, 0], [1, 0.5], [2, 1], [0, 0]])
    own = mien.AUTrack(("AU1", "AU2"), values, np.array([0.0, 0.04, 0.08, 0.12]))
    track = mien.preset("happiness", "C").track(fps=100, lead_seconds=0.1)
    return {
        "frown": frown.scaled(0.5).side("left").to_dict(),
        "drawn": drawn.to_dict(),
        "own": own.at_frame_rate(50).values.tolist(),
        "track": [track.names, track.values.tolist(), track.apex_index],
    }


def clips() -> dict[str, Any]:
    """Make, measure, transfer and compare clips; return the results."""
    image = np.asarray(Image.open("in/portrait.png"))
    portrait = mien.Portrait.from_image(image)
    track = mien.preset("happiness", "D").track(fps=50, lead_seconds=0.04)
    frames = list(mien.render_frames(portrait, track))
    clip = mien.generate(
        portrait,
        "api/clip.mkv",
        au=["AU12L=2.5@0.02-0.08-0.1-0.2", "AU6L=B@0.04-0.08-0.1-0.2"],
        fps=50,
        tail_seconds=0.04,
    )
    measured = mien.measure("api/clip.mkv")
    moved = mien.transfer("api/clip.mkv", "in/mirrored.png", "api/moved.mkv", strength=1.5)
    alike = mien.evaluate_motion("api/clip.mkv", moved.path)
    try:
        mien.generate("in/portrait.png", "api/none.mp4", expression="joyful")
        refused = ""
    except mien.MienError as error:
        refused = f"{type(error).__name__}: {error}"
    return {
        "frames": [hashlib.sha256(frame.tobytes()).hexdigest()[:16] for frame in frames],
        "clip": [clip.frames, str(clip.fps), clip.track.names, clip.slowdown],
        "measured": [measured.aus.strongest(), measured.track.values.tolist()],
        "moved": [moved.frames, list(moved.notes)],
        "alike": alike.score.to_dict(),
        "refused": refused,
    }


if __name__ == "__main__":
    main()
