"""Measure peak memory for films of rising length, and for large portraits.

Run as ``python -m benchmarks.memory [--portraits]``. Each figure is measured in its own process, as a command runs. The
film shows a small face that moves by a pixel, so that the memory that stays per frame stands out against the frame
itself. A portrait of 49 million pixels is the largest that cameras make without joining pictures; mp4 takes 35 million.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import av
import cv2
import numpy as np

FPS = 50
FRAMES = (500, 2000, 5000)
PORTRAITS = {"a folder of PNGs": ("{folder}/png", 7000), "gif": ("{folder}/a.gif", 7000)}
PORTRAITS |= {"mkv": ("{folder}/a.mkv", 7000), "mp4": ("{folder}/a.mp4", 5960)}
"""Output, and side of the square portrait, by format."""
TASKS = {
    "measure": ("measure", "{film}", "--out", "{folder}/out.csv"),
    "transfer, mesh": ("transfer", "{film}", "{face}", "--out", "{folder}/mesh.mp4"),
    "transfer, rig": (
        "transfer",
        "{film}",
        "{face}",
        "--out",
        "{folder}/rig.mp4",
        "--engine",
        "rig",
    ),
}
"""The measured commands by name."""


def write_film(path: Path, frames: int, face: np.ndarray) -> None:
    """Write a film in which the lower half of a face repeatedly goes down and up by a pixel."""
    height, width = face.shape[:2]
    rows = np.arange(height, dtype=np.float32)[:, None].repeat(width, 1)
    columns = np.arange(width, dtype=np.float32)[None].repeat(height, 0)
    lower = np.clip((rows / height - 0.5) * 4, 0, 1)
    moved = [
        cv2.remap(face, columns, rows - np.float32(shift) * lower, cv2.INTER_LINEAR)
        for shift in np.sin(np.linspace(0, 2 * np.pi, FPS, endpoint=False)) ** 2
    ]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=FPS, options={"preset": "ultrafast", "crf": "12"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for index in range(frames):
            container.mux(
                stream.encode(
                    av.VideoFrame.from_ndarray(np.asarray(moved[index % FPS], np.uint8), "rgb24")
                )
            )
        container.mux(stream.encode())


def peak_mb(arguments: list[str]) -> float:
    """Return the peak memory of a command of Mien, in MB (10**6 bytes)."""
    program = (
        "import json, resource, sys\n"
        "from mien.cli.main import main\n"
        "code = main(json.loads(sys.argv[1]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    if ran.returncode:
        raise SystemExit(f"mien {' '.join(arguments)}\n{ran.stderr}")
    return int(ran.stderr.split()[-1]) * 1024 / 1e6


def show_portraits() -> None:
    """Print a table of large portraits."""
    from skimage.data import astronaut

    from mien.io.images import write_png

    print("| `mien generate` to | portrait | peak |\n|---|---|---|")
    for name, (out, side) in PORTRAITS.items():
        with tempfile.TemporaryDirectory() as folder:
            face = f"{folder}/face.png"
            picture = cv2.resize(astronaut()[0:300, 80:380], (side, side))
            write_png(face, np.asarray(picture, np.uint8))
            how = ("--expression", "fear", "--fps", "25")
            peak = peak_mb(["generate", face, *how, "--out", out.format(folder=folder)])
        print(f"| {name} | {side}x{side} | {peak:.0f} MB |", flush=True)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, nargs="+", default=FRAMES)
    parser.add_argument("--only", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--portraits", action="store_true", help="large portraits, not films")
    asked = parser.parse_args()
    if asked.portraits:
        show_portraits()
        return
    from skimage.data import astronaut

    from mien.io.images import write_png

    face = cv2.resize(astronaut()[0:300, 100:350], (160, 192), interpolation=cv2.INTER_AREA)
    lengths = sorted(asked.frames)
    print(f"| command | {' | '.join(f'{n} frames' for n in lengths)} | for each frame |")
    print("|---" * (len(lengths) + 2) + "|")
    with tempfile.TemporaryDirectory() as folder:
        write_png(Path(folder) / "face.png", face)
        peaks: dict[str, list[float]] = {name: [] for name in asked.only}
        for frames in lengths:
            write_film(Path(folder) / "film.mp4", frames, face)
            fill = {"film": f"{folder}/film.mp4", "face": f"{folder}/face.png", "folder": folder}
            for name in asked.only:
                peaks[name].append(peak_mb([word.format(**fill) for word in TASKS[name]]))
    for name, found in peaks.items():
        more = 1000 * (found[-1] - found[0]) / max(lengths[-1] - lengths[0], 1)
        shown = " | ".join(f"{peak:.0f} MB" for peak in found)
        print(f"| {name} | {shown} | {more:.1f} kB |")


if __name__ == "__main__":
    main()
