"""The study for OpenSesame: its file, and what its code shows and logs with canvases of a screen that is simulated."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from itertools import repeat
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mien.experiment.analysis import analyse
from mien.experiment.build import build_study
from mien.experiment.results import read_results
from tests.experiment.test_build import design, page, people  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("opensesame") / "study"
    build_study(
        design(people, form="mett", neutral_ms=50.0, blocks=2, photodiode=True, name='a "b"'),
        folder,
    )
    return folder


def code(study: Path) -> ModuleType:
    place = study / "opensesame" / "mien_opensesame.py"
    spec = importlib.util.spec_from_file_location("mien_opensesame", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Screen:
    """What OpenSesame offers: canvases whose ``show`` waits for the next refresh, keys, and a clock."""

    def __init__(self, hz: float = 60.0, keys: Any = None, *, whole: bool = False) -> None:
        self.ms, self.hz, self.whole = 0.0, hz, whole
        self.shown: list[tuple[str, ...]] = []
        self.keys = iter(keys or repeat("1"))
        screen = self

        class Canvas:
            def __init__(self, **_: object) -> None:
                self.parts: list[str] = []

            def image(self, place: str) -> None:
                assert Path(place).is_file()
                self.parts.append(Path(place).stem)

            def text(self, text: str, **_: object) -> None:
                self.parts.append(text)

            def rect(self, x: float, y: float, w: float, h: float, **_: object) -> None:
                assert (x, y, w, h) == (-960, 540 - 60, 60, 60)  # lower left; y goes down
                self.parts.append("patch")

            def show(self) -> float:
                screen.ms += 1000 / screen.hz
                screen.shown.append(tuple(self.parts))
                return screen.time()

        class Keyboard:
            def __init__(self, keylist: list[str], timeout: None) -> None:
                self.keylist = keylist

            def flush(self) -> None:
                pass

            def get_key(self) -> tuple[str, float]:
                key = "space" if self.keylist == ["space"] else next(screen.keys)
                assert key in self.keylist
                screen.ms += 500
                return key, screen.time()

        self.Canvas, self.Keyboard = Canvas, Keyboard

    def time(self) -> float:
        return float(int(self.ms)) if self.whole else self.ms

    def sleep(self, ms: float) -> None:
        self.ms += ms

    def task(self, study: Path, subject: int = 1) -> Any:
        var = SimpleNamespace(subject_nr=subject, width=1920, height=1080)
        place = study / "opensesame"
        return code(study).Task(place, var, self.Canvas, self.Keyboard, self)


def test_the_file_has_the_layout_of_opensesame(study: Path) -> None:
    text = (study / "opensesame" / "study.osexp").read_text(encoding="utf-8")
    head, *items = text.split("\n\ndefine ")
    assert head.startswith("---\nAPI: 2.1\nOpenSesame: 4.0.0\n") and "set start experiment" in head
    assert 'set title "a b"' in head
    found = {each.split()[1]: each for each in items}
    kinds = {name: each.split()[0] for name, each in found.items()}
    assert kinds == {
        **{"experiment": "sequence", "begin": "inline_script", "one_trial": "sequence"},
        **{"show_trial": "inline_script", "logger": "logger", "goodbye": "inline_script"},
        "trials": "loop",
    }
    called = set(re.findall(r"\trun (\w+)", text))
    assert called == set(found) - {"experiment"}
    assert found["trials"].count("setcycle") == 4 and "order sequential" in found["trials"]
    for name in ("begin", "show_trial", "goodbye"):
        run = re.search(r"\t___run__\n(.*?)\n\t__end__", found[name], re.DOTALL)
        assert run is not None
        compile(re.sub(r"^\t", "", run[1], flags=re.MULTILINE), name, "exec")


@pytest.mark.parametrize("hz", [60.0, 120.0])
def test_a_participant_from_consent_to_the_log(study: Path, tmp_path: Path, hz: float) -> None:
    screen = Screen(hz, iter("1212212"))
    task = screen.task(study, subject=2)
    task.begin()
    rows = []
    for place in range(4):
        task.trial(place)
        rows.append(dict(vars(task.var)))
    task.say("end")

    trials = page(study)["trials"]
    with (study / "opensesame" / "orders" / "order_2.csv").open(encoding="utf-8") as file:
        order = [int(row["showing"]) for row in csv.DictReader(file)]
    assert order == page(study)["orders"][1]
    many = int(hz / 60)
    wanted = [
        (Path(trials[number]["pictures"][picture]).stem, *(("patch",) if step == 1 else ()))
        for number in (*page(study)["training"], *order)
        for step, (picture, count) in enumerate(trials[number]["steps"])
        for _ in range(count * many)
    ]
    assert [shown for shown in screen.shown if shown and shown[0].isdigit()] == wanted
    texts = [shown[0] for shown in screen.shown if shown and not shown[0].isdigit()]
    assert sum(text.startswith("Right.") for text in texts) == 2
    assert sum("Block 2 of 2" in text for text in texts) == 1
    assert [row["shown_ms"] for row in rows] == [pytest.approx(100, abs=0.01)] * 4
    assert {row["dropped_frames"] for row in rows} == {0}
    assert [row["answer"] for row in rows] == ["anger", "surprise", "surprise", "anger"]

    with (tmp_path / "subject-2.csv").open("w", encoding="utf-8", newline="") as log:
        writer = csv.DictWriter(log, sorted(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    found = analyse(read_results([tmp_path / "subject-2.csv"]))
    right = sum(row["answer"] == row["correct_answer"] for row in rows)
    assert (found.people, found.trials, found.overall.mean) == (1, 4, right / 4)
    assert read_results([tmp_path / "subject-2.csv"]).people == ("2",)


def test_whole_milliseconds_measure_a_fast_screen(people: Path, tmp_path: Path) -> None:  # noqa: F811
    build_study(
        design(people, refresh_hz=240, programs=("opensesame",), form="bart", neutral_ms=0.0),
        tmp_path / "study",
    )
    task = Screen(240, whole=True).task(tmp_path / "study")
    task.measure()
    assert task.measured_hz == pytest.approx(240, rel=0.01) and task.refreshes == 1


@pytest.mark.parametrize(
    ("screen", "size", "said"),
    [(Screen(50.0), 1080, "Yours was measured at 50.0 Hz"), (Screen(), 90, "experiment only 90")],
)
def test_another_screen_is_told(study: Path, screen: Screen, size: int, said: str) -> None:
    task = screen.task(study)
    task.var.height = size
    with pytest.raises(RuntimeError, match=said):
        task.begin()


def test_opensesame_itself_reads_it(study: Path) -> None:
    pytest.importorskip("libopensesame", reason="OpenSesame is not installed")
    from libopensesame.experiment import Experiment  # type: ignore[import-not-found]

    place = study / "opensesame" / "study.osexp"
    made = Experiment(name="study", string=str(place), experiment_path=str(place.parent))
    assert set(made.items) >= {"experiment", "begin", "trials", "show_trial", "logger"}
    assert "libopensesame" in sys.modules
