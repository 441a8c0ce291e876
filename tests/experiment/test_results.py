from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.experiment.answers import NO_ANSWER
from mien.experiment.results import ResultColumns, read_results


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_for_each_participant_without_a_column_for_them(tmp_path: Path) -> None:
    """As jsPsych saves: rows of instructions have no correct answer."""
    for name, answer in (("ann", "Anger"), ("bob", "fear")):
        write(
            tmp_path / f"{name}.csv",
            f"trial_type,correct_answer,answer\nhtml,,\nimage,anger,{answer}\nimage,fear,\n",
        )
    answers = read_results([tmp_path])
    assert list(answers.participants) == ["ann", "ann", "bob", "bob"]
    assert list(answers.correct) == ["anger", "fear"] * 2
    assert list(answers.given) == ["anger", NO_ANSWER, "fear", NO_ANSWER]
    assert answers.stimuli is None


def test_columns_as_gorilla_names_them_and_keys(tmp_path: Path) -> None:
    path = write(
        tmp_path / "data.csv",
        "\ufeffParticipant Private ID;Spreadsheet: correct_answer;Response;Spreadsheet: stimulus_file;level;nat\n"
        "7;anger;1;a.mp4;B;4\n8;anger;2;a.mp4;C;\n",
    )
    asked = ResultColumns(
        conditions=("level",), ratings=("nat",), keys={"1": "anger", "2": "Disgust"}
    )
    answers = read_results([path], asked)
    assert answers.people == ("7", "8") and list(answers.given) == ["anger", "disgust"]
    assert list(answers.stimuli or ()) == ["a.mp4", "a.mp4"]
    assert list(answers.conditions["level"]) == ["B", "C"]
    assert answers.ratings["nat"][0] == 4 and answers.ratings["nat"][1] != answers.ratings["nat"][1]


EVENTS = """Participant Private ID,Trial Number,Response Type,Response,Spreadsheet: correct_answer
1,BEGIN TASK,,,
1,1,info,VIDEO STARTED,fear
1,1,info,VIDEO FINISHED,fear
1,1,response,fear,fear
1,1,continue,,fear
1,2,Response,joy,anger
"""


def test_events_of_gorilla_are_no_trials(tmp_path: Path) -> None:
    answers = read_results([write(tmp_path / "g.csv", EVENTS)])
    assert list(answers.correct) == ["fear", "anger"] and list(answers.given) == ["fear", "joy"]
    assert answers.left_out == 4
    assert answers.notes == ("g.csv: 4 rows left out whose Response Type is not response",)
    events = write(tmp_path / "e.csv", "".join(EVENTS.splitlines(keepends=True)[:4]))
    with pytest.raises(UsageError, match=r"got none; e\.csv: 3 rows left out whose Response Type"):
        read_results([events])


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        (
            "a,answer\n1,2\n",
            {},
            "a column correct_answer in .*got a, answer: name it with --correct",
        ),
        ("correct_answer,a\nx,2\n", {}, "a column answer in .*name it with --answer"),
        (
            "correct_answer,answer\nanger,1\n",
            {},
            "expected answers such as anger, got 1: .*--key 1=anger",
        ),
        ("correct_answer,answer\n,1\n", {}, "expected trials with a correct answer"),
        ("correct_answer,answer\nx,x\n", {"participant": "who"}, "the column who of --participant"),
        ("correct_answer,answer\nx,x\n", {"conditions": ("level",)}, "expected a column level"),
        (
            "correct_answer,answer,n\nx,x,very\n",
            {"ratings": ("n",)},
            "line 2, column n: expected a number, got 'very'",
        ),
        ("answer,correct_answer,answer\nx,x,y\n", {}, "each column once in .*, got answer twice"),
    ],
)
def test_results_that_cannot_be_read(
    tmp_path: Path, text: str, asked: dict[str, object], said: str
) -> None:
    path = write(tmp_path / "data.csv", text)
    with pytest.raises(UsageError, match=said):
        read_results([path], ResultColumns(**asked))  # type: ignore[arg-type]


def test_none_is_an_answer_where_it_is_a_correct_one(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "correct_answer,answer\nanger,none\nnone,NONE\nanger,anger\n,x\n"
    )
    answers = read_results([path])
    assert list(answers.given) == ["none", "none", "anger"] and answers.left_out == 1
    path = write(tmp_path / "b.csv", "correct_answer,answer\nanger,None\nanger,anger\n")
    assert list(read_results([path]).given) == [NO_ANSWER, "anger"]


def test_two_files_are_not_one_person(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "results.csv", "correct_answer,answer\nanger,anger\n")
    with pytest.raises(
        UsageError, match=r"a column participant, or files of different names, got results\.csv"
    ):
        read_results([tmp_path / "a", tmp_path / "b"])
    with pytest.raises(UsageError, match="each file of results once"):
        read_results([tmp_path / "a", tmp_path / "a" / "results.csv"])


def test_a_participant_in_two_files_is_told(tmp_path: Path) -> None:
    text = "participant,correct_answer,answer\n7,anger,anger\n"
    files = [write(tmp_path / name, text) for name in ("desk.csv", "phone.csv")]
    (note,) = read_results(files).notes
    assert note.startswith("participant 7 is in desk.csv and in phone.csv")


def test_keys_have_no_case_and_durations_tell_stimuli_apart(tmp_path: Path) -> None:
    text = "participant,stimulus_file,duration_ms,correct_answer,answer\n1,a,50,anger,a\n1,a,200,anger,A\n"
    answers = read_results([write(tmp_path / "a.csv", text)], ResultColumns(keys={"A": "Anger"}))
    assert list(answers.given) == ["anger", "anger"]
    assert list(answers.stimuli or ()) == ["a 50", "a 200"]


def test_a_folder_without_results(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected CSV files in"):
        read_results([tmp_path])
    with pytest.raises(UsageError, match="got none"):
        read_results([])


def test_a_column_of_participants_that_is_empty_is_not_read(tmp_path: Path) -> None:
    text = "PROLIFIC_PID,ResponseId,correct_answer,answer\n,R1,fear,fear\n ,R2,fear,joy\n,R3,fear,fear\n"
    assert read_results([write(tmp_path / "p.csv", text)]).people == ("R1", "R2", "R3")
    text = "participant,correct_answer,answer\n,fear,fear\n"
    files = [write(tmp_path / name, text) for name in ("ann.csv", "bob.csv")]
    answers = read_results(files)
    assert answers.people == ("ann", "bob")
    assert answers.notes[0] == (
        "ann.csv: the column participant is empty: the file counts as one participant"
    )


def test_a_trial_without_a_participant_is_refused(tmp_path: Path) -> None:
    """Rows that are no trials may have none."""
    text = "participant,correct_answer,answer\n,,\n7,fear,fear\n"
    assert read_results([write(tmp_path / "a.csv", text)]).people == ("7",)
    for cell in ("", " ", "nan"):
        path = write(tmp_path / "b.csv", f"{text}{cell},fear,joy\n")
        with pytest.raises(
            UsageError, match=r"b\.csv, line 4, column participant: expected a part"
        ):
            read_results([path])
    empty = write(tmp_path / "c.csv", "who,correct_answer,answer\n,fear,fear\n")
    with pytest.raises(UsageError, match=r"line 2, column who"):
        read_results([empty], ResultColumns(participant="who"))
