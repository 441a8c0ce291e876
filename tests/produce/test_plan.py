from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mien.errors import MienError, UsageError
from mien.produce.plan import ProducePlan
from mien.produce.plan_file import read_plan

SMALLEST = 'portraits = "people"\ncount = 60\nshard = 10\nseed = 5\nkind = "pairs"\nsize = 128\n'


def test_the_smallest_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(SMALLEST)
    plan = read_plan(path)
    assert plan.portraits == tmp_path / "people" and plan.sizes == (128,) and plan.shards == 6
    assert plan.samples_of(5) == range(50, 60)
    assert ProducePlan(portraits=Path("x"), kind="clips", count=55, shard=10).samples_of(
        5
    ) == range(50, 55)


def test_a_plan_comes_back_from_its_json() -> None:
    plan = ProducePlan(
        portraits=Path("a/people"),
        kind="clips",
        count=3,
        size=(72, 96),
        rates=(100, "30000/1001"),  # type: ignore[arg-type]
        splits={"train": 0.75, "test": 0.25},
        settings={"rig": {"shading": False}},
        levels=("A", "E"),
        durations_seconds=(0.1, 0.2),
    )
    assert plan.rates == (Fraction(100), Fraction(30000, 1001))
    values = plan.to_json()
    assert values["portraits"] == "people"  # folders are private
    again = ProducePlan.from_values(values)
    assert again.to_json() == values and again.rates == plan.rates


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "movies"}, "expected kind to be one of clips, pairs, flows, got 'movies'"),
        ({"count": 0}, "count as a whole number from 1"),
        ({"shard": 2.5}, "shard as a whole number"),
        ({"size": 32}, "size as a whole number from 72 to 2048"),
        ({"size": (96, 96)}, "each of size once"),
        ({"size": ()}, "size with a value or more"),
        ({"seed": True}, "seed as a whole number"),
        ({"engines": ("warp",)}, "warp"),
        ({"settings": {"mesh": {}}}, "settings of mesh, which is not among engines"),
        ({"settings": {"rig": {"gaze": True}}}, "--gaze"),
        ({"splits": {"train": 0.8}}, "add up to 1, got 0.8"),
        ({"splits": {"train": 1.5}}, "shares above 0"),
        ({"aus": ("AU99",)}, "AU99"),
        ({"aus": ("AU4",), "emotions": ("anger",)}, "emotions or aus, got both"),
        ({"levels": ("F",)}, "levels to be one of A, B, C, D, E"),
        ({"sides": ("up",)}, "sides to be one of both, left, right"),
        ({"durations_seconds": (0.3, 0.1)}, "least first"),
        ({"durations_seconds": (0.3,)}, "[least, most]"),
        ({"rates": (0,)}, "frame rate above 0"),
        ({"rates": (50,)}, "a pair has no frame rate"),
        ({"format": "png"}, "format needs kind = clips"),
        ({"quantiser": 20}, "quantiser needs kind = clips"),
        ({"kind": "clips", "format": "png", "quantiser": 20}, "quantiser needs format = mp4"),
        ({"kind": "flows", "levels": ("A",)}, "levels cannot be chosen with kind = flows"),
        ({"kind": "flows", "size": (80, 96)}, "size as one number with kind = flows, got 80, 96"),
        ({"kind": "flows", "size": [80]}, "size as one number with kind = flows, got 80"),
        ({"kind": "flows", "turn": 3}, "turn cannot be chosen with kind = flows"),
        (
            {"kind": "clips", "rates": (1,)},
            "rates of 23.08 or more, so that a movement of 0.13 s has 3",
        ),
        (
            {"kind": "clips", "rates": (100, 20), "durations_seconds": (0.1, 0.2)},
            "rates of 30 or more, so that a movement of 0.1 s has 3 frames, got 20",
        ),
        ({"cameras": ("phone",)}, "cameras to be one of film, still"),
    ],
)
def test_contradictions_are_refused_in_one_line(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(MienError) as failed:
        ProducePlan(**({"portraits": Path("x"), "kind": "pairs", "count": 3} | wrong))
    assert says in str(failed.value) and "\n" not in str(failed.value)


@pytest.mark.parametrize(
    ("rate", "durations"), [("24000/1001", ()), (30, (0.1, 0.2)), (10_000, ()), (300, (0.01, 0.1))]
)
def test_rates_that_show_the_shortest_movement(rate: object, durations: object) -> None:
    values = {"portraits": "x", "kind": "clips", "count": 3, "rates": rate}
    assert ProducePlan.from_values(values | {"durations_seconds": durations}).rates


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SMALLEST + "colour = 3\n", "got 'colour'"),
        ('kind = "pairs"\ncount = 3\n', "expected the key portraits"),
        ("portraits = 3\nkind = 'pairs'\ncount = 3\n", "portraits as a path, got 3"),
        ("count = = 3\n", "not TOML"),
        (SMALLEST.replace("60", "-1"), "plan.toml: expected count"),
    ],
)
def test_files_that_are_no_plans(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"plan\.toml") as failed:
        read_plan(path)
    assert says in str(failed.value)
