from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import UsageError
from mien.synthesis.face_bank import face_bank
from mien.synthesis.face_parts import PARTS
from mien.synthesis.flow_recipe import RigFlowRecipe
from mien.synthesis.flows import generate_rig_flows

FEW = RigFlowRecipe(faces=4)
QUIET = dataclasses.replace(
    FEW,
    head_cm=(1e-6, 0.0),
    noise_cm=(1e-6, 0.0),
    part_cm=(1e-6, 0.0),
    blink_chance=0.0,
    gaze_chance=0.0,
    hair_chance=0.0,
    patches=0.0,
    gaps=(0.0, 0.0),
    steps=(0.0, 0.0),
)
"""Nothing but the AUs moves, and no flow errors."""


def test_a_seed_gives_the_same_maps_and_another_others() -> None:
    one, same, other = (generate_rig_flows(40, seed, FEW) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.flow, same.flow)
    np.testing.assert_array_equal(one.label, same.label)
    assert (one.flow != other.flow).mean() > 0.9


def test_classes_are_balanced_and_faces_are_nobody_real() -> None:
    made = generate_rig_flows(61, 0, FEW)
    assert sorted(made.counts.values()) == [20, 20, 21]
    assert set(made.subjects) <= {f"rig_{n:03d}" for n in range(4)}
    assert made.flow.min((1, 2)).max() == 0 and made.flow.max((1, 2)).min() == 255


def test_the_aus_beside_a_map_are_those_that_moved_in_it() -> None:
    """With disturbances off, a map whose label says AU12 on one side only is strongest at that corner."""
    made = generate_rig_flows(400, 3, QUIET)
    assert made.aus is not None and len(made.aus) == 400
    present = made.aus.present
    left, right = (present[:, RIG_NAMES.index(f"AU12{side}")] == 1 for side in "LR")
    np.testing.assert_array_equal(present == 1, made.aus.intensity >= 0.5)
    strain = made.flow[..., 2].astype(float)[:, 16:24]  # the rows of the mouth
    ahead = strain[:, :, 14:].mean((1, 2)) - strain[:, :, :14].mean((1, 2))
    # The subject's left is the picture's right.
    assert min((left & ~right).sum(), (right & ~left).sum()) >= 5
    assert np.median(ahead[left & ~right]) > 5 and np.median(ahead[right & ~left]) < -5


@pytest.mark.parametrize(("name", "right_in_picture"), [("AU12R", False), ("AU12L", True)])
def test_a_side_moves_its_own_side(name: str, right_in_picture: bool) -> None:
    bank = face_bank(FEW, 0)
    flow = bank.shapes[:, RIG_NAMES.index(name)].reshape(len(bank), 2, FEW.grid, FEW.grid)
    half = FEW.grid // 2
    left, right = np.abs(flow[..., :half]).sum((1, 2, 3)), np.abs(flow[..., half:]).sum((1, 2, 3))
    more, less = (right, left) if right_in_picture else (left, right)
    assert (more > 3 * less).all()
    assert (flow[:, 1].min((1, 2)) < -0.3).all(), "the corner of the mouth goes up"


def test_parts_share_each_pixel() -> None:
    bank = face_bank(FEW, 0)
    assert bank.parts.shape == (4, len(PARTS), FEW.grid**2)
    np.testing.assert_allclose(bank.parts.sum(1), 1, atol=1e-4)


def test_without_errors_a_smile_is_where_the_face_smiles() -> None:
    """With everything else off, the strongest upward motion of AU12R lies in the picture's lower left."""
    made = generate_rig_flows(60, 1, QUIET)
    positive = made.flow[made.label == 1][..., 1].astype(float).mean(0)
    row, column = np.unravel_index(positive.argmin(), positive.shape)
    assert row > 12 and abs(column - 13.5) > 3


def test_hundreds_a_second_of_processor_time() -> None:
    """A low floor, independent of the machine's load; ``python -m benchmarks.realism`` has the rate."""
    generate_rig_flows(30, 0, FEW)
    start = time.process_time()
    generate_rig_flows(400, 0, FEW)
    assert 400 / (time.process_time() - start) > 150


def test_refusals() -> None:
    with pytest.raises(UsageError, match="got 2 and 0"):
        generate_rig_flows(2)
    with pytest.raises(UsageError, match="got 30 and -1"):
        generate_rig_flows(30, -1)
    with pytest.raises(UsageError, match="a grid of 28"):
        RigFlowRecipe(grid=20)
