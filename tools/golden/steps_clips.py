"""Steps that make clips of a portrait: ``generate``, ``sheet``, ``batch``, ``demo``."""

from __future__ import annotations

from .prepare import copied
from .step import Step, step

P = "generate in/portrait.png --fps 50"


def clip_steps() -> list[Step]:
    """Return the steps."""
    return [*_formats(), *_motions(), *_rendering(), *_tables()]


def _formats() -> list[Step]:
    short = f"{P} --expression happiness --duration 0.2"
    return [
        # The drivers of the transfers: lossless.
        step(
            "driver-smile",
            "generate in/portrait.png --fps 50 --expression happiness "
            "--intensity D --lead 0.04 --tail 0.04 --duration 0.3 --out @/clip.mkv --json",
        ),
        step(
            "driver-frown",
            "generate in/mirrored.png --fps 50 --duration 0.24 "
            "--expression anger --intensity D --out @/clip.mkv",
        ),
        step(
            "driver-still",
            "generate in/portrait.png --fps 50 --expression fear --strength 0 --duration 0.1 "
            "--out @/clip.mkv",
        ),
        step("generate-mp4", f"{short} --out @/clip.mp4 --json"),
        step("generate-mp4-420", f"{short} --chroma 420 --out @/clip.mp4"),
        step("generate-gif", f"{short} --out @/clip.gif --json"),
        step("generate-png", f"{short} --out @/clip"),
        step(
            "generate-alpha",
            "generate in/clear.png --fps 50 --expression happiness --duration 0.1 --out @/clip.mkv",
        ),
        step(
            "generate-jpeg-fraction",
            "generate in/portrait.jpg --expression fear --fps 30000/1001 --out @/clip.mp4 --json",
        ),
        step(
            "generate-gif-200",
            "generate in/portrait.png --expression fear --duration 0.1 --out @/clip.gif",
        ),
    ]


def _motions() -> list[Step]:
    presets = ("surprise", "anger", "disgust", "fear", "sadness", "contempt", "repression")
    return [
        *(
            step(f"generate-preset-{name}", f"{P} --expression {name} --out @/clip.mkv")
            for name in presets
        ),
        step(
            "generate-sample-happiness", f"{P} --sample happiness --seed 11 --out @/clip.mkv --json"
        ),
        step(
            "generate-sample-dataset",
            f"{P} --sample disgust --seed 3 --intensity D --out @/clip.mkv --dataset SAMM",
            "CASME II",
        ),
        step("generate-au-one", f"{P} --au AU12L=2.5@0.02-0.06-0.08-0.16 --out @/clip.mkv"),
        step(
            "generate-au-shapes",
            f"{P} --au AU1=B@0-0.06-0.08-0.2:minimum_jerk "
            "--au AU4R=1.5@0-0.04-0.08-0.16:linear AU43=3@0.02-0.08-0.1-0.2 --out @/clip.mkv",
        ),
        step("generate-aus-csv", "generate in/portrait.png --aus in/track.csv --out @/clip.mkv"),
        step("generate-aus-csv-fps", f"{P} --aus in/track.csv --strength 1.5 --out @/clip.mkv"),
        step("generate-aus-json", "generate in/portrait.png --aus in/track.json --out @/clip.mkv"),
        step(
            "generate-aus-openface",
            "generate in/portrait.png --aus in/openface.csv --out @/clip.mkv",
        ),
        step(
            "generate-aus-openface-face",
            "generate in/portrait.png --aus in/openface2.csv --fps 25 "
            "--aus-face 1 --out @/clip.mkv",
        ),
        step(
            "generate-aus-sidecar",
            "generate in/tinted.png --aus generate-mp4/clip.mp4.json --out @/clip.mkv",
        ),
        step("generate-side-left", f"{P} --expression surprise --side left --out @/clip.mkv"),
        step(
            "generate-side-right",
            f"{P} --expression anger --side right --intensity 2.5 --out @/clip.mkv",
        ),
        step(
            "generate-strength",
            f"{P} --expression sadness --strength 0.5 --duration 0.3 "
            "--lead 0.06 --tail 0.1 --out @/clip.mkv --json",
        ),
    ]


def _rendering() -> list[Step]:
    short = f"{P} --expression happiness --intensity C --duration 0.16"
    net = f"{short} --engine ulme-gan"
    return [
        step(
            "generate-rotated",
            "generate in/rotated.jpg --fps 50 --expression fear --duration 0.1 --out @/clip.mkv",
        ),
        step(
            "generate-grey",
            "generate in/level.png --fps 50 --expression fear --duration 0.1 --out @/clip.mkv",
        ),
        step("generate-no-shading", f"{short} --no-shading --out @/clip.mkv"),
        step(
            "generate-face-second",
            "generate in/two.png --fps 50 --expression fear --duration 0.1 "
            "--face 2 --out @/clip.mkv",
        ),
        step(
            "generate-face-largest",
            "generate in/two.png --fps 50 --expression fear --duration 0.1 "
            "--face largest --out @/clip.mkv",
        ),
        step("generate-net", f"{net} --out @/clip.mkv --json"),
        step("generate-net-absolute", f"{net} --au-mode absolute --out @/clip.mkv"),
        step("generate-net-attention", f"{net} --show attention --out @/clip.mkv"),
        step("generate-net-weights", f"{net} --weights export-ulme-gan/weights --out @/clip.mkv"),
    ]


def _tables() -> list[Step]:
    return [
        step("sheet", "sheet generate-mp4/clip.mp4 --out @/sheet.png"),
        step("sheet-columns", "sheet generate-png/clip --out @/sheet.png --columns 3 --magnify 12"),
        step("batch", "batch in/table.csv --out @/clips --fps 50 --format mkv --json"),
        step(
            "batch-again",
            "batch in/table.csv --out @/clips --fps 50 --format mkv --json",
            prepare=copied("batch", "batch-again"),
            after=("batch",),
        ),
        step("batch-failures", "batch in/bad_table.csv --out @/clips --fps 25", code=2),
        step("demo", "demo --out @/demo"),
    ]
