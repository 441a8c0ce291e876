from __future__ import annotations

import json

from mien.datasets.check import check_dataset
from mien.datasets.registry import load_dataset
from tests.datasets import copies


def found(report, kind):
    return [(p.where, p.text) for p in report.problems if p.kind == kind]


def test_a_whole_copy(tmp_path):
    report = check_dataset(load_dataset("casme2", copies.casme2(tmp_path)))
    assert (report.clips, report.subjects, report.coded) == (3, 2, 3)
    assert report.frames == 41 + 31 + 14
    assert report.emotions == {"happiness": 1, "others": 1, "repression": 1}
    assert report.labels == {"negative": 1, "positive": 1, "surprise": 0, "none": 1}
    assert not report.inconsistent and not report.notes
    assert [(p.kind, p.where) for p in report.missing] == [("missing apex", "casme2/sub01/EP03_02")]


def test_a_table_without_apexes_says_so_once(tmp_path):
    report = check_dataset(load_dataset("smic", copies.smic(tmp_path)))
    (line,) = report.missing
    assert line.kind == "missing apex" and line.text == "no apex is coded for any of the 3 clips"


def test_everything_that_can_be_wrong(tmp_path):
    rows = [
        (1, "EP01", None, 10, 30, 20, None, "4", "disgust"),  # apex after the offset
        (1, "EP02", None, 10, 9, 20, None, "4", "disgust"),  # apex before the onset
        (1, "EP03", None, 20, None, 10, None, "4", "disgust"),  # offset before the onset
        (1, "EP04", None, 1, 2, 3, None, "4+13+39", "disgust"),  # AUs outside the catalogue
        (1, "EP05", None, 1, 2, 3, None, "4", "joy"),  # no such emotion
        (1, "EP06", None, 1, 2, None, None, "4", "fear"),  # no offset
        (1, "EP06", None, 1, 2, 9, None, "4", "fear"),  # again
        (1, "EP07", None, 1, 2, 3, None, "4", None),  # no emotion, no frames
        (1, "EP08", None, 1, 2, 3, None, "4", "fear"),  # two files for one frame
    ]
    copies.casme2_table(tmp_path / "CASME2-coding.xlsx", rows)
    for clip, numbers in (
        ("EP01", [*range(10, 14), 16, *range(18, 21)]),
        ("EP02", range(10, 21)),
        ("EP03", range(10, 21)),
        ("EP04", range(1, 4)),
        ("EP05", range(1, 4)),
        ("EP06", range(1, 10)),
        ("EP08", range(1, 4)),
    ):
        copies.frames(tmp_path / "raw" / "sub01" / clip, "img{}.jpg", numbers)
    copies.frames(tmp_path / "raw" / "sub01" / "EP08", "reg_img{}.jpg", [2])
    report = check_dataset(load_dataset("casme2", tmp_path))
    name = "casme2/sub01/"
    (first, second) = found(report, "apex outside")
    assert first[0] == name + "EP01" and "frames 10 to 20, got 30" in first[1]
    assert second[0] == name + "EP02" and "got 9" in second[1] and "line 3" in second[1]
    (order,) = found(report, "offset before onset")
    assert order[0] == name + "EP03" and "after the onset 20, got 10" in order[1]
    (unknown,) = found(report, "unknown AU")
    assert unknown[0] == name + "EP04" and "AU13, AU39" in unknown[1]
    joy, nothing = found(report, "unknown emotion")
    assert "'joy'" in joy[1] and nothing[0] == name + "EP07" and "got none" in nothing[1]
    (again,) = found(report, "duplicate")
    assert again[0] == name + "EP06" and "line 7" in again[1] and "line 8" in again[1]
    gaps = dict(found(report, "missing frame"))
    assert set(gaps) == {name + "EP01", name + "EP02"}
    assert gaps[name + "EP01"].endswith("got all but 14-15, 17, 30")
    assert gaps[name + "EP02"].endswith("got all but 9")
    assert [where for where, _ in found(report, "missing frames")] == [name + "EP07"]
    assert [where for where, _ in found(report, "missing offset")] == [name + "EP06"]
    assert [where for where, _ in found(report, "missing apex")] == [name + "EP03"]
    (two,) = found(report, "unreadable frames")
    assert two[0] == name + "EP08" and "img1.jpg and reg_img2.jpg" in two[1]
    parts = (report.missing, report.inconsistent, report.notes)
    assert [len(part) for part in parts] == [5, 7, 1] and sum(map(len, parts)) == len(
        report.problems
    )
    assert report.clips_with_frames == 7  # the doubled row has frames too
    values = json.loads(json.dumps(report.to_dict()))
    assert values["notes"] == [{"kind": "unknown AU", "where": unknown[0], "text": unknown[1]}]
    assert values["clips"] == 9 and len(values["missing"]) == 5
