"""The study for PsychoPy: what Builder reads, and what the script shows and saves."""

from __future__ import annotations

import csv
import runpy
import sys
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mien.experiment.analysis import analyse
from mien.experiment.build import build_study
from mien.experiment.results import read_results
from tests.experiment.psychopy_fake import Screen, fake_psychopy
from tests.experiment.test_build import design, page, people  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("psychopy") / "study"
    build_study(design(people, catch_trials=1, neutral_ms=50.0, blocks=2, photodiode=True), folder)
    return folder


@pytest.fixture(scope="module")
def mett(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("psychopy") / "mett"
    build_study(design(people, form="mett", neutral_ms=50.0, disclosure="after"), folder)
    return folder


def run(
    study: Path, screen: Screen, keys: Any, participant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run study.py to its end; it leaves as PsychoPy's ``core.quit`` does."""
    monkeypatch.syspath_prepend(str(study / "psychopy"))
    with fake_psychopy(screen, iter(keys), participant), pytest.raises(SystemExit):
        runpy.run_path(str(study / "psychopy" / "study.py"), run_name="__main__")


def saved(study: Path) -> list[dict[str, str]]:
    (place,) = (study / "psychopy" / "data").glob("*.csv")
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows


@pytest.fixture
def copy(study: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(study, tmp_path / "study"))


def shown_pictures(screen: Screen) -> list[list[str]]:
    """Return the pictures of each trial, one a refresh; trials begin and end with a text."""
    trials: list[list[str]] = [[]]
    for drawn in screen.refreshes:
        if drawn and drawn[0].isdigit():
            trials[-1].append(drawn[0])
        elif trials[-1]:
            trials.append([])
    return trials[:-1]


@pytest.mark.parametrize("hz", [60.0, 120.0])
def test_the_script_shows_each_picture_for_its_frames(
    copy: Path, hz: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(hz)
    run(copy, screen, repeat("1"), "2", monkeypatch)
    with (copy / "psychopy" / "orders" / "order_2.csv").open(encoding="utf-8") as file:
        order = list(csv.DictReader(file))
    trials = page(copy)["trials"]
    number = int(hz / 60)
    wanted = [
        [
            Path(trials[int(row["showing"])]["pictures"][picture]).stem
            for picture, count in trials[int(row["showing"])]["steps"]
            for _ in range(count * number)
        ]
        for row in order
    ]
    assert shown_pictures(screen) == wanted
    assert [int(row["showing"]) for row in order] == page(copy)["orders"][1]
    rows = saved(copy)
    assert [row["stimulus_file"] for row in rows] == [row["stimulus_file"] for row in order]
    assert {row["shown_ms"] for row in rows} == {"100.0"}
    assert {(row["dropped_frames"], row["participant"], row["order"]) for row in rows} == {
        ("0", "2", "2")
    }
    assert {row["rt_ms"] for row in rows} == {"400.0"}
    assert [row["level"] for row in rows] == [
        trials[int(r["showing"])]["data"]["level"] for r in order
    ]
    pauses = [drawn for drawn in screen.refreshes if drawn and "Take a rest" in drawn[0]]
    assert len(pauses) == 1 and pauses[0][0].startswith("Block 2 of 2.")


def test_the_patch_is_there_as_long_as_the_expression(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    run(copy, screen, repeat("1"), "1", monkeypatch)
    lit = [drawn[0] for drawn in screen.refreshes if "patch" in drawn]
    # One picture a frame of the movement, in the four trials that move and in the two catch trials.
    assert lit == [f"{number:06d}" for number in range(1, 7)] * 6
    assert screen.patch_places == {(30 - 640, 30 - 360)}  # the lower left corner; y goes up


def test_the_pictures_of_a_trial_are_let_go(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    run(copy, screen, repeat("1"), "1", monkeypatch)
    assert screen.most_alive == 7


def test_a_late_frame_is_counted_in_its_trial(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    # Consent and cross are flips 0 and 1; the neutral face is there for three, then the movement for six.
    screen.late = {7}
    run(copy, screen, repeat("1"), "1", monkeypatch)
    first, second = saved(copy)[:2]
    assert (first["dropped_frames"], second["dropped_frames"]) == ("1", "0")
    assert float(first["shown_ms"]) == pytest.approx(1000 * 7 / 60, abs=0.01)


@pytest.mark.parametrize(
    ("screen", "participant", "said"),
    [
        (Screen(50.0), "1", "needs a screen at 60 Hz or a multiple of it. Yours was measured at 50.0 Hz."),
        (Screen(None), "1", "cannot be measured"),
        (Screen(60.0, (80, 60)), "1", "this screen only 60"),
        (Screen(), " ", "enter the participant's number or code"),
    ],
)  # fmt: skip
def test_what_the_study_cannot_run_with_stops_it(
    study: Path,
    screen: Screen,
    participant: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(study, screen, repeat("1"), participant, monkeypatch)
    assert said in capsys.readouterr().out
    assert screen.closed and said in screen.refreshes[-1][0]
    assert not (study / "psychopy" / "data").exists()


def test_a_missing_picture_stops_it(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    next((copy / "stimuli").glob("*surprise*/000003.png")).unlink()
    run(copy, Screen(), repeat("1"), "1", monkeypatch)
    assert "A picture is missing" in capsys.readouterr().out


def test_training_tells_the_right_answer_and_is_not_counted(
    mett: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    run(mett, screen, chain("12", repeat("num_2")), "1", monkeypatch)
    with (mett / "psychopy" / "training.csv").open(encoding="utf-8") as file:
        right = [row["training_answer"] for row in csv.DictReader(file)]
    texts = [drawn[0] for drawn in screen.refreshes if drawn and not drawn[0].isdigit()]
    told = [text.split("\n")[0] for text in texts if text.startswith(("Right.", "It was"))]
    assert told == [
        "Right." if answer == given else f"It was {answer}."
        for answer, given in zip(right, ("anger", "surprise"), strict=True)
    ]
    assert "All faces are synthetic" in texts[-1] and "All faces" not in texts[0]
    rows = saved(mett)
    assert len(rows) == 4 and {row["answer"] for row in rows} == {"surprise"}
    found = analyse(read_results([mett / "psychopy" / "data"]))
    assert (found.people, found.trials, found.overall.mean) == (1, 4, 0.5)


def test_orders_are_those_of_the_page(study: Path) -> None:
    """`test_page` compares more of them with the page itself."""
    sys.path.insert(0, str(study / "psychopy"))
    try:
        from mien_study import Study  # type: ignore[import-not-found]

        made = Study(study / "psychopy")
        assert [made.order_of(code) for code in ("1", "2", "3", "4", "0")] == [1, 2, 3, 1, 3]
        # (7 * 31 + 97) * 31 + 98 = 9832
        assert made.order_of("ab") == 9832 % 3 + 1
        assert made.order_file("3") == "orders/order_3.csv"
    finally:
        sys.path.remove(str(study / "psychopy"))
        sys.modules.pop("mien_study", None)


def test_builder_has_what_a_file_of_its_own_has(study: Path, mett: Path) -> None:
    """Facts of files that Builder 2024.1 to 2026.2 saves."""
    for folder, loops in ((study, 1), (mett, 2)):
        root = ElementTree.parse(folder / "psychopy" / "study.psyexp").getroot()
        assert root.tag == "PsychoPy2experiment" and root.get("encoding") == "utf-8"
        assert [int(part) for part in str(root.get("version")).split(".")] >= [2024, 1, 0]
        assert [part.tag for part in root] == ["Settings", "Routines", "Flow"]
        routines = {str(each.get("name")) for each in root.iterfind("Routines/Routine")}
        flow = [(each.tag, str(each.get("name"))) for each in root.iterfind("Flow/*")]
        assert {name for tag, name in flow if tag == "Routine"} == routines
        begun = [name for tag, name in flow if tag == "LoopInitiator"]
        assert begun == [name for tag, name in flow if tag == "LoopTerminator"]
        assert len(begun) == loops
        for param in root.iter("Param"):
            assert set(param.attrib) == {"name", "val", "valType", "updates"}
        kinds = {each.tag for each in root.iterfind("Routines/Routine/*")}
        assert kinds == {"CodeComponent", "TextComponent", "KeyboardComponent"}
        names = [str(each.get("name")) for each in root.iterfind("Routines/Routine/*")]
        assert len(set(names)) == len(names)
        columns = (folder / "psychopy" / "orders" / "order_1.csv").read_text().split("\n")[0]
        assert not set(columns.split(",")) & {*names, *routines, *begun, "mien", "level"}


def test_the_code_of_builder_compiles(mett: Path) -> None:
    root = ElementTree.parse(mett / "psychopy" / "study.psyexp").getroot()
    code = {
        str(each.get("val")).replace("&#10;", "\n")
        for each in root.iterfind("Routines/Routine/CodeComponent/Param")
        if each.get("valType") == "extendedCode"
    }
    assert len(code) == 7
    for text in code:
        compile(text, "study.psyexp", "exec")


def test_a_catch_trial_has_no_facs_level(study: Path) -> None:
    with (study / "psychopy" / "orders" / "order_1.csv").open(encoding="utf-8") as file:
        levels = {(row["correct_answer"], row["facs_level"]) for row in csv.DictReader(file)}
    assert levels == {("anger", "C"), ("surprise", "C"), ("neutral", "")}
    # Builder reads the empty cell as None, and would write this word into the results.
    code = (study / "psychopy" / "study.psyexp").read_text(encoding="utf-8")
    assert "addData('level', facs_level or '')" in code


def test_builders_own_loader_reads_it(study: Path, mett: Path) -> None:
    pytest.importorskip("psychopy.experiment", reason="PsychoPy is not installed")
    from psychopy.experiment import Experiment  # type: ignore[import-not-found]

    for folder in (study, mett):
        place = folder / "psychopy" / "study.psyexp"
        experiment = Experiment()
        experiment.loadFromXML(str(place))
        script = experiment.writeScript(str(place.with_suffix(".py")))
        text = script if isinstance(script, str) else script.getvalue()
        compile(text, "study.psyexp", "exec")
        columns = (place.parent / "orders" / "order_1.csv").read_text().split("\n")[0].split(",")
        assert not [name for name in columns if experiment.namespace.exists(name)]


def test_the_analysis_reads_builders_results(study: Path, tmp_path: Path) -> None:
    """The layout of PsychoPy 2026.2: a byte order mark, the table's columns first, ``None`` for empty cells."""
    with (study / "psychopy" / "orders" / "order_1.csv").open(encoding="utf-8") as file:
        order = list(csv.DictReader(file))
    own = ["thisN", "thisTrialN", "thisRepN", "trials.thisN", "trials.thisIndex", "thisRow.t"]
    own += ["notes", "answer", "correct", "rt_ms", "shown_ms", "dropped_frames"]
    extra = ["participant", "date", "expName", "psychopyVersion", "frameRate", "expStart", ""]
    rows: list[dict[str, str]] = [{"thisRow.t": "0.5", "participant": "1"}]
    for number, row in enumerate(order):
        answer = row["correct_answer"] if number % 2 else "anger"
        filled = {name: value or "None" for name, value in row.items()}
        rows.append(filled | {"trials.thisN": str(number), "answer": answer, "participant": "1"})
    place = tmp_path / "1_study_2026-11-30.csv"
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*order[0], *own, *extra])
        writer.writeheader()
        writer.writerows(rows)
    found = read_results([place])
    assert (len(found), found.left_out, found.people) == (6, 1, ("1",))
    assert found.correct == [row["correct_answer"] for row in order]
    # The page writes the duration as 100, PsychoPy as 100.0.
    assert found.stimuli == [f"{row['stimulus_file']} 100" for row in order]
