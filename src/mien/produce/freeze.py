"""Freeze a plan: cut out the portraits, assign splits, record weights and versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from mien.augment.portraits import PortraitFile, find_portraits, square_portrait
from mien.engines.registry import find_engine
from mien.errors import OutputError, UsageError
from mien.face import mesh
from mien.face.portrait import Face, Portrait
from mien.io.atomic import atomic_folder, check_writable
from mien.produce.engine_facts import engine_records, versions
from mien.produce.frozen import FrozenPlan, FrozenPortrait
from mien.produce.place import PLAN_NAME, SHARDS
from mien.produce.plan import ProducePlan
from mien.produce.stored_portraits import (
    FOLDER,
    flows_name,
    square_name,
    write_arrays,
    write_portrait,
)
from mien.produce.turns import refuse_empty_splits

OnPortrait = Callable[[int], None]
"""Called with the number of portraits that are done."""


def freeze(
    plan: ProducePlan,
    out: Path,
    *,
    skip_bad: bool = False,
    on_portrait: OnPortrait = lambda done: None,
) -> FrozenPlan:
    """Begin a set: write its plan and its portraits.

    Args:
        plan: The plan.
        out: The set's folder: new or empty.
        skip_bad: Leave out pictures that cannot be used, instead of raising an error.
        on_portrait: Called with the number of portraits done.

    Raises:
        MienError: The portraits or engines cannot be used, or the folder is not empty or cannot be written.
    """
    check_new(out)
    engines = engine_records(plan)
    with atomic_folder(out, lambda _: False) as folder:
        frozen = replace(freeze_in(plan, folder, skip_bad, on_portrait), engines=engines)
        refuse_empty_splits(frozen)
        (folder / PLAN_NAME).write_text(frozen.text(), encoding="utf-8")
        (folder / SHARDS).mkdir()
    return frozen


def check_new(out: Path) -> None:
    """Check that a folder is new or empty, and can be written.

    Raises:
        OutputError: It is neither new nor empty, or it cannot be written.
    """
    check_writable(out, folder=True)
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise OutputError(f"expected a new or empty folder for the set, got {out}: choose another")


def freeze_in(
    plan: ProducePlan, folder: Path, skip_bad: bool, on_portrait: OnPortrait = lambda done: None
) -> FrozenPlan:
    """Write the portraits into a folder and return the plan without its engines' records."""
    (folder / FOLDER).mkdir()
    stored: list[tuple[PortraitFile, dict[str, str]]] = []

    def keep(file: PortraitFile, square: Portrait) -> None:
        number, hashes = len(stored), {}
        squares = {plan.sizes[0]: square}
        squares |= {size: square_portrait(file, size) for size in plan.sizes[1:]}
        if plan.kind == "flows":
            hashes["flow"] = write_arrays(
                folder / flows_name(number), _face_flows(square.face, plan.seed, number)
            )
        else:
            for size, each in squares.items():
                hashes[str(size)] = write_portrait(folder / square_name(number, size), each)
        stored.append((file, hashes))
        on_portrait(len(stored))

    left_out: list[str] = []
    find_portraits(plan.portraits, plan.sizes[0], skip_bad, left_out, keep)
    splits = assigned_splits(plan, len(stored))
    portraits = tuple(
        FrozenPortrait(
            file.subject,
            split,
            file.input_file.name,
            file.input_file.sha256,
            file.input_file.sources,
            hashes,
        )
        for (file, hashes), split in zip(stored, splits, strict=True)
    )
    return FrozenPlan(plan, portraits, {}, versions(plan), tuple(left_out))


def assigned_splits(plan: ProducePlan, portraits: int) -> tuple[str, ...]:
    """Return the split of each portrait: a person is in one split only.

    Raises:
        UsageError: A split would have no portrait, or fewer than the two that an engine needs which carries the motion
            of one person onto another.
    """
    order = np.random.default_rng([plan.seed, 3]).permutation(portraits)
    edges = np.rint(np.cumsum([0.0, *plan.splits.values()]) * portraits).astype(int)
    splits = [""] * portraits
    for name, start, stop in zip(plan.splits, edges[:-1], edges[1:], strict=True):
        needs = 1 if all(find_engine(each).uses_aus for each in plan.engines) else 2
        if stop - start < needs:
            raise UsageError(
                f"expected {needs} or more portraits in the split {name}, got {stop - start} of {portraits}: add "
                "portraits, or change splits"
            )
        for number in order[start:stop]:
            splits[number] = name
    return tuple(splits)


def _face_flows(face: Face, seed: int, number: int) -> dict[str, np.ndarray]:
    from mien.synthesis.drawn_face import draw_face
    from mien.synthesis.face_flows import face_flows
    from mien.synthesis.flow_recipe import RigFlowRecipe

    rng = np.random.default_rng([seed, 6, number])
    made = face_flows(draw_face(RigFlowRecipe(), rng, own_vertices_cm(face)))
    return {name: np.asarray(array, np.float32) for name, array in made._asdict().items()}


def own_vertices_cm(face: Face) -> Float64[np.ndarray, "468 3"]:
    """Return a face's own vertices, turned to look straight ahead, canonical centimetres."""
    pose = face.pose
    points = face.landmarks[:468].astype(np.float64)
    points[:, :2] -= pose.translation_px
    turned = points / pose.scale_px_per_cm
    own: np.ndarray = turned @ pose.rotation  # the inverse of a rotation of row vectors

    # The landmarks' depth has an arbitrary origin: match the mean depth of the canonical face.
    own[:, 2] += float((mesh.canonical_vertices()[:, 2] - own[:, 2]).mean())
    return own
