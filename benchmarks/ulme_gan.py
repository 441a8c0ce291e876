"""Measure ULME-GAN's shipped weights on people whom training never saw.

Run as ``python -m benchmarks.ulme_gan --portraits FOLDER``. Only portraits that training held out (1 in 10 people, by a
hash of the file's name) are used. All figures are of the same weights and settings, and are reported beside two
controls that must fail: ``nothing``, which repeats the portrait, and ``random``, the network with random weights. The
network alone makes the pictures: the rig closes no lids and draws no mouth (``--lids network --mouth network``).

The readback requests each AU at 0 to 5 and reads the result with the packaged blendshape net, which no training used.
*Share of the rig's rise* is how much that net's score rises, divided by its rise when the rig moves the same portraits.
*Still PSNR* compares the network's picture of no change with its input; the engine shows the difference of two
pictures, so its own still frame is exact. Speed is that of the generator alone at its size, beside the specification
run plainly, and the processor time of a whole frame at two sizes, with the engine's defaults.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from scipy.stats import spearmanr

from benchmarks.readback import INTENSITIES
from benchmarks.report import PORTRAITS, report
from benchmarks.speed import portrait as benchmark_portrait
from benchmarks.speed import render_cpu_ms, track_of
from mien.au.catalog import sided_names
from mien.au.track import AUTrack
from mien.engines.base import Frames, TrackSession
from mien.engines.rig.engine import RigEngine
from mien.engines.ulme_gan.engine import UlmeGanEngine
from mien.engines.ulme_gan.settings import UlmeGanSettings
from mien.face.portrait import Portrait
from mien.io.images import read_image
from mien.metrics.blendshapes import blendshape_scores
from mien.metrics.identity import identity_cosines
from mien.training.faces.held_out import is_held_out

HELD_OUT = 0.1
AUS = (("AU1", "AU2"), ("AU4",), ("AU5",), ("AU12",), ("AU15",), ("AU26",))
IDENTITY_INTENSITY = 2.0
ROUNDS = 5
FRAME_SIDES_PX = (512, 1024)

ALONE: dict[str, Any] = {"lids": "network", "mouth": "network"}
"""Settings with which the network alone makes the pictures."""


Prepare: TypeAlias = Callable[[Portrait], TrackSession]
"""Prepares a portrait, as an engine's ``prepare`` does."""


@dataclass(frozen=True)
class Nothing:
    """Repeats the portrait: the score of a generator that does nothing."""

    portrait: Portrait

    def render(self, track: AUTrack) -> Frames:
        """Make one frame, the portrait, for each row."""
        return Frames(iter([self.portrait.image] * len(track)), track)


def random_engine(seed: int = 0) -> UlmeGanEngine:
    """Return an engine of the shipped network's shape with random weights."""
    import torch

    from mien.models.ulme_gan_flow import build_generator

    engine = UlmeGanEngine(UlmeGanSettings(**ALONE))
    torch.manual_seed(seed)
    engine.generator = build_generator(engine.generator.config).eval().requires_grad_(False)
    return engine


def held_out_portraits(folder: Path, count: int | None = None) -> list[Portrait]:
    """Return the portraits of a folder that training held out, or the first ``count`` of them."""
    files = sorted(p for p in folder.glob("*.jpg") if is_held_out(p.stem, HELD_OUT))[:count]
    return [Portrait.from_image(read_image(file), choose="largest") for file in files]


def readings(prepare: Prepare, portraits: list[Portrait], aus: tuple[str, ...]) -> np.ndarray:
    """Return (portraits, intensities) blendshape scores."""
    grid = np.repeat(INTENSITIES[:, None], len(aus), axis=1).astype(np.float32)
    track = AUTrack(aus, grid, np.arange(len(INTENSITIES)) / 10)
    return np.array(
        [
            [
                blendshape_scores(frame, p.face.crop, [aus])[aus]
                for frame in prepare(p).render(track)
            ]
            for p in portraits
        ]
    )


def rank_correlation(values: np.ndarray) -> float:
    """Return Spearman's rank correlation with the requested intensities; 0 for a constant curve."""
    return 0.0 if np.ptp(values) == 0 else float(spearmanr(INTENSITIES, values).statistic)


