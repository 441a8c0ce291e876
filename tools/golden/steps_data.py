"""Steps that make and evaluate data: ``augment``, ``flows``, ``evaluate``, ``dataset``, ``expressions``."""

from __future__ import annotations

from .inputs_datasets import COPIES
from .prepare import copied, filmed_casme2
from .step import Step, step


def data_steps() -> list[Step]:
    """Return the steps."""
    return [*_augmented(), *_flows(), *_recognised(), *_listed()]


def _augmented() -> list[Step]:
    quick = "augment --portraits in/people.txt --count 3 --frames two --size 96 --out @/set"
    drawn = "augment --portraits in/people --count 6 --size 96 --fps 50"
    return [
        step("augment-rig", f"{quick} --json"),
        step(
            "augment-more",
            "augment --portraits in/people.txt --count 4 --frames two --size 96 --out @/set --json",
            prepare=copied("augment-rig", "augment-more"),
            after=("augment-rig",),
        ),
        step(
            "augment-other",
            f"{quick} --strength 2",
            code=2,
            prepare=copied("augment-rig", "augment-other"),
            after=("augment-rig",),
        ),
        step(
            "augment-skip-bad",
            "augment --portraits in/mixed.txt --count 3 --frames two --size 96 --flow dis --skip-bad "
            "--out @/set --json",
        ),
        step(
            "augment-clips",
            f"{drawn} --validation 0.5 --flow dis --format png --no-film "
            "--seed 4 --strength 1.5 --out @/set --json",
        ),
        step(
            "augment-emotions",
            f"{quick} --flow dis --emotions happiness surprise disgust --datasets DFME",
        ),
        *(
            step(f"augment-{engine}", f"{quick} --engine {engine} --flow dis --fps 50 --json")
            for engine in ("ulme-gan", "mesh", "fomm", "mraa")
        ),
        step(
            "augment-drivers",
            f"{quick} --engine mesh --flow dis --drivers augment-clips/set --json",
        ),
    ]


def _flows() -> list[Step]:
    return [
        step("flows", "flows folder augment-rig/set --vary-crop --out @/flows.npz --json"),
        step("flows-dis", "flows folder augment-clips/set --flow dis --out @/flows.npz"),
        step(
            "flows-casme2",
            "flows casme2 @/copy --find-apex --skip-bad --flow dis --out @/flows.npz --json",
            prepare=filmed_casme2("flows-casme2/copy"),
            after=("driver-smile", "driver-frown"),
        ),
    ]


def _recognised() -> list[Step]:
    judge = "evaluate recognition --flows in/real.npz --json"
    return [
        step("recognition-kernel", f"{judge} --seeds 1"),
        step("recognition-kernel-finetune", f"{judge} --augment in/made.npz --seeds 2"),
        step("recognition-rig-alone", f"{judge} --augment rig:60 --train generated --seeds 1"),
        step("recognition-kernel-rig", f"{judge} --augment rig:30 --seeds 1 --use mix"),
        step(
            "recognition-kernel-generated",
            f"{judge} --augment augment-clips/set --train generated --seeds 1",
        ),
        step("recognition-svm", f"{judge} --model svm --augment in/made.npz --seeds 1"),
        step(
            "recognition-ststnet",
            f"{judge} --model ststnet --epochs 2 --seeds 2 --augment in/made.npz --use mix",
        ),
        step(
            "recognition-ststnet-leak",
            "evaluate recognition --flows in/real.npz --model ststnet --epochs 2 --seeds 1 --leak",
        ),
        step("recognition-off-apexnet", f"{judge} --model off-apexnet --epochs 1 --seeds 1"),
        step("realism", "evaluate realism --flows in/real.npz --generated in/made.npz --json"),
        step(
            "realism-rig", "evaluate realism --flows in/real.npz --generated rig:36 --seed 2 --json"
        ),
    ]


def _listed() -> list[Step]:
    return [
        step("dataset-folder", "dataset check folder augment-clips/set --json"),
        *(
            step(f"dataset-{name}", f"dataset check {name} in/sets/{name}")
            for name in (*COPIES, "casme_sq")
        ),
        step("dataset-json", "dataset check casme2 in/sets/casme2 --json"),
        step("dataset-list", "dataset list"),
        step("dataset-list-json", "dataset list --json"),
        step("expressions", "expressions"),
        step("expressions-json", "expressions --json"),
    ]
