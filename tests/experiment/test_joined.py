"""Results joined to a table of conditions, among them exports of Qualtrics."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.experiment.results import ResultColumns, read_results

CONDITIONS = """stimulus,correct_answer,level,intensity
https://x.org/a.mp4,anger,B,2
https://x.org/b/,fear,D,4
"""


@pytest.fixture
def conditions(tmp_path: Path) -> Path:
    return write(tmp_path / "tables" / "conditions.csv", CONDITIONS)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_stimuli_are_found_by_their_last_part(tmp_path: Path, conditions: Path) -> None:
    path = write(
        tmp_path / "r.csv",
        "participant,stimulus_file,answer\n1,stimuli/b,fear\n1,a.mp4,fear\n1,,\n1,c.mp4,fear\n",
    )
    answers = read_results([path], ResultColumns(conditions=("level",), joined=conditions))
    assert list(answers.correct) == ["fear", "anger"] and list(answers.given) == ["fear", "fear"]
    assert list(answers.conditions["level"]) == ["D", "B"]
    assert answers.asked is not None and answers.asked.tolist() == [4, 2]
    assert answers.left_out == 2
    assert answers.notes == ("r.csv: 1 rows name a stimulus that is not in --conditions",)
    other = write(tmp_path / "o.csv", "stimulus_file,answer\nx,fear\n")
    with pytest.raises(
        UsageError, match=r"such as a, in column stimulus_file .* got none of them, but x"
    ):
        read_results([other], ResultColumns(joined=conditions))


def test_names_that_are_not_unique_are_found_only_whole(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "stimulus,correct_answer\nx/a.mp4,anger\ny/a.mp4,fear\n")
    path = write(tmp_path / "r.csv", "stimulus_file,answer\nz/a.mp4,fear\ny/a.mp4,fear\n")
    answers = read_results([path], ResultColumns(joined=table))
    assert list(answers.correct) == ["fear"]


STILL = """order,block,trial,stimulus_file,correct_answer,duration_ms,level
1,1,1,stimuli/a,fear,50.0,B
1,1,2,stimuli/a,fear,200.0,C
1,2,3,stimuli/b,anger,50.0,B
2,1,1,stimuli/a,fear,200.0,C
2,1,2,stimuli/b,anger,50.0,B
2,2,3,stimuli/a,fear,50.0,B
"""


def test_a_stimulus_on_several_rows_is_found_by_its_duration(tmp_path: Path) -> None:
    """As in trials.csv of a study whose stimuli are pictures: orders repeat each trial."""
    table = write(tmp_path / "t" / "trials.csv", STILL)
    text = "participant,stimulus_file,answer,duration_ms\n1,a,fear,50\n1,a,joy,200\n1,stimuli/b,anger,\n"
    asked = ResultColumns(conditions=("level", "duration_ms"), joined=table)
    answers = read_results([write(tmp_path / "r.csv", text)], asked)
    assert list(answers.correct) == ["fear", "fear", "anger"]
    assert list(answers.conditions["level"]) == ["B", "C", "B"]
    assert list(answers.conditions["duration_ms"]) == ["50", "200", "50.0"]
    assert list(answers.stimuli or ()) == ["a 50", "a 200", "stimuli/b 50"]
    with pytest.raises(UsageError, match="expected a column block"):
        read_results([tmp_path / "r.csv"], ResultColumns(conditions=("block",), joined=table))
    gorilla = text.replace("duration_ms", "Spreadsheet: duration_ms")
    answers = read_results([write(tmp_path / "r.csv", gorilla)], ResultColumns(joined=table))
    assert list(answers.stimuli or ()) == ["a 50", "a 200", "stimuli/b 50"]


@pytest.mark.parametrize(
    ("table", "result", "why"),
    [
        (STILL, "a,fear", "line 2: expected rows of a in --conditions that agree, got duration_ms"),
        (
            STILL,
            "a,fear,100",
            "expected a duration_ms of a that is in --conditions, 50, 200, got 100",
        ),
        (
            "stimulus,correct_answer\na,fear\na,anger\n",
            "a,fear",
            "of a in --conditions that agree, got correct_answer fear, anger: keep one",
        ),
    ],
)
def test_rows_of_one_stimulus_that_differ(
    tmp_path: Path, table: str, result: str, why: str
) -> None:
    place = write(tmp_path / "t" / "t.csv", table)
    header = "stimulus_file,answer" + ",duration_ms" * (result.count(",") - 1)
    path = write(tmp_path / "r.csv", f"{header}\n{result}\n")
    with pytest.raises(UsageError, match=why):
        read_results([path], ResultColumns(joined=place))


QUALTRICS = """StartDate,Status,ResponseId,1_Q3,1_Q4,2_Q3,2_Q4,Q9
Start Date,Response Type,Response ID,What? - A,How natural? - A,What? - B,How natural? - B,Comment
"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""_recordId""}",x,x,x,x,x
2026-01-01,IP Address,R_1,Anger,5,Surprise,2,fine
2026-01-01,Survey Preview,R_0,Anger,1,Anger,1,
2026-01-02,0,R_2,,,Fear,3,
"""


def test_an_export_of_qualtrics(tmp_path: Path, conditions: Path) -> None:
    path = write(tmp_path / "q.csv", QUALTRICS)
    asked = ResultColumns(answer="Q3", ratings=("Q4",), conditions=("level",), joined=conditions)
    answers = read_results([path], asked)
    rows = zip(
        answers.participants, answers.correct, answers.given, answers.ratings["Q4"], strict=True
    )
    assert list(rows) == [
        ("R_1", "anger", "anger", 5),
        ("R_1", "fear", "surprise", 2),
        ("R_2", "fear", "fear", 3),
    ]
    assert list(answers.conditions["level"]) == ["B", "D", "D"]
    assert answers.notes == ("q.csv: 1 previews and spam left out",)
    assert answers.stimuli is not None and answers.stimuli[1] == answers.stimuli[2]


@pytest.mark.parametrize(("question", "asked"), [("Q2", "Q2"), ("Response", None)])
def test_turns_of_qualtrics_without_an_answer_are_no_wrong_answers(
    tmp_path: Path, question: str, asked: str | None
) -> None:
    """Turn 2 has a time, but the participant left; in turn 3 only a question of training is answered."""
    columns = ("1_Q1_Page Submit", f"1_{question}", "2_Q1_Page Submit", f"2_{question}")
    header = ",".join(("Status", "ResponseId", *columns, f"3_{question}", "3_Q9"))
    ids = ",".join(['"{""ImportId"":""x""}"'] * 8)
    path = write(
        tmp_path / "q.csv",
        f"{header}\n{header}\n{ids}\n0,R1,3.2,fear,3.1, ,,fear\n0,R2,2.0,joy,,,anger,\n",
    )
    loop = write(
        tmp_path / "t" / "loop.csv",
        "Loop,Field 1 clip,Field 2 correct_answer\n1,a.mp4,fear\n2,b.mp4,anger\n3,c.mp4,anger\n",
    )
    answers = read_results([path], ResultColumns(answer=asked, joined=loop))
    assert list(zip(answers.participants, answers.correct, answers.given, strict=True)) == [
        ("R1", "fear", "fear"),
        ("R2", "fear", "joy"),
        ("R2", "anger", "anger"),
    ]
    assert answers.left_out == 2
    assert answers.notes == ("q.csv: 2 turns without an answer left out",)


def test_the_table_of_a_loop_as_a_study_has_it(tmp_path: Path) -> None:
    """Its columns name Qualtrics' fields, and the number of a turn counts, not the row's place."""
    loop = write(
        tmp_path / "t" / "loop_merge.csv",
        "Loop,Field 1 clip,Field 2 correct_answer,Field 13 stimulus_file\n"
        "2,b.mp4,fear,stimuli/b\n1,a.mp4,anger,stimuli/a\n",
    )
    path = write(tmp_path / "q.csv", QUALTRICS)
    answers = read_results([path], ResultColumns(answer="Q3", joined=loop))
    assert list(answers.correct) == ["anger", "fear", "fear"]
    assert list(answers.given) == ["anger", "surprise", "fear"]
    assert list(answers.stimuli or ()) == ["stimuli/a", "stimuli/b", "stimuli/b"]
    twice = write(tmp_path / "twice.csv", "Loop,Field 2 correct_answer\n1,anger\n1,fear\n")
    with pytest.raises(
        UsageError, match="each turn once in the column Loop of --conditions, got '1'"
    ):
        read_results([path], ResultColumns(answer="Q3", joined=twice))


def test_an_export_of_qualtrics_without_its_loop(tmp_path: Path, conditions: Path) -> None:
    path = write(tmp_path / "q.csv", QUALTRICS)
    with pytest.raises(UsageError, match=r"none for turn 2 .*number of rows: 0"):
        read_results([path], ResultColumns(answer="Q3"))
    short = write(tmp_path / "s.csv", "\n".join(CONDITIONS.splitlines()[:2]))
    with pytest.raises(UsageError, match=r"none for turn 2 .*number of rows: 1"):
        read_results([path], ResultColumns(answer="Q3", joined=short))
    bare = write(tmp_path / "b.csv", QUALTRICS.replace("1_Q", "Q1").replace("2_Q", "Q2"))
    with pytest.raises(UsageError, match="expected columns of a loop such as 1_Q3"):
        read_results([bare], ResultColumns(answer="Q3", joined=conditions))


def test_columns_of_gorilla_have_a_name_before_them(tmp_path: Path) -> None:
    path = write(
        tmp_path / "g.csv",
        "Participant Private ID,Spreadsheet: correct_answer,Response,Spreadsheet: level,Spreadsheet: intensity\n"
        "7,anger,anger,B,2\n",
    )
    answers = read_results([path], ResultColumns(conditions=("level",)))
    assert list(answers.conditions["level"]) == ["B"]
    assert answers.asked is not None and answers.asked.tolist() == [2]


def test_an_intensity_with_another_meaning_is_not_compared(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "correct_answer,answer,intensity\nx,x,strong\n")
    assert read_results([path]).asked is None
    with pytest.raises(UsageError, match="column intensity: expected a number, got 'strong'"):
        read_results([path], ResultColumns(asked="intensity"))


def test_a_clip_is_found_by_the_stimulus_that_it_shows(tmp_path: Path) -> None:
    table = write(
        tmp_path / "c.csv",
        "stimulus_file,correct_answer\nstimuli/ann_fear/,fear\nstimuli/ann_joy/,joy\n",
    )
    rated = write(
        tmp_path / "r.csv", "stimulus,answer\nann_joy.mp4,joy\nhttps://x.org/ann_fear.MP4,joy\n"
    )
    answers = read_results([rated], ResultColumns(joined=table))
    assert list(answers.correct) == ["joy", "fear"]
    other = write(tmp_path / "o.csv", "stimulus,answer\nbob.mp4,joy\n")
    with pytest.raises(UsageError, match=r"such as .*ann.* got none of them, but bob\.mp4"):
        read_results([other], ResultColumns(joined=table))