def judge(name: str, prepare: Prepare, portraits: list[Portrait], rig_rise: np.ndarray) -> None:
    """Report an engine's readback and identity."""
    passed = True
    for index, aus in enumerate(AUS):
        values = readings(prepare, portraits, aus)
        spearman = float(np.mean([rank_correlation(row) for row in values]))
        share = float((values[:, -1] - values[:, 0]).mean() / rig_rise[index])
        passed &= spearman >= 0.9 and share >= 0.5
        report(
            "ulme_gan_readback",
            {"engine": name, "aus": "+".join(aus), "portraits": len(portraits)},
            {
                "spearman_mean": round(spearman, 3),
                "spearman_of_mean_curve": round(rank_correlation(values.mean(0)), 3),
                "share_of_rigs_rise": round(share, 2),
            },
        )
    cosines = []
    for aus in AUS:
        track = AUTrack(aus, np.full((1, len(aus)), IDENTITY_INTENSITY, np.float32), np.zeros(1))
        cosines += [identity_cosines(p.image, prepare(p).render(track))[0] for p in portraits]
    report(
        "ulme_gan_identity",
        {"engine": name, "intensity": IDENTITY_INTENSITY, "portraits": len(portraits)},
        {
            "cosine_mean": round(float(np.mean(cosines)), 3),
            "cosine_least": round(float(np.min(cosines)), 3),
            "readback_bars_all_met": bool(passed),
        },
    )


def stillness(name: str, engine: UlmeGanEngine, portraits: list[Portrait]) -> None:
    """Report the error of the network's picture of no change, and the error after a change and its opposite."""
    import torch

    from mien.engines.ulme_gan.session import lift_of

    net = engine.generator
    there = torch.zeros(1, len(net.config.aus))
    for unit in ("AU1", "AU4", "AU12", "AU26"):
        for side in sided_names(unit):
            there[0, net.config.aus.index(side)] = 0.4
    psnr, cycle = [], []
    for portrait in portraits:
        seen = lift_of(portrait, net.config).seen
        image = torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())
        with torch.inference_mode():
            still = net(image, torch.zeros_like(there)).images
            back = net(net(image, there).images, -there).images
        error = float(((still - image) / 2).square().mean())
        psnr.append(-10 * np.log10(max(error, 1e-12)))
        cycle.append(float((back - image).abs().mean()))
    report(
        "ulme_gan_stillness",
        {"engine": name, "portraits": len(portraits)},
        {
            "still_psnr_db_least": round(float(np.min(psnr)), 1),
            "still_psnr_db_median": round(float(np.median(psnr)), 1),
            "cycle_l1": round(float(np.mean(cycle)), 4),
        },
    )


def speed(engine: UlmeGanEngine, portrait: Portrait) -> None:
    """Report the generator's time per frame, by the engine and plainly, in turn, and that of whole frames."""
    import torch

    from mien.engines.ulme_gan.session import lift_of

    net = engine.generator
    seen = lift_of(portrait, net.config).seen
    image = torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())
    rows = np.random.default_rng(0).random((16, len(net.config.aus)), np.float32)
    session, batch = engine.prepare(portrait), engine.settings.batch_size

    def plain() -> None:
        with torch.no_grad():
            for row in rows:
                net(image, torch.from_numpy(row[None]))

    def ours() -> None:
        for start in range(0, len(rows), batch):
            session._generate(rows[start : start + batch])

    seconds: dict[str, list[float]] = {"plain": [], "ours": []}
    for _ in range(ROUNDS):
        for name, run in (("plain", plain), ("ours", ours)):
            began = time.perf_counter()
            run()
            seconds[name].append((time.perf_counter() - began) / len(rows))
    frame_ms = {}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    for side_px in FRAME_SIDES_PX:
        whole = UlmeGanEngine().prepare(benchmark_portrait(side_px))
        frame_ms[f"frame_cpu_ms_{side_px}_px"] = round(render_cpu_ms(whole, track_of("AU12")), 1)
    torch.set_num_threads(threads)
    plain_ms, ours_ms = (1000 * float(np.median(seconds[name])) for name in ("plain", "ours"))
    report(
        "ulme_gan_speed",
        {"image_px": net.config.image_px, "width": net.config.width},
        {
            "plain_ms_a_frame": round(plain_ms, 1),
            "engine_ms_a_frame": round(ours_ms, 1),
            "times_as_fast": round(plain_ms / ours_ms, 2),
            **frame_ms,
        },
    )


def main() -> None:
    """Report the shipped weights and the controls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--only-speed", action="store_true")
    options = parser.parse_args()
    portraits = held_out_portraits(options.portraits)
    engine = UlmeGanEngine(UlmeGanSettings(weights=options.weights, **ALONE))
    speed(engine, portraits[0])
    if options.only_speed:
        return
    rig = [readings(RigEngine().prepare, portraits, aus) for aus in AUS]
    rise = np.array([(values[:, -1] - values[:, 0]).mean() for values in rig])
    random = random_engine()
    judge("ulme-gan", engine.prepare, portraits, rise)
    judge("nothing", Nothing, portraits, rise)
    judge("random", random.prepare, portraits, rise)
    stillness("ulme-gan", engine, portraits)
    stillness("random", random, portraits)


if __name__ == "__main__":
    main()
