"""Steps that train: face sets, three steps of each network, weights, recipes."""

from __future__ import annotations

from .prepare import copied
from .step import Step, step

NETWORKS = ("ulme-gan", "fomm", "mraa")

_RUN = "--steps 3 --accelerator cpu --log-every 1 --set batch_size=2 --out @/run --json"
_NARROW = (
    "--set network.image_px=64 --set network.detector_width=4 --set network.motion_width=4 "
    "--set network.max_width=16 --set network.hourglass_blocks=3 --set network.generator_width=4 "
    "--set network.generator_max_width=16 --set network.generator_blocks=1"
)
_NARROW_GAN = (
    "--set generator.image_px=64 --set generator.width=4 --set generator.blocks=1 "
    "--set discriminator.image_px=64 --set discriminator.width=4"
)


def train_steps() -> list[Step]:
    """Return the steps."""
    return [*_faces(), *_ours(), *_published(), *_exports(), *_continued(), *_recipes()]


def _faces() -> list[Step]:
    return [
        step("faces-rig", "train faces --portraits in/people --size 64 --views 3 --out @/set"),
        step(
            "faces-still",
            "train faces --portraits in/people --kind still --size 64 --seed 2 --out @/set",
        ),
    ]


def _ours() -> list[Step]:
    data = "--data faces-rig/set --recipe ours"
    painted = "--data faces-rig/set --recipe painted"
    motion = f"{_NARROW} --set paint_every=2 {_RUN}"
    return [
        step("train-ulme-gan", f"train ulme-gan {painted} {_NARROW_GAN} {_RUN}"),
        step("train-fomm", f"train fomm {data} --prior awp {motion} --validate-every 2"),
        step("train-mraa", f"train mraa {data} --prior awp {motion} --save-every 2"),
        step("train-points", f"train fomm {data} --prior awp --points 24 {motion}"),
    ]


def _published() -> list[Step]:
    pixels = "--set weights.perceptual=0 --set weights.pixels=1"
    return [
        step(
            "train-ulme-gan-published",
            f"train ulme-gan --data in/people --set critic_steps=1 {_NARROW_GAN} {_RUN}",
        ),
        step(
            "train-fomm-published",  # the perceptual loss needs larger pictures
            "train fomm --data rig --portraits in/people --views 2 "
            f"{_NARROW} --set network.image_px=128 {_RUN}",
        ),
        step("train-mraa-published", f"train mraa --data faces-rig/set {pixels} {_NARROW} {_RUN}"),
    ]


def _exports() -> list[Step]:
    runs = (*NETWORKS, "fomm-published")
    return [
        step(
            f"export-{run}",
            f"train export train-{run}/run --out @/weights --commit abc --trained-on Golden.",
        )
        for run in runs
    ]


def _continued() -> list[Step]:
    gan = f"train ulme-gan --data faces-rig/set --recipe painted {_NARROW_GAN} {_RUN}"
    return [
        step("train-stopped", f"{gan} --minutes 0.0000001"),
        step(
            "train-resumed",
            "train ulme-gan --data faces-rig/set --accelerator cpu --out @/run --resume --json",
            prepare=copied("train-stopped", "train-resumed"),
            after=("train-stopped",),
        ),
        step("train-begun", f"{gan} --init export-ulme-gan/weights"),
        step(
            "train-avd",
            "train avd --mraa export-mraa/weights --data faces-rig/set --recipe ours "
            f"--set network.widths=8,16 {_RUN}",
        ),
    ]


def _recipes() -> list[Step]:
    return [
        step(
            f"recipe-{network}-{recipe}",
            f"train {network} --data x --out @/run --recipe {recipe} --dry-run --json",
        )
        for network in NETWORKS
        for recipe in ("published", "ours")
    ]
