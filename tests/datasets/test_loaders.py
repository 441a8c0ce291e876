"""Every data set is read from a copy in its true layout."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mien.datasets.check import check_dataset
from mien.datasets.registry import DATASETS, load_dataset, publication
from mien.errors import DatasetError, UsageError
from tests.datasets import copies
from tests.datasets.copies import WRITERS


def load(name, tmp_path, **options):
    return load_dataset(name, WRITERS[name](tmp_path / name), **options)


def essence(sample):
    coded = (sample.onset, sample.apex, sample.offset)
    return (sample.subject, sample.clip, coded, sample.emotion, sample.label)


def sided(sample):
    return [(u.number, u.side, u.level) for u in sample.aus]


def test_every_data_set_has_a_writer():
    assert set(WRITERS) == set(DATASETS)
    assert all(name == entry.name for name, entry in DATASETS.items())


@pytest.mark.parametrize("name", WRITERS)
def test_a_whole_copy_lacks_no_frame(name, tmp_path):
    report = check_dataset(load(name, tmp_path))
    assert report.clips == report.clips_with_frames >= 2
    coded_nowhere = {"missing apex", "missing offset"}
    assert {p.kind for p in report.missing} <= coded_nowhere
    assert not report.inconsistent, report.inconsistent


def test_casme_has_two_apexes_and_its_table_is_not_another_casmes(tmp_path):
    first, second = load("casme", tmp_path).samples
    assert essence(first) == ("sub01", "EP01_5", (113, 121, 134), "disgust", "negative")
    assert essence(second) == ("sub07", "EP12_1", (9, 12, 21), "tense", None)
    assert sided(second) == [(14, "left", None)] and second.fps == 60
    # The number behind the hyphen is the frame's; "5" is the film's.
    assert first.needed_frames().file(121).name == "EP01_5-121.jpg"
    assert first.apex_seconds == pytest.approx(8 / 60)
    copies.casme2(tmp_path / "casme")
    copies.casme3(tmp_path / "casme")
    assert len(load_dataset("casme", tmp_path / "casme").samples) == 2
    assert (
        len(
            load_dataset(
                "casme2", tmp_path / "casme", frames=tmp_path / "casme" / "CASME2_RAW_selected"
            ).samples
        )
        == 3
    )


def test_casme2(tmp_path):
    first, second, third = load("casme2", tmp_path).samples
    assert essence(first) == ("sub01", "EP02_01f", (46, 59, 86), "happiness", "positive")
    assert essence(second) == ("sub01", "EP03_02", (131, None, 161), "others", None)
    assert essence(third) == ("sub26", "EP18_50", (3, 9, 12), "repression", "negative")
    assert sided(second) == [(4, "both", None), (10, "left", None)]
    assert first.fps == 200 and first.needed_frames().file(59).name == "img59.jpg"
    # Seconds count from the folder's first frame, which is not frame 0.
    assert (first.onset_seconds, first.apex_seconds) == (0.0, 0.065)
    assert (third.onset_seconds, third.offset_seconds) == (0.01, 0.055)
    assert (third.rise_seconds, third.fall_seconds) == (0.03, 0.015)
    assert second.apex_seconds is second.rise_seconds is second.fall_seconds is None
    assert third.id == "casme2/sub26/EP18_50" and third.person == "casme2_sub26"
    with pytest.raises(DatasetError, match=r"casme2/sub01/EP03_02: expected an apex"):
        second.needed_apex()


def test_casme2_raw_and_cropped(tmp_path):
    root = copies.casme2(tmp_path)
    copies.frames(root / "Cropped" / "sub01" / "EP02_01f", "reg_img{}.jpg", range(46, 87))
    with pytest.raises(DatasetError, match=r"sub01/EP02_01f .*CASME2_RAW.* and Cropped.*--frames"):
        load_dataset("casme2", root)
    cropped = load_dataset("casme2", root, frames=root / "Cropped")
    assert cropped.samples[0].needed_frames().file(46).name == "reg_img46.jpg"
    assert cropped.samples[1].path is None and cropped.samples[1].onset_seconds is None
    with pytest.raises(DatasetError, match="casme2/sub01/EP03_02: expected a folder of frames"):
        cropped.samples[1].needed_frames()


def test_samm(tmp_path):
    first, second, third = load("samm", tmp_path).samples
    assert essence(first) == ("006", "006_1_2", (12, 18, 30), "surprise", "surprise")
    assert essence(second) == ("006", "006_1_3", (5, 8, 11), "others", None)
    assert essence(third) == ("037", "037_3_2", (7, 9, 12), "contempt", "negative")
    assert sided(first) == [(20, "left", None), (21, "both", None)]
    assert sided(second) == [(15, "both", 1.0), (17, "both", None)]
    assert third.facs.names == ("AU15R",) and third.aus[0].alternative == 0
    assert first.facs.unknown == (21,) and first.facs.names == ("AU20L",)
    assert first.needed_frames().file(18).name == "006_00018.jpg"


def test_smic(tmp_path):
    first, second, third = load("smic", tmp_path).samples
    assert essence(first) == ("s01", "s01_ne_01", (100, None, 110), "negative", "negative")
    assert essence(second) == ("s03", "s03_po_05", (304630, None, 304634), "positive", "positive")
    assert third.label == "surprise" and third.aus == () and third.fps == 100
    assert "HS" in first.path.parts  # the slow recordings have folders of the same names


def test_smic_extended(tmp_path):
    samples = load_dataset("smic", copies.smic_extended(tmp_path)).samples
    assert [(s.clip, s.onset, s.offset, s.label) for s in samples] == [
        ("s01_ne_01", 10, 14, "negative"),
        ("s02_po_01", 10, 14, "positive"),
        ("s02_po_01-2", 20, 25, "positive"),
    ]
    assert samples[2].onset_seconds == 0.19 and len(samples[2].needed_frames()) == 40


def test_casme_sq_has_no_header(tmp_path):
    first, second = load("casme_sq", tmp_path).samples
    assert essence(first) == ("s15", "anger1_1", (557, 562, 570), "negative", "negative")
    assert essence(second) == ("s16", "happy2_1", (12, 15, None), "positive", "positive")
    assert first.path.parts[-3:] == ("selectedpic", "s15", "anger1_1")
    assert second.path.name == "16_0502funnyfarts" and second.fps == 30
    assert second.onset_seconds == pytest.approx(11 / 30)


def test_casme3_whatever_the_case(tmp_path):
    first, again, third, fourth = load("casme3", tmp_path).samples
    assert essence(first) == ("spNO.1", "a_3", (3, 5, 8), "disgust", "negative")
    assert essence(again) == ("spNO.1", "a_20", (20, 22, 24), "surprise", "surprise")
    assert first.frames is again.frames  # one video, listed once
    assert third.path.name == "spNo.10_b_116" and third.emotion == "happiness"
    assert sided(third) == [(12, "right", None)] and fourth.label is None


def test_mmew(tmp_path):
    first, second = load("mmew", tmp_path).samples
    assert essence(first) == ("S01", "S01-07-001", (1, 9, 20), "anger", "negative")
    assert essence(second) == ("S02", "S02-01-003", (2, 8, 15), "happiness", "positive")
    assert first.fps == 90 and first.needed_frames().numbers[-1] == 20


def test_dme4(tmp_path):
    first, second = load("dme4", tmp_path).samples
    assert essence(first) == ("S1", "S1_001_01", (4, 6, 9), "negative", "negative")
    assert [(u.name, u.uncertain) for u in first.aus] == [("AU4", True), ("AU7", False)]
    # Two emotions of two classes: both stay, no class is made up.
    assert second.emotions == ("positive", "surprise") and second.label is None
    assert second.emotion == "positive+surprise" and second.fps == 60


def test_dfme_has_a_rate_for_each_clip(tmp_path):
    dataset = load("dfme", tmp_path)
    first, second = dataset.samples
    assert essence(first) == ("sub0003", "sub0003_01", (2, 5, 9), "happiness", "positive")
    assert (first.fps, second.fps) == (500, 200)
    assert (first.rise_seconds, second.rise_seconds) == (0.006, 0.01)
    assert first.facs.names == ("AU12L",) and second.facs.names == ("AU14R", "AU24")
    table = dataset.root / "test_A_full_with_AU.xlsx"
    assert load_dataset("dfme", dataset.root, annotations=table).subjects == ("sub0009",)


def test_folder(tmp_path):
    first, second = load("folder", tmp_path).samples
    assert essence(first) == ("ann", "a", (1, 3, 5), "disgust", "negative")
    assert first.fps == Fraction(30000, 1001) and sided(first)[1] == (10, "left", 2.0)
    assert essence(second) == ("bob", "b.mp4", (2, 4, None), None, "positive")
    # A video's frames count from 0.
    assert second.frames is None and second.onset_seconds == 0.08


def test_unknown_name():
    with pytest.raises(UsageError, match="did you mean casme2"):
        publication("casme-2")


@pytest.mark.parametrize("name", WRITERS)
def test_a_wrong_root(name, tmp_path):
    with pytest.raises(DatasetError, match="it is not a folder"):
        load_dataset(name, tmp_path / "nowhere")
    with pytest.raises(DatasetError, match=r"expected the annotations of .* got none"):
        load_dataset(name, tmp_path)


def test_two_annotation_files(tmp_path):
    root = copies.casme2(tmp_path)
    other = copies.casme2_table(root / "old" / "CASME2-coding-20190701.xlsx", [
        (5, "EP01_01", None, 1, 2, 3, None, "4", "disgust"),
    ])  # fmt: skip
    with pytest.raises(DatasetError, match=r"20140508.xlsx and old.*--annotations FILE"):
        load_dataset("casme2", root)
    assert len(load_dataset("casme2", root, annotations=other)) == 1


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "SAMM_Micro_FACS_Codes_v2.xlsx"
    header = [name for name in copies.SAMM_HEADER if name != "Apex Frame"]
    copies.workbook(path, {"MICRO_ONLY": [("notes",), header, ("006", "006_1_2")]})
    with pytest.raises(DatasetError, match=r"a header with Apex Frame in .*MICRO_ONLY.* line 2"):
        load_dataset("samm", tmp_path)


def test_casme_sq_without_its_naming_rules(tmp_path):
    row = (1, "anger1_1", 557, 562, 570, "4+7", "negative", "micro-expression", "anger")
    copies.workbook(tmp_path / "CAS(ME)^2code_final.xlsx", {"CASFEcode_final": [row]})
    with pytest.raises(DatasetError, match="expected the sheet naming rule1"):
        load_dataset("casme_sq", tmp_path)


def test_unreadable_rows_are_told(tmp_path):
    rows = [
        (1, "EP02_01f", None, "start", 59, 86, None, "12", "happiness"),
        (1, None, None, 4, 59, 86, None, "12", "happiness"),
        ("?", "EP02_02f", None, 46, 59, 86, None, "12", "happiness"),
        (1, "EP02_03f", None, 46, 59, 86, None, "smile", "joyful"),
        (1, "EP02_04f", None, 46.0, 59.5, 86, None, "12", "happiness"),
    ]
    copies.casme2_table(tmp_path / "CASME2-coding.xlsx", rows)
    dataset = load_dataset("casme2", tmp_path)
    assert [s.clip for s in dataset.samples] == ["EP02_03f"]
    assert dataset.samples[0].facs.text == "smile" and dataset.samples[0].emotion == "joyful"
    told = [(p.kind, p.where, p.text) for p in dataset.problems]
    assert [(kind, where.rpartition(" ")[2]) for kind, where, _ in told] == [
        ("unreadable row", "2"),
        ("unreadable row", "3"),
        ("unreadable row", "4"),
        ("unreadable code", "casme2/sub01/EP02_03f"),
        ("unknown emotion", "casme2/sub01/EP02_03f"),
        ("unreadable row", "6"),
    ]
    texts = [text for _, _, text in told]
    assert "column onset, got 'start'" in texts[0] and "expected a clip" in texts[1]
    assert "expected a subject" in texts[2] and "'smile'" in texts[3] and "'59.5'" in texts[5]
    assert "'joyful'" in texts[4]


def test_rows_that_would_break_a_number_are_told(tmp_path):
    rows = [("sub²", "a", None, 1, 2, 3, None, "12", "happiness")]
    rows.append((1, "b", None, 1, 2, 3, None, "12", "happiness"))
    copies.casme2_table(tmp_path / "CASME2-coding.xlsx", rows)
    read = load_dataset("casme2", tmp_path)
    assert [sample.clip for sample in read.samples] == ["b"]
    assert "expected a subject such as sub01, got 'sub²'" in read.problems[0].text


def test_casme_sq_rules_that_give_no_folder_or_number(tmp_path):
    coded = [
        (number, f"{stimulus}_1", 2, 3, 4, "4", "negative", "micro-expression", "anger")
        for number, stimulus in ((1, "anger1"), (2, "anger1"), (1, "happy2"), (1, "happy3"))
    ]
    sheets = {
        "CASFEcode_final": coded,
        "naming rule1": [(15, "s15", 1), (16, None, 2)],
        "naming rule2": [("0401", "anger1"), ("04x1", "happy2"), (None, "happy3")],
    }
    copies.workbook(tmp_path / "CAS(ME)^2code_final.xlsx", sheets)
    read = load_dataset("casme_sq", tmp_path)
    assert [sample.id for sample in read.samples] == ["casme_sq/s15/anger1_1"]
    got = [problem.text.partition("got ")[2] for problem in read.problems]
    assert [text.partition(";")[0] for text in got] == [
        *("2 and anger1_1", "1 and happy2_1", "1 and happy3_1"),
    ]


def test_a_file_name_that_no_file_can_have_is_missing(tmp_path):
    rows = f"file,subject,onset,fps,label\n{'x' * 5000},ann,1,25,positive\n"
    (tmp_path / "manifest.csv").write_text(rows)
    assert load_dataset("folder", tmp_path).samples[0].path is None
